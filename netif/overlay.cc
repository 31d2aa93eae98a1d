// SPDX-License-Identifier: Apache-2.0

#include "netif/overlay.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "netif/ip_address.h"

namespace ovoc::netif {
namespace {

// Prefix is for lengths 0..32.
Ipv4Prefix Prefix(Ipv4Address address, int length) {
  return Ipv4Prefix::Create(address, length).value_or(Ipv4Prefix());
}

// AppendWithout appends what is left of `whole` without the holes: halves of
// halves, so at most 32 prefixes for a hole.
void AppendWithout(const std::vector<Ipv4Prefix>& holes,
                   const Ipv4Prefix& whole, std::vector<Ipv4Prefix>* out) {
  bool touched = false;
  for (const Ipv4Prefix& hole : holes) {
    if (hole.length() <= whole.length() &&
        hole.Contains(whole.NetworkAddress())) {
      return;
    }
    touched = touched || whole.Contains(hole.NetworkAddress());
  }
  if (!touched) {
    out->push_back(whole);
    return;
  }
  // Not a /32: one that is touched is covered.
  const int length = whole.length() + 1;
  const uint32_t first = whole.NetworkAddress().value();
  const uint32_t second = first | uint32_t{1} << (kIpv4AddressBits - length);
  for (const uint32_t half : {first, second}) {
    AppendWithout(holes, Prefix(Ipv4Address::FromHostOrder(half), length), out);
  }
}

}  // namespace

Ipv4Prefix CloudServices() {
  return Prefix(Ipv4Address::FromHostOrder(0xA9FEA900), 24);
}

Overlay::Overlay(const Options& options)
    : hosts_(Ipv4Prefix::Create(options.address, options.prefix_length)
                 .value_or(Prefix(options.address, kIpv4AddressBits))),
      ovoc_address_(options.ovoc_address),
      left_out_({CloudServices()}) {
  for (const Ipv4Address address : options.left_out) {
    left_out_.push_back(Prefix(address, kIpv4AddressBits));
  }
}

bool Overlay::LeavesOut(Ipv4Address other) const {
  return std::any_of(
      left_out_.begin(), left_out_.end(),
      [other](const Ipv4Prefix& prefix) { return prefix.Contains(other); });
}

std::vector<Ipv4Prefix> Overlay::Routes() const {
  std::vector<Ipv4Prefix> routes = {Prefix(ovoc_address_, kIpv4AddressBits)};
  if (hosts_.length() < kIpv4AddressBits) {
    AppendWithout(left_out_, Prefix(hosts_.NetworkAddress(), hosts_.length()),
                  &routes);
  }
  return routes;
}

}  // namespace ovoc::netif
