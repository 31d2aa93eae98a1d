// SPDX-License-Identifier: Apache-2.0

#include "netif/linux/interface_routes.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "netif/ip_address.h"
#include "netif/linux/rtnetlink_message.h"
#include "netif/overlay.h"

namespace ovoc::netif {
namespace {

// A label may hold any bytes but zero and '/'; a log wants none of them.
std::string Printable(const std::string& label, int interface_index) {
  const bool printable =
      !label.empty() && std::all_of(label.begin(), label.end(), [](char c) {
        return absl::ascii_isgraph(static_cast<unsigned char>(c));
      });
  return printable ? label : absl::StrCat("number ", interface_index);
}

std::string AddressDifference(const InterfaceState& state, int interface_index,
                              const Ipv4Prefix& wanted) {
  bool there = false;
  for (const InterfaceAddress& found : state.addresses) {
    if (found.interface_index != interface_index) {
      continue;
    }
    if (found.address != wanted) {
      return absl::StrCat("has the address ", found.address.ToString());
    }
    there = true;
  }
  return there ? "" : absl::StrCat("has lost its address ", wanted.ToString());
}

}  // namespace

Ipv4Prefix WantedAddress(const Overlay& overlay) {
  return Ipv4Prefix::Create(overlay.address(), kIpv4AddressBits)
      .value_or(Ipv4Prefix());
}

InterfaceRoute StandingRoute(const Overlay& overlay) {
  return {.destination = overlay.Routes().front(), .metric = kStandingMetric};
}

std::vector<InterfaceRoute> WantedRoutes(const Overlay& overlay) {
  std::vector<InterfaceRoute> wanted;
  if (overlay.HasAddress()) {
    for (const Ipv4Prefix& destination : overlay.Routes()) {
      wanted.push_back(
          {.destination = destination, .source = overlay.address()});
    }
  }
  wanted.push_back(StandingRoute(overlay));
  return wanted;
}

std::string OtherOwner(absl::Span<const InterfaceAddress> addresses,
                       int interface_index, Ipv4Address address) {
  for (const InterfaceAddress& found : addresses) {
    if (found.interface_index != interface_index &&
        found.address.address() == address) {
      return Printable(found.label, found.interface_index);
    }
  }
  return "";
}

std::string Difference(const InterfaceState& state, int interface_index,
                       const Overlay& overlay, int mtu_bytes) {
  if (!state.link.has_value() || !state.link->up) {
    return "is down";
  }
  if (state.link->mtu_bytes != static_cast<uint32_t>(mtu_bytes)) {
    return absl::StrCat("has the MTU ", state.link->mtu_bytes, " instead of ",
                        mtu_bytes);
  }
  if (overlay.HasAddress()) {
    const std::string address =
        AddressDifference(state, interface_index, WantedAddress(overlay));
    if (!address.empty()) {
      return address;
    }
  }
  for (const InterfaceRoute& route : WantedRoutes(overlay)) {
    if (std::find(state.routes.begin(), state.routes.end(), route) ==
        state.routes.end()) {
      return absl::StrCat("has lost its route to ",
                          route.destination.ToString());
    }
  }
  const std::string owner =
      overlay.HasAddress()
          ? OtherOwner(state.addresses, interface_index, overlay.address())
          : "";
  return owner.empty()
             ? ""
             : absl::StrCat("shares its address with interface ", owner);
}

}  // namespace ovoc::netif
