// SPDX-License-Identifier: Apache-2.0
#include "tunnel/check/findings/overlay_conflicts.h"

#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

bool LiesInside(const netif::Ipv4Prefix& route,
                const netif::Ipv4Prefix& range) {
  return route.length() >= range.length() && range.Contains(route.address());
}

}  // namespace

std::vector<std::string> OverlayConflicts(
    absl::Span<const netif::DeviceNetworks> devices, absl::string_view own,
    const netif::Ipv4Prefix& range) {
  std::vector<std::string> found;
  const std::string inside =
      absl::StrCat("inside WSTunOverlay (", range.ToString(), ")");
  for (const netif::DeviceNetworks& device : devices) {
    if (device.name == own) {
      continue;
    }
    for (const netif::Ipv4Prefix& address : device.addresses) {
      if (range.Contains(address.address())) {
        found.push_back(absl::StrCat(device.name, " has the address ",
                                     address.ToString(), ", which is ", inside,
                                     "; give it another one"));
      }
    }
    for (const netif::Ipv4Prefix& route : device.routes) {
      if (LiesInside(route, range)) {
        found.push_back(absl::StrCat(
            "a route to ", route.ToString(), " leads to ", device.name,
            " and not into the tunnel, though it is ", inside, "; delete it"));
      }
    }
  }
  if (found.size() > kMaxOverlayConflicts) {
    const size_t more = found.size() - kMaxOverlayConflicts;
    found.resize(kMaxOverlayConflicts);
    found.push_back(absl::StrCat(more, " more addresses and routes are ",
                                 inside, "; see ip addr and ip route"));
  }
  return found;
}

}  // namespace ovoc::tunnel
