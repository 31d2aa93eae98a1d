// SPDX-License-Identifier: Apache-2.0
//
// Whom a tunnel reaches: one answer for the packet policy and for the routes.

#ifndef OVOC_NETIF_OVERLAY_H_
#define OVOC_NETIF_OVERLAY_H_

#include <string>
#include <vector>

#include "netif/ip_address.h"

namespace ovoc::netif {

// kOvocAddress is OVOC in every overlay: 169.254.0.1. The device manual says
// so.
inline constexpr Ipv4Address kOvocAddress =
    Ipv4Address::FromHostOrder(0xA9FE0001);

// CloudServices is 169.254.169.0/24, where clouds have what their machines
// trust by its address alone: metadata with credentials (169.254.169.254), DNS
// (.253) and time (.123). No overlay reaches it. Source: the manuals of AWS
// ("Instance metadata service", "Amazon Route 53 Resolver", "Amazon Time Sync
// Service") and Azure.
Ipv4Prefix CloudServices();

// Overlay is our address in a tunnel and the addresses at its other end: OVOC,
// and most hosts of a prefix around our address. Any values make an overlay;
// the packet policy refuses those that cannot work.
class Overlay {
 public:
  struct Options {
    Ipv4Address address = {};  // ours
    // The prefix of the hosts that are reached, around `address`; 32 means OVOC
    // alone.
    int prefix_length = 32;  // 0..32, others count as 32
    Ipv4Address ovoc_address = kOvocAddress;
    // Hosts that are outside the tunnel, for example a name server, even if
    // they are in the prefix.
    std::vector<Ipv4Address> left_out = {};
  };

  explicit Overlay(const Options& options);

  Ipv4Address address() const { return hosts_.address(); }
  // HasAddress is false before OVOC has assigned an address; ours is 0.0.0.0
  // then.
  bool HasAddress() const { return address() != Ipv4Address(); }
  const Ipv4Prefix& hosts() const { return hosts_; }  // with our address

  // Reaches is true for OVOC, wherever it is, and for the other hosts of the
  // prefix that are not left out.
  bool Reaches(Ipv4Address other) const {
    return other == ovoc_address_ || ReachesHost(other);
  }

  // LeavesOut is true for an address that must stay outside of the tunnel.
  bool LeavesOut(Ipv4Address other) const;

  // Routes are the destinations that lead into the tunnel. OVOC's /32 comes
  // first and is always there, so that no route of another interface is more
  // specific. The others cover what Reaches is true for, our address, and the
  // network and broadcast address of the prefix, which the packet policy drops.
  std::vector<Ipv4Prefix> Routes() const;

  std::string ToString() const { return hosts_.ToString(); }

  friend bool operator==(const Overlay&, const Overlay&) = default;

 private:
  bool ReachesHost(Ipv4Address other) const {
    return other != hosts_.address() && other.IsUnicast() &&
           hosts_.ContainsHost(other) && !LeavesOut(other);
  }

  Ipv4Prefix hosts_;
  Ipv4Address ovoc_address_;
  std::vector<Ipv4Prefix> left_out_;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_OVERLAY_H_
