// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SECURITY_POLICY_H_
#define OVOC_TUNNEL_SECURITY_POLICY_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tunnel/settings.h"

namespace ovoc::tunnel {

// Policy is what a build lets be configured; SECURITY.md compares the two with
// the manual. Chosen when building, --//tunnel:policy=compat or certified.
enum class Policy : uint8_t {
  kCompat,     // all that the manual allows; what is insecure is announced
  kCertified,  // nothing insecure can be configured at all
};

// The policy's word, "compat" or "certified", for --version and the status.
absl::string_view Word(Policy policy);

// Of a certified build's password. OVOC lets any number of attempts be made;
// with 12 characters guessing stays out of reach (NIST SP 800-63B 5.1.1 asks
// for 8 where attempts are limited).
inline constexpr size_t kMinCertifiedPasswordBytes = 12;

// CheckPolicy is OK, or the one-line error (SettingProblem) of the first
// setting, in the order of the table, that the policy does not allow. In
// kCertified: WSTunSecured=0, WSTunVerifyPeer=0, WSTunVerifyHostName=0,
// WSTunPeerToPeer=1, OVOC's documented default password, and a password of less
// than kMinCertifiedPasswordBytes. Call it when the password is known; it is
// never in the error.
[[nodiscard]] absl::Status CheckPolicy(Policy policy, const Settings& settings);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SECURITY_POLICY_H_
