// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/value_hint.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "netif/ip_address.h"
#include "tunnel/settings/address_hint.h"
#include "tunnel/settings/proxy_url.h"
#include "tunnel/settings/server_list.h"
#include "tunnel/settings/setting_values.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kNumbers[] = {"WSTunServerPort", "WSTunMtu",
                                          "WSTunKeepAlive", "WSTunDeadAfter",
                                          "WSTunReconnectSpread"};

bool TakesNumber(absl::string_view name) {
  return std::find(std::begin(kNumbers), std::end(kNumbers), name) !=
         std::end(kNumbers);
}

ValueHint HintForNumber(absl::string_view value) {
  const bool plus = absl::ConsumePrefix(&value, "+");
  if (value.empty() ||
      !std::all_of(value.begin(), value.end(), absl::ascii_isdigit)) {
    return {};
  }
  if (plus) {
    return {"has a sign", "write the number without the +"};
  }
  return value.size() > 1 && value.front() == '0'
             ? ValueHint{"has leading zeros", "write the number without them"}
             : ValueHint();
}

ValueHint HintForOverlay(absl::string_view value) {
  const std::optional<netif::Ipv4Prefix> prefix =
      netif::Ipv4Prefix::Parse(value);
  if (!prefix.has_value()) {
    return {};
  }
  const std::string meant =
      absl::StrCat(prefix->NetworkAddress().ToString(), "/", prefix->length());
  return prefix->address() != prefix->NetworkAddress() &&
                 ParseOverlay(meant).has_value()
             ? ValueHint{"has bits set behind its prefix length",
                         absl::StrCat("write ", meant)}
             : ValueHint();
}

ValueHint Copied(const AddressHint& hint) {
  return {std::string(hint.problem), std::string(hint.remedy)};
}

// The first host that is wrong.
ValueHint HintForHost(const std::vector<absl::string_view>& hosts) {
  constexpr absl::string_view kPlaces[kMaxServers] = {"first", "second",
                                                      "third"};
  for (size_t i = 0; i < hosts.size(); ++i) {
    if (ParseServerAddress(hosts[i]).has_value() || IsHostName(hosts[i])) {
      continue;
    }
    const AddressHint hint = HintForAddress(hosts[i], AddressOf::kServer);
    if (hosts.size() == 1) {
      return Copied(hint);
    }
    const bool known = !hint.problem.empty();
    return {absl::StrCat("has a ", kPlaces[i], " host that ",
                         known ? hint.problem : "is not valid"),
            known ? std::string(hint.remedy)
                  : "use an IPv4 or IPv6 unicast address or a host name"};
  }
  return {};
}

ValueHint HintForServers(absl::string_view value) {
  const std::vector<absl::string_view> hosts = SplitServerList(value);
  if (hosts.size() > kMaxServers) {
    return {"has more than three hosts", "leave out those that matter least"};
  }
  if (hosts.size() > 1 &&
      std::find(hosts.begin(), hosts.end(), "") != hosts.end()) {
    return {"has a comma without a host on each side",
            "write one host on each side of a comma"};
  }
  if (HasServerTwice(hosts)) {
    return {"has the same host twice", "write each host once"};
  }
  return HintForHost(hosts);
}

}  // namespace

ValueHint HintForValue(absl::string_view name, absl::string_view value) {
  if (name == "WSTunPassword") {
    return {};
  }
  if (name == "WSTunProxy") {
    const ProxyUrlResult result = ParseProxyUrl(value);
    return {std::string(result.problem), std::string(result.remedy)};
  }
  if (absl::StrContains(value, " #") || absl::StrContains(value, "\t#")) {
    return {"has a # after a space", "begin a comment with ;"};
  }
  if (name == "WSTunServer") {
    return HintForServers(value);
  }
  if (name == "DNSPriServerIP" || name == "DNSSecServerIP") {
    return Copied(HintForAddress(value, AddressOf::kNameServer));
  }
  if (name == "WSTunOverlay") {
    return HintForOverlay(value);
  }
  return TakesNumber(name) ? HintForNumber(value) : ValueHint();
}

}  // namespace ovoc::tunnel
