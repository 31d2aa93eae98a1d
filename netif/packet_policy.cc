// SPDX-License-Identifier: Apache-2.0

#include "netif/packet_policy.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "netif/icmp_message.h"
#include "netif/ip_address.h"
#include "netif/ipv4_packet.h"

namespace ovoc::netif {
namespace {

// ParsePacket parses a packet of at most limit_bytes. The version comes first,
// so that each packet is counted under what it is.
DropReason ParsePacket(absl::Span<const uint8_t> bytes, size_t limit_bytes,
                       Ipv4Packet* packet) {
  if (bytes.size() > limit_bytes && bytes[0] >> 4 == 4) {
    return DropReason::kTooLong;
  }
  switch (Ipv4Packet::Parse(bytes, packet)) {
    case Ipv4Error::kNone:
      return DropReason::kNone;
    case Ipv4Error::kNotVersion4:
      return !bytes.empty() && bytes[0] >> 4 == 6 ? DropReason::kIpv6
                                                  : DropReason::kNotIpv4;
    case Ipv4Error::kTooShort:
    case Ipv4Error::kBadHeaderLength:
    case Ipv4Error::kBadTotalLength:
      return DropReason::kMalformedHeader;
    case Ipv4Error::kBadChecksum:
      return DropReason::kBadChecksum;
  }
  return DropReason::kMalformedHeader;
}

}  // namespace

absl::string_view Name(DropReason reason) {
  switch (reason) {
    case DropReason::kNone:
      return "none";
    case DropReason::kIpv6:
      return "ipv6";
    case DropReason::kNotIpv4:
      return "not_ipv4";
    case DropReason::kTooLong:
      return "too_long";
    case DropReason::kMalformedHeader:
      return "malformed_header";
    case DropReason::kBadChecksum:
      return "bad_checksum";
    case DropReason::kMulticastOrBroadcast:
      return "multicast_or_broadcast";
    case DropReason::kWrongSource:
      return "wrong_source";
    case DropReason::kWrongDestination:
      return "wrong_destination";
    case DropReason::kQueueFull:
      return "queue_full";
    case DropReason::kIpOptions:
      return "ip_options";
    case DropReason::kIcmpRedirect:
      return "icmp_redirect";
    case DropReason::kRouterAdvertisement:
      return "router_advertisement";
    case DropReason::kForeignIcmpError:
      return "foreign_icmp_error";
  }
  return "unknown";
}

uint64_t TrafficCounters::packets(DropReason reason) const {
  return packets_[static_cast<size_t>(reason)];
}

uint64_t TrafficCounters::bytes(DropReason reason) const {
  return bytes_[static_cast<size_t>(reason)];
}

uint64_t TrafficCounters::dropped_packets() const {
  uint64_t sum = 0;
  for (size_t i = 1; i < kDropReasonCount; ++i) {  // 0 is kNone
    sum += packets_[i];
  }
  return sum;
}

void TrafficCounters::Add(DropReason reason, size_t bytes) {
  ++packets_[static_cast<size_t>(reason)];
  bytes_[static_cast<size_t>(reason)] += bytes;
}

PacketPolicy::PacketPolicy(const Options& options)
    : options_(options),
      reach_({.address = options.overlay_address,
              .prefix_length = options.peer_to_peer == PeerToPeer::kOn
                                   ? options.overlay.length()
                                   : kIpv4AddressBits,
              .ovoc_address = options.ovoc_address,
              .left_out = options.left_out}) {}

absl::StatusOr<PacketPolicy> PacketPolicy::Create(const Options& options) {
  const Ipv4Address ours = options.overlay_address;
  if (options.overlay.length() == 0) {
    return absl::InvalidArgumentError(
        "the overlay is not set: its prefix length is 0");
  }
  if (!ours.IsUnicast() || !options.overlay.ContainsHost(ours)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the overlay address ", ours.ToString(),
        " is not a host address of the overlay ", options.overlay.ToString()));
  }
  if (!options.ovoc_address.IsUnicast()) {
    return absl::InvalidArgumentError(
        absl::StrCat("OVOC's address ", options.ovoc_address.ToString(),
                     " is not a unicast address"));
  }
  if (ours == options.ovoc_address) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the overlay address ", ours.ToString(), " is OVOC's own address"));
  }
  if (options.mtu_bytes < kMinMtuBytes || options.mtu_bytes > kMaxMtuBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("the MTU ", options.mtu_bytes, " is not in the range ",
                     kMinMtuBytes, "..", kMaxMtuBytes, " (RFC 791 3.1, 3.2)"));
  }
  return PacketPolicy(options);
}

DropReason PacketPolicy::CheckInbound(absl::Span<const uint8_t> packet) {
  const DropReason reason = JudgeInbound(packet);
  options_.counters.inbound.Add(reason, packet.size());
  return reason;
}

DropReason PacketPolicy::CheckOutbound(absl::Span<const uint8_t> packet) {
  const DropReason reason = JudgeOutbound(packet);
  options_.counters.outbound.Add(reason, packet.size());
  return reason;
}

void PacketPolicy::DropOutbound(DropReason reason, size_t bytes) {
  options_.counters.outbound.Add(reason, bytes);
}

DropReason PacketPolicy::JudgeInbound(absl::Span<const uint8_t> bytes) const {
  Ipv4Packet packet;
  const DropReason reason =
      ParsePacket(bytes, std::max(options_.mtu_bytes, kOvocMtuBytes), &packet);
  if (reason != DropReason::kNone) {
    return reason;
  }
  if (packet.destination() != options_.overlay_address) {
    return IsGroup(packet.destination()) ? DropReason::kMulticastOrBroadcast
                                         : DropReason::kWrongDestination;
  }
  if (!reach_.Reaches(packet.source())) {
    return DropReason::kWrongSource;
  }
  if (packet.header_bytes() > kMinIpv4HeaderBytes) {
    return DropReason::kIpOptions;
  }
  return packet.protocol() == kIcmpProtocol ? JudgeIcmp(packet)
                                            : DropReason::kNone;
}

// A later fragment has no ICMP header to judge. It may pass: the kernel takes
// the type from the first fragment only, which comes through here too, and of
// an error no fragment does. RFC 1812 4.3.2.3 keeps errors to 576 bytes, which
// nobody has to cut.
DropReason PacketPolicy::JudgeIcmp(const Ipv4Packet& packet) const {
  if (packet.fragment_offset() > 0) {
    return DropReason::kNone;
  }
  switch (KindOf(packet.payload())) {
    case IcmpKind::kHarmless:
      return DropReason::kNone;
    case IcmpKind::kRedirect:
      return DropReason::kIcmpRedirect;
    case IcmpKind::kRouterAdvertisement:
      return DropReason::kRouterAdvertisement;
    case IcmpKind::kError:
      break;
  }
  const std::optional<QuotedPacket> quote = ReadQuote(packet.payload());
  const bool ours = !packet.is_fragment() && quote.has_value() &&
                    quote->source == options_.overlay_address &&
                    reach_.Reaches(quote->destination);
  return ours ? DropReason::kNone : DropReason::kForeignIcmpError;
}

DropReason PacketPolicy::JudgeOutbound(absl::Span<const uint8_t> bytes) const {
  Ipv4Packet packet;
  const DropReason reason = ParsePacket(bytes, options_.mtu_bytes, &packet);
  if (reason != DropReason::kNone) {
    return reason;
  }
  // The destination first: an IGMP report without a source is named a
  // multicast, not a wrong source.
  if (!reach_.Reaches(packet.destination())) {
    return IsGroup(packet.destination()) ? DropReason::kMulticastOrBroadcast
                                         : DropReason::kWrongDestination;
  }
  return packet.source() == options_.overlay_address ? DropReason::kNone
                                                     : DropReason::kWrongSource;
}

bool PacketPolicy::IsGroup(Ipv4Address address) const {
  return address.IsMulticast() ||
         address.value() == 0xFFFFFFFF ||  // RFC 919 7: everybody on this net
         address == options_.overlay.Broadcast();
}

}  // namespace ovoc::netif
