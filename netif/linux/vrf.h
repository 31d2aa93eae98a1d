// SPDX-License-Identifier: Apache-2.0
//
// Sockets in a VRF. On Linux a VRF is a network device, and SO_BINDTODEVICE
// puts a socket into it (Documentation/networking/vrf.rst). Any other device
// works the same way.

#ifndef OVOC_NETIF_LINUX_VRF_H_
#define OVOC_NETIF_LINUX_VRF_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ovoc::netif {

// VrfExists says whether a device of this name exists in the network namespace
// of the calling thread. InvalidArgument for what is no interface name; any
// other error means that it is not known.
absl::StatusOr<bool> VrfExists(absl::string_view name);

// BindToVrf makes a socket send and receive only through the VRF. Call it
// before bind and connect. NotFound if there is no such device. If binding
// failed, the socket must not be used.
absl::Status BindToVrf(int fd, absl::string_view name);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_LINUX_VRF_H_
