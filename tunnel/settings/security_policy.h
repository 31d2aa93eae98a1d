// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SETTINGS_SECURITY_POLICY_H_
#define OVOC_TUNNEL_SETTINGS_SECURITY_POLICY_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "tunnel/settings/setting_error.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {

// Policy is what a build lets be configured; SECURITY.md compares the two with
// the manual. Chosen when building, --//tunnel:policy=compat or certified.
enum class Policy : uint8_t {
  kCompat,     // all that the manual allows; what is insecure is announced
  kCertified,  // nothing insecure can be configured at all
};

// The policy's word, "compat" or "certified", for --version and the status.
absl::string_view Word(Policy policy);

// Of a certified build's password, in characters of UTF-8 (RFC 3629 3): an e
// with an accent is one, though two bytes are sent. In any other charset no
// more are counted than there are. OVOC lets any number of attempts be made;
// NIST SP 800-63B 5.1.1 asks for 8 characters where attempts are limited.
inline constexpr size_t kMinCertifiedPasswordCharacters = 12;

// CheckPolicy has an error for each of these that kCertified does not allow:
// OVOC's documented default password, WSTunSecured=0, WSTunVerifyPeer=0,
// WSTunVerifyHostName=0, WSTunPeerToPeer=1, a password of less than
// kMinCertifiedPasswordCharacters. kCompat allows all. Call it when the
// password is known; an empty one is one that could not be read, of which
// nothing is said. An error tells the password's length at most.
[[nodiscard]] SettingErrors CheckPolicy(Policy policy,
                                        const Settings& settings);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_SECURITY_POLICY_H_
