// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/exposure.h"

#include <array>
#include <cstdint>
#include <optional>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "netif/ip_address.h"

namespace ovoc::conformance {
namespace {

constexpr absl::string_view kDefaultPassword = "123456";  // OVOC's own

bool IsLoopback(const netif::IpAddress& address) {
  if (address.is_v4()) {
    return address.v4().IsLoopback();
  }
  // RFC 4291 2.5.3, and 2.5.5.2 for an IPv4 address in IPv6.
  constexpr std::array<uint8_t, 16> kOne = {0, 0, 0, 0, 0, 0, 0, 0,
                                            0, 0, 0, 0, 0, 0, 0, 1};
  constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0,    0,
                                               0, 0, 0, 0, 0xff, 0xff};
  const absl::Span<const uint8_t> bytes = address.bytes();
  return absl::c_equal(bytes, kOne) ||
         (absl::c_equal(bytes.first(kMapped.size()), kMapped) &&
          bytes[kMapped.size()] == 127);
}

bool AsksForPassword(const UpgradeRules& rules) {
  return rules.style != ServerStyle::kLegacyDirect &&
         !rules.user_and_password.empty();
}

bool HasDefaultPassword(const UpgradeRules& rules) {
  return absl::EndsWith(rules.user_and_password,
                        absl::StrCat(":", kDefaultPassword));
}

}  // namespace

std::vector<std::string> ExposureWarnings(const ListenAddress& address,
                                          const UpgradeRules& rules,
                                          Encryption encryption) {
  std::vector<std::string> warnings;
  if (IsLoopback(address.address)) {
    return warnings;
  }
  const std::string where =
      absl::StrCat("Other machines can reach ", address.ToString(), ", ");
  if (encryption == Encryption::kNone) {
    warnings.push_back(absl::StrCat(
        where,
        "and there is no TLS, so anybody on the path can read the password and "
        "every packet. Set --tls_certificate and --tls_private_key, or listen "
        "on 127.0.0.1."));
  }
  if (!AsksForPassword(rules)) {
    warnings.push_back(absl::StrCat(
        where,
        "and the server does not ask for a password, so anybody can open a "
        "tunnel. Set --username and --password and do not use --front=direct, "
        "or listen on 127.0.0.1."));
  } else if (HasDefaultPassword(rules)) {
    warnings.push_back(absl::StrCat(
        where,
        "and the password is OVOC's default, which is public, so anybody can "
        "open a tunnel. Set another --password, or listen on 127.0.0.1."));
  }
  return warnings;
}

}  // namespace ovoc::conformance
