// SPDX-License-Identifier: Apache-2.0

#include "netif/linux/linux_interface_inspector.h"

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "netif/linux/interface_routes.h"
#include "netif/linux/rtnetlink_exchange.h"
#include "netif/linux/rtnetlink_message.h"
#include "netif/linux/rtnetlink_request.h"
#include "netif/overlay.h"

namespace ovoc::netif {

absl::StatusOr<std::string> LinuxInterfaceInspector::Inspect(
    absl::string_view name, const Overlay& overlay, int mtu_bytes) {
  const absl::StatusOr<int> index = FindInterface(name);
  if (!index.ok()) {
    return index.status();
  }
  InterfaceState state;
  for (const auto& request : {LinkStateRequest(kRtnetlinkSequence, *index),
                              AddressDumpRequest(kRtnetlinkSequence),
                              RouteDumpRequest(kRtnetlinkSequence)}) {
    const int error_number = Exchange(request, *index, &state);
    if (error_number != 0) {
      return StepError(error_number, "ask for the state", name);
    }
  }
  return Difference(state, *index, overlay, mtu_bytes);
}

// One that is gone, or has another number by now, is a matter of concern.
bool LinuxInterfaceInspector::Concerned(absl::string_view name) {
  const absl::StatusOr<int> index = FindInterface(name);
  return watch_.TakeNews(index.value_or(0)) || !index.ok();
}

}  // namespace ovoc::netif
