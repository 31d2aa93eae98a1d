// SPDX-License-Identifier: Apache-2.0
#include "tunnel/system/insecure_surroundings.h"

#include "absl/status/statusor.h"
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

}  // namespace ovoc::tunnel
