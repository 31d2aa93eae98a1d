// SPDX-License-Identifier: Apache-2.0
//
// Which IPv4 addresses and routes the devices of this machine have.

#ifndef OVOC_NETIF_LINUX_DEVICE_NETWORKS_H_
#define OVOC_NETIF_LINUX_DEVICE_NETWORKS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "netif/ip_address.h"

namespace ovoc::netif {

// The most devices that are looked at. Each costs a request to the kernel.
inline constexpr size_t kMaxListedDevices = 64;

struct DeviceNetworks {
  std::string name;  // '?' for each byte that has no place in a log
  std::vector<Ipv4Prefix> addresses;
  std::vector<Ipv4Prefix> routes;  // of the main table, into this device
};

// ListDeviceNetworks asks the kernel by rtnetlink(7), in the network namespace
// of the calling thread, for the devices that are up. It needs no privilege.
absl::StatusOr<std::vector<DeviceNetworks>> ListDeviceNetworks();

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_LINUX_DEVICE_NETWORKS_H_
