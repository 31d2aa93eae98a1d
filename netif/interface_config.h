// SPDX-License-Identifier: Apache-2.0

#ifndef OVOC_NETIF_INTERFACE_CONFIG_H_
#define OVOC_NETIF_INTERFACE_CONFIG_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "netif/overlay.h"

namespace ovoc::netif {

// InterfaceConfig sets up a network device that only we use. Each call can be
// repeated: what is in place already is not touched.
class InterfaceConfig {
 public:
  virtual ~InterfaceConfig() = default;

  // Prepare makes the device keep OVOC's packets off other interfaces before it
  // has an address. It sets the MTU, turns IPv6 off and the device on, and adds
  // a route to OVOC. The route stays until the device is turned off or loses
  // its last address. The errors are those of Configure, without AlreadyExists.
  virtual absl::Status Prepare(absl::string_view name, int mtu_bytes) = 0;

  // Configure makes our address, as a /32, the only IPv4 address of the device.
  // The overlay's Routes, from that address, and the route of Prepare become
  // its only routes. It also does the rest of Prepare. New addresses and routes
  // are added before the old ones are removed, so that the device is never
  // without an address, and OVOC never without a route. After an error the
  // device may be in any state in between; another call repairs it.
  //
  // Errors: AlreadyExists (another interface has the address; nothing was
  // done), InvalidArgument, NotFound (there is no such device),
  // PermissionDenied, or another error of the system. Each names the device and
  // the step.
  virtual absl::Status Configure(absl::string_view name, const Overlay& overlay,
                                 int mtu_bytes) = 0;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_INTERFACE_CONFIG_H_
