// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SETTINGS_SECURITY_POLICY_H_
#define OVOC_TUNNEL_SETTINGS_SECURITY_POLICY_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "tunnel/settings/setting_error.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {

// Policy says what a build allows to be configured. SECURITY.md compares the
// two policies with the manual. --//tunnel:policy=compat or =certified chooses
// one when the client is built.
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

// CheckPolicy returns an error for each setting that kCertified does not allow:
// OVOC's documented default password, a password of fewer than
// kMinCertifiedPasswordCharacters, WSTunSecured=0, WSTunVerifyPeer=0,
// WSTunVerifyHostName=0, WSTunPeerToPeer=1. kCompat allows all of them. Call it
// when the password is known. An empty password is one that could not be read;
// CheckPolicy says nothing about it. An error shows at most the length of the
// password.
[[nodiscard]] SettingErrors CheckPolicy(Policy policy,
                                        const Settings& settings);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_SECURITY_POLICY_H_
