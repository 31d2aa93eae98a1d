// SPDX-License-Identifier: Apache-2.0
//
// Which packets may pass between the tunnel and the TUN device.

#ifndef OVOC_NETIF_PACKET_POLICY_H_
#define OVOC_NETIF_PACKET_POLICY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "netif/ip_address.h"
#include "netif/ipv4_packet.h"
#include "netif/overlay.h"

namespace ovoc::netif {

inline constexpr size_t kMinMtuBytes = 68;     // RFC 791 3.2: no smaller module
inline constexpr size_t kMaxMtuBytes = 65535;  // RFC 791 3.1: total length
// OVOC's own device sends packets of up to this size, whatever our MTU is.
inline constexpr size_t kOvocMtuBytes = 1500;

// DropReason says why a packet may not pass. If there are several reasons, the
// first one in this list counts.
enum class DropReason {
  kNone,                  // it may pass
  kIpv6,                  // version 6: never in this tunnel
  kNotIpv4,               // another version, or no byte at all
  kTooLong,               // above the MTU
  kMalformedHeader,       // too short, header length or total length wrong
  kBadChecksum,           // header checksum wrong
  kMulticastOrBroadcast,  // destination is a group or everybody
  kWrongSource,           // in: neither OVOC nor an allowed device; out: not us
  kWrongDestination,      // in: not us; out: no other host of the overlay
  kQueueFull,             // nothing wrong with it: see DropOutbound
  // Only in, where more than the tunnel's own traffic is at stake:
  kIpOptions,            // any, RFC 791 3.1: a source route, for example
  kIcmpRedirect,         // RFC 792: would change a route of ours
  kRouterAdvertisement,  // RFC 1256: would give us a default route
  kForeignIcmpError,     // it quotes no packet that we sent into the tunnel
};
inline constexpr size_t kDropReasonCount = 14;

// Name is a short word for counters and logs, such as "wrong_source".
absl::string_view Name(DropReason reason);

enum class PeerToPeer {
  kOff,  // packets go to OVOC and come from it, and nobody else
  kOn,   // and to and from every other host of the overlay
};

// TrafficCounters counts the packets and bytes of one direction by outcome.
class TrafficCounters {
 public:
  uint64_t accepted_packets() const { return packets(DropReason::kNone); }
  uint64_t accepted_bytes() const { return bytes(DropReason::kNone); }
  uint64_t dropped_packets() const;  // over all reasons
  uint64_t packets(DropReason reason) const;
  uint64_t bytes(DropReason reason) const;

  void Add(DropReason reason, size_t bytes);

 private:
  std::array<uint64_t, kDropReasonCount> packets_ = {};
  std::array<uint64_t, kDropReasonCount> bytes_ = {};
};

struct PolicyCounters {
  TrafficCounters inbound;
  TrafficCounters outbound;
};

// PacketPolicy judges packets by their IPv4 header, and ICMP by its type and by
// what it quotes. It has no state but counters, allocates nothing, and changes
// no packet. A new overlay address needs a new policy, which can take over the
// counters of the old one.
class PacketPolicy {
 public:
  struct Options {
    Ipv4Address overlay_address;  // ours, as assigned by the server
    Ipv4Address ovoc_address = kOvocAddress;
    // With peer-to-peer the tunnel reaches its hosts, and OVOC wherever it is;
    // without it only OVOC, whatever this is.
    Ipv4Prefix overlay;
    PeerToPeer peer_to_peer = PeerToPeer::kOff;
    std::vector<Ipv4Address> left_out;  // see Overlay
    size_t mtu_bytes = 1500;            // of our device, 68..65535
    PolicyCounters counters;            // to go on counting from
  };

  // Create refuses (InvalidArgument) an overlay of length 0, which was not set;
  // an overlay address that is not unicast, is not a host of the overlay, or is
  // OVOC's; an OVOC address that is not unicast; and an MTU that is out of
  // range.
  static absl::StatusOr<PacketPolicy> Create(const Options& options);

  // CheckInbound judges a message from the tunnel. It must be well-formed IPv4
  // without options, to exactly our overlay address, from OVOC or
  // (peer-to-peer) another host of the overlay that is not left out, and at
  // most as long as the larger of our MTU and kOvocMtuBytes.
  //
  // ICMP redirects and router advertisements may not pass. ICMP errors may pass
  // only if they are whole and quote a packet from our overlay address to
  // somebody that we may send to, because the kernel applies them to any flow
  // that they quote, on any interface.
  DropReason CheckInbound(absl::Span<const uint8_t> packet);

  // CheckOutbound judges a packet read from the device. It must be well-formed
  // IPv4, from exactly our overlay address, to somebody who may send to us, and
  // at most as long as the MTU.
  DropReason CheckOutbound(absl::Span<const uint8_t> packet);

  // DropOutbound counts a packet that was dropped without being judged: because
  // of its length, or because there is no room for it, as on any full link.
  void DropOutbound(DropReason reason, size_t bytes);

  const PolicyCounters& counters() const { return options_.counters; }

 private:
  explicit PacketPolicy(const Options& options);

  DropReason JudgeInbound(absl::Span<const uint8_t> packet) const;
  DropReason JudgeOutbound(absl::Span<const uint8_t> packet) const;
  DropReason JudgeIcmp(const Ipv4Packet& packet) const;
  bool IsGroup(Ipv4Address address) const;

  Options options_;
  Overlay reach_;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_PACKET_POLICY_H_
