// SPDX-License-Identifier: Apache-2.0

#ifndef OVOC_NETIF_INTERFACE_INSPECTOR_H_
#define OVOC_NETIF_INTERFACE_INSPECTOR_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "netif/overlay.h"

namespace ovoc::netif {

// InterfaceInspector says whether a device is still as InterfaceConfig made it.
class InterfaceInspector {
 public:
  virtual ~InterfaceInspector() = default;

  // Inspect says in words how the device differs from what Configure makes of
  // it, or Prepare if the overlay has no address, for example "is down". The
  // text is empty if it does not differ. NotFound if there is no such device;
  // other errors are the system's.
  virtual absl::StatusOr<std::string> Inspect(absl::string_view name,
                                              const Overlay& overlay,
                                              int mtu_bytes) = 0;

  // Concerned says whether any change in the network since the last call may
  // affect the device. It never waits.
  virtual bool Concerned(absl::string_view name) = 0;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_INTERFACE_INSPECTOR_H_
