// SPDX-License-Identifier: Apache-2.0

#include "netif/linux/linux_interface_config.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "netif/ip_address.h"
#include "netif/linux/interface_routes.h"
#include "netif/linux/rtnetlink_exchange.h"
#include "netif/linux/rtnetlink_message.h"
#include "netif/linux/rtnetlink_request.h"
#include "netif/linux/unique_fd.h"
#include "netif/overlay.h"

namespace ovoc::netif {
namespace {

constexpr int kMinMtu = 68;     // RFC 791 3.2, and Linux's own limit
constexpr int kMaxMtu = 65535;  // RFC 791 3.1

// Device is one interface that is being set up.
struct Device {
  absl::string_view name;
  int index;
};

int Apply(const std::vector<uint8_t>& request, const Device& device) {
  InterfaceState none;
  return Exchange(request, device.index, &none);
}

absl::StatusOr<std::vector<InterfaceAddress>> ListAddresses(
    const Device& device) {
  InterfaceState state;
  const int error_number =
      Exchange(AddressDumpRequest(kRtnetlinkSequence), device.index, &state);
  if (error_number != 0) {
    return StepError(error_number, "list the addresses", device.name);
  }
  return state.addresses;
}

// DeleteAddresses deletes all of the device's addresses but `kept`.
absl::Status DeleteAddresses(const Device& device,
                             const std::vector<InterfaceAddress>& addresses,
                             const Ipv4Prefix& kept) {
  for (const InterfaceAddress& found : addresses) {
    if (found.interface_index != device.index || found.address == kept) {
      continue;
    }
    const int error_number =
        Apply(AddressRequest(kRtnetlinkSequence, Change::kDelete, device.index,
                             found.address),
              device);
    // Gone meanwhile is as good.
    if (error_number != 0 && error_number != EADDRNOTAVAIL) {
      return StepError(
          error_number,
          absl::StrCat("delete the address ", found.address.ToString()),
          device.name);
    }
  }
  return absl::OkStatus();
}

absl::Status AddAddress(const Device& device, const Ipv4Prefix& address) {
  const int error_number = Apply(
      AddressRequest(kRtnetlinkSequence, Change::kAdd, device.index, address),
      device);
  if (error_number != 0 && error_number != EEXIST) {
    return StepError(error_number,
                     absl::StrCat("add the address ", address.ToString()),
                     device.name);
  }
  return absl::OkStatus();
}

absl::Status ChangeRoute(const Device& device, Change change,
                         const InterfaceRoute& route) {
  const bool add = change == Change::kAdd;
  const int error_number = Apply(
      RouteRequest(kRtnetlinkSequence, change, device.index, route), device);
  // There or gone meanwhile is as good.
  if (error_number == 0 || error_number == (add ? EEXIST : ESRCH)) {
    return absl::OkStatus();
  }
  return StepError(error_number,
                   absl::StrCat(add ? "add" : "delete", " the route to ",
                                route.destination.ToString()),
                   device.name);
}

bool Holds(const std::vector<InterfaceRoute>& routes,
           const InterfaceRoute& route) {
  return std::find(routes.begin(), routes.end(), route) != routes.end();
}

// ReplaceRoutes adds what is missing before it deletes what is not wanted.
absl::Status ReplaceRoutes(const Device& device, const Overlay& overlay) {
  InterfaceState state;
  const int error_number =
      Exchange(RouteDumpRequest(kRtnetlinkSequence), device.index, &state);
  if (error_number != 0) {
    return StepError(error_number, "list the routes", device.name);
  }
  const std::vector<InterfaceRoute> wanted = WantedRoutes(overlay);
  absl::Status status;
  for (const InterfaceRoute& route : wanted) {
    if (status.ok() && !Holds(state.routes, route)) {
      status = ChangeRoute(device, Change::kAdd, route);
    }
  }
  for (const InterfaceRoute& route : state.routes) {
    if (status.ok() && !Holds(wanted, route)) {
      status = ChangeRoute(device, Change::kDelete, route);
    }
  }
  return status;
}

// ReplaceAddress makes the overlay's address the only one, and its routes.
absl::Status ReplaceAddress(const Device& device,
                            const std::vector<InterfaceAddress>& present,
                            const Overlay& overlay) {
  const Ipv4Prefix wanted = WantedAddress(overlay);
  absl::Status status = AddAddress(device, wanted);
  if (status.ok()) {
    status = ReplaceRoutes(device, overlay);
  }
  if (status.ok()) {
    status = DeleteAddresses(device, present, wanted);
  }
  return status;
}

// AwaitRunning returns once the kernel sends what it is given, or after so many
// looks. A device that was on before it had a carrier gets its queue a moment
// after the carrier, and the first answers of a tunnel were lost. Each look
// takes the lock that the kernel needs for it; since Linux 6.8 the first look
// has it done.
void AwaitRunning(const Device& device, int looks) {
  for (int look = 0; look < looks; ++look) {
    InterfaceState state;
    const int error_number =
        Exchange(LinkStateRequest(kRtnetlinkSequence, device.index),
                 device.index, &state);
    if (error_number != 0 || !state.link.has_value() || state.link->running) {
      return;
    }
  }
}

absl::Status CheckAddress(const Overlay& overlay) {
  if (!overlay.address().IsUnicast() ||
      !overlay.hosts().ContainsHost(overlay.address())) {
    return absl::InvalidArgumentError(absl::StrCat(
        overlay.ToString(), " is not a host address of its prefix"));
  }
  return absl::OkStatus();
}

absl::Status CheckMtu(int mtu_bytes) {
  if (mtu_bytes < kMinMtu || mtu_bytes > kMaxMtu) {
    return absl::InvalidArgumentError(absl::StrCat("the MTU ", mtu_bytes,
                                                   " is not in the range ",
                                                   kMinMtu, "..", kMaxMtu));
  }
  return absl::OkStatus();
}

// WriteSetting writes "1" to a file of /proc/sys. 0 or an errno.
int WriteSetting(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd.valid()) {
    return errno;
  }
  return write(fd.get(), "1", 1) == 1 ? 0 : errno;
}

}  // namespace

absl::Status LinuxInterfaceConfig::TurnIpv6Off(const std::string& name) const {
  // addr_gen_mode 1 is "none": no link-local address. disable_ipv6 stops the
  // rest, router solicitations first of all.
  for (const absl::string_view setting : {"addr_gen_mode", "disable_ipv6"}) {
    const int error_number = WriteSetting(
        absl::StrCat(options_.ipv6_settings_path, "/", name, "/", setting));
    if (error_number != 0 && error_number != ENOENT && error_number != EROFS) {
      return StepError(error_number, absl::StrCat("set ", setting), name);
    }
  }
  return absl::OkStatus();
}

// Before the device is on: the kernel would send router solicitations. And
// again afterwards: it forgets IPv6 and its settings below an MTU of 1280,
// and begins anew, with IPv6, above.
absl::Status LinuxInterfaceConfig::TurnOn(absl::string_view name,
                                          int interface_index,
                                          int mtu_bytes) const {
  const absl::Status before = TurnIpv6Off(std::string(name));
  if (!before.ok()) {
    return before;
  }
  const int error_number =
      Apply(LinkRequest(kRtnetlinkSequence, interface_index, mtu_bytes),
            {name, interface_index});
  if (error_number != 0) {
    return StepError(error_number, absl::StrCat("set the MTU ", mtu_bytes),
                     name);
  }
  return TurnIpv6Off(std::string(name));
}

absl::Status LinuxInterfaceConfig::Prepare(absl::string_view name,
                                           int mtu_bytes) {
  const absl::Status allowed = CheckMtu(mtu_bytes);
  if (!allowed.ok()) {
    return allowed;
  }
  const absl::StatusOr<int> index = FindInterface(name);
  if (!index.ok()) {
    return index.status();
  }
  const absl::Status on = TurnOn(name, *index, mtu_bytes);
  return on.ok() ? ChangeRoute({name, *index}, Change::kAdd,
                               StandingRoute(Overlay(Overlay::Options())))
                 : on;
}

absl::Status LinuxInterfaceConfig::Configure(absl::string_view name,
                                             const Overlay& overlay,
                                             int mtu_bytes) {
  absl::Status arguments = CheckAddress(overlay);
  arguments.Update(CheckMtu(mtu_bytes));
  if (!arguments.ok()) {
    return arguments;
  }
  const absl::StatusOr<int> index = FindInterface(name);
  if (!index.ok()) {
    return index.status();
  }
  const Device device = {name, *index};
  const auto present = ListAddresses(device);
  if (!present.ok()) {
    return present.status();
  }
  const std::string owner = OtherOwner(*present, *index, overlay.address());
  if (!owner.empty()) {
    return absl::AlreadyExistsError(
        absl::StrCat("the overlay address ", overlay.address().ToString(),
                     " is already an address of interface ", owner));
  }
  absl::Status status = TurnOn(name, *index, mtu_bytes);
  if (status.ok()) {
    status = ReplaceAddress(device, *present, overlay);
  }
  AwaitRunning(device, options_.running_looks);
  return status;
}

}  // namespace ovoc::netif
