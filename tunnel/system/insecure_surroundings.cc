// SPDX-License-Identifier: Apache-2.0
#include "tunnel/system/insecure_surroundings.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "netif/linux/linkdown_routes.h"
#include "netif/linux/reverse_path_filter.h"

namespace ovoc::tunnel {

std::vector<std::string> InsecureSurroundings(absl::string_view own) {
  const absl::StatusOr<std::vector<netif::OpenInterface>> open =
      netif::FindOpenInterfaces(own);
  std::vector<std::string> found;
  if (open.ok()) {
    found = netif::DescribeOpenInterfaces(*open);
  }
  if (netif::LinkdownRoutesAreIgnored().value_or(false)) {
    found.push_back("net.ipv4.conf.all.ignore_routes_with_linkdown=1");
  }
  return found;
}

std::vector<std::string> SurroundingsRemedies(
    absl::Span<const std::string> found) {
  const auto has = [found](absl::string_view word) {
    return std::any_of(found.begin(), found.end(),
                       [word](absl::string_view setting) {
                         return absl::StrContains(setting, word);
                       });
  };
  std::vector<std::string> remedies;
  if (has("rp_filter")) {
    remedies.push_back(
        "set rp_filter of these interfaces and of net.ipv4.conf.all to 1 with "
        "sysctl, or load the nftables file that comes with the client");
  }
  if (has("ignore_routes_with_linkdown")) {
    remedies.push_back(
        "set net.ipv4.conf.all.ignore_routes_with_linkdown to 0 with sysctl");
  }
  return remedies;
}

}  // namespace ovoc::tunnel
