// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/hosts_file.h"

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

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

}  // namespace

std::vector<IpAddress> FindInHosts(absl::string_view text,
                                   absl::string_view name) {
  std::vector<IpAddress> found;
  absl::ConsumePrefix(&text, kByteOrderMark);
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::optional<IpAddress> address = AddressOf(line, name);
    if (address.has_value() && found.size() < kMaxHostsAddresses &&
        std::find(found.begin(), found.end(), *address) == found.end()) {
      found.push_back(*address);
    }
  }
  return found;
}

}  // namespace ovoc::netif
