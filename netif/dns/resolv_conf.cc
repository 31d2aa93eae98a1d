// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/resolv_conf.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "netif/dns/resolver_options.h"
#include "netif/ip_address.h"

namespace ovoc::netif {
namespace {

constexpr absl::string_view kKeyword = "nameserver";
constexpr absl::string_view kBlanks = " \t";

// NameServer is the address of a "nameserver ADDRESS" line, which begins in
// the first column; anything behind the address is ignored.
std::optional<IpAddress> NameServer(absl::string_view line) {
  if (line.substr(0, kKeyword.size()) != kKeyword) {
    return std::nullopt;
  }
  line.remove_prefix(kKeyword.size());
  if (line.empty() || kBlanks.find(line.front()) == absl::string_view::npos) {
    return std::nullopt;
  }
  line = absl::StripAsciiWhitespace(line);
  return IpAddress::ParseZoned(line.substr(0, line.find_first_of(" \t;#")));
}

}  // namespace

std::vector<IpAddress> ParseResolvConf(absl::string_view text) {
  absl::ConsumePrefix(&text, "\xef\xbb\xbf");
  std::vector<IpAddress> servers;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::optional<IpAddress> server = NameServer(line);
    if (!server.has_value() ||
        std::find(servers.begin(), servers.end(), *server) != servers.end()) {
      continue;
    }
    servers.push_back(*server);
    if (servers.size() == kMaxDnsServers) {
      break;
    }
  }
  return servers;
}

}  // namespace ovoc::netif
