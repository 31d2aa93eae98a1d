// SPDX-License-Identifier: Apache-2.0

#include "netif/reverse_path_filter.h"

#include <algorithm>
#include <map>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "netif/interface_name.h"
#include "netif/rtnetlink_exchange.h"
#include "netif/rtnetlink_message.h"
#include "netif/rtnetlink_request.h"

namespace ovoc::netif {
namespace {

constexpr int kStrict = 1;

}  // namespace

std::vector<OpenInterface> OpenInterfaces(const InterfaceState& state,
                                          absl::string_view own) {
  std::map<int, int> values;
  for (const PathFilter& filter : state.path_filters) {
    values[filter.interface_index] = filter.value;
  }
  std::vector<OpenInterface> open;
  for (const KnownLink& link : state.links) {
    const int value =
        std::max(values[kAllInterfaces], values[link.interface_index]);
    // A name of odd bytes has no place in a log.
    if (link.up && !link.loopback && link.name != own && value != kStrict &&
        IsValidInterfaceName(link.name) && open.size() < kMaxOpenInterfaces) {
      open.push_back({link.name, value});
    }
  }
  return open;
}

absl::StatusOr<std::vector<OpenInterface>> FindOpenInterfaces(
    absl::string_view own) {
  InterfaceState state;
  for (const auto& request : {LinkDumpRequest(kRtnetlinkSequence),
                              PathFilterDumpRequest(kRtnetlinkSequence)}) {
    const int error_number = Exchange(request, 0, &state);
    if (error_number != 0) {
      return StepError(error_number, "list the neighbours", own);
    }
  }
  return OpenInterfaces(state, own);
}

}  // namespace ovoc::netif
