// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/hosts_file.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"

namespace ovoc::netif {
namespace {

constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr absl::string_view kBlanks = " \t\r\v\f";

// AddressOf is a line's address when the name is among its names.
std::optional<IpAddress> AddressOf(absl::string_view line,
                                   absl::string_view name) {
  line = line.substr(0, line.find('#'));
  absl::string_view address;
  for (const absl::string_view word :
       absl::StrSplit(line, absl::ByAnyChar(kBlanks), absl::SkipEmpty())) {
    if (address.empty()) {
      address = word;
    } else if (absl::EqualsIgnoreCase(word, name)) {
      return IpAddress::ParseZoned(address);
    }
  }
  return std::nullopt;
}

// IsMapped is true in ::ffff:0:0/96, which is IPv4 in disguise (RFC 4291
// 2.5.5.2). No server has such an address.
bool IsMapped(const IpAddress& address) {
  constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0,    0,
                                               0, 0, 0, 0, 0xFF, 0xFF};
  return !address.is_v4() &&
         address.bytes().first(kMapped.size()) == absl::MakeConstSpan(kMapped);
}

}  // namespace

std::vector<IpAddress> FindInHosts(absl::string_view text,
                                   absl::string_view name) {
  std::vector<IpAddress> found;
  absl::ConsumePrefix(&text, kByteOrderMark);
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::optional<IpAddress> address = AddressOf(line, name);
    if (address.has_value() && !IsMapped(*address) &&
        found.size() < kMaxHostsAddresses &&
        std::find(found.begin(), found.end(), *address) == found.end()) {
      found.push_back(*address);
    }
  }
  return found;
}

}  // namespace ovoc::netif
