// SPDX-License-Identifier: Apache-2.0

#ifndef OVOC_NETIF_INTERFACE_CONFIG_H_
#define OVOC_NETIF_INTERFACE_CONFIG_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "netif/overlay.h"

namespace ovoc::netif {

// InterfaceConfig sets up a network device that is ours alone. Each call can be
// repeated: what is in place already stays untouched.
class InterfaceConfig {
 public:
  virtual ~InterfaceConfig() = default;

  // Prepare makes the device keep OVOC's packets from other interfaces before
  // it has an address: it sets the MTU, turns IPv6 off and the device on, and
  // adds a route to OVOC that stays until the device is turned off or loses its
  // last address. Errors as of Configure, but for AlreadyExists.
  virtual absl::Status Prepare(absl::string_view name, int mtu_bytes) = 0;

  // Configure makes our address, as a /32, the only IPv4 address of the device
  // and the overlay's Routes, from that address, its only routes beside that of
  // Prepare; the rest is as with Prepare. What is new is added before the old
  // goes, so that the device and OVOC are never without address and route.
  // After an error the device may be anywhere between before and after; calling
  // again mends it.
  // Errors: AlreadyExists (another interface has the address: nothing was
  // done), InvalidArgument, NotFound (no such device), PermissionDenied, any
  // other of the system's; each names the device and the step.
  virtual absl::Status Configure(absl::string_view name, const Overlay& overlay,
                                 int mtu_bytes) = 0;

  // ClearAddress takes all IPv4 addresses, and so the routes, off the device,
  // that of Prepare too. The rest stays. Errors as above.
  virtual absl::Status ClearAddress(absl::string_view name) = 0;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_INTERFACE_CONFIG_H_
