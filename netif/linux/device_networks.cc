// SPDX-License-Identifier: Apache-2.0

#include "netif/linux/device_networks.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "netif/ip_address.h"
#include "netif/linux/rtnetlink_exchange.h"
#include "netif/linux/rtnetlink_message.h"
#include "netif/linux/rtnetlink_request.h"

namespace ovoc::netif {
namespace {

std::string Printable(std::string name) {
  for (char& c : name) {
    if (!absl::ascii_isgraph(static_cast<unsigned char>(c))) {
      c = '?';
    }
  }
  return name;
}

}  // namespace

absl::StatusOr<std::vector<DeviceNetworks>> ListDeviceNetworks() {
  InterfaceState state;
  for (const auto& request : {LinkDumpRequest(kRtnetlinkSequence),
                              AddressDumpRequest(kRtnetlinkSequence)}) {
    const int error_number = Exchange(request, 0, &state);
    if (error_number != 0) {
      return StepError(error_number, "list the addresses", "all devices");
    }
  }
  std::vector<DeviceNetworks> devices;
  for (const KnownLink& link : state.links) {
    if (!link.up || devices.size() == kMaxListedDevices) {
      continue;
    }
    DeviceNetworks device = {Printable(link.name), {}, {}};
    for (const InterfaceAddress& found : state.addresses) {
      if (found.interface_index == link.interface_index) {
        device.addresses.push_back(found.address);
      }
    }
    InterfaceState of_device;
    const int error_number = Exchange(RouteDumpRequest(kRtnetlinkSequence),
                                      link.interface_index, &of_device);
    if (error_number != 0) {
      return StepError(error_number, "list the routes", device.name);
    }
    for (const InterfaceRoute& route : of_device.routes) {
      device.routes.push_back(route.destination);
    }
    devices.push_back(std::move(device));
  }
  return devices;
}

}  // namespace ovoc::netif
