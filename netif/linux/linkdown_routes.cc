// SPDX-License-Identifier: Apache-2.0

#include "netif/linux/linkdown_routes.h"

#include "absl/status/statusor.h"
#include "netif/linux/rtnetlink_exchange.h"
#include "netif/linux/rtnetlink_message.h"
#include "netif/linux/rtnetlink_request.h"

namespace ovoc::netif {

absl::StatusOr<bool> LinkdownRoutesAreIgnored() {
  InterfaceState state;
  const int error_number =
      Exchange(PathFilterDumpRequest(kRtnetlinkSequence), 0, &state);
  if (error_number != 0) {
    return StepError(error_number, "list the settings", "all");
  }
  return state.linkdown_routes_ignored;
}

}  // namespace ovoc::netif
