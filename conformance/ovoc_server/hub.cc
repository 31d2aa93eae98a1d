// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/hub.h"

#include <utility>

namespace ovoc::conformance {
namespace {

constexpr size_t kSourceOffset = 12;       // RFC 791 3.1
constexpr size_t kDestinationOffset = 16;  // RFC 791 3.1

// The caller has checked that the packet holds a whole header.
netif::Ipv4Address AddressAt(absl::Span<const uint8_t> packet, size_t offset) {
  uint32_t value = 0;
  for (const uint8_t byte : packet.subspan(offset, netif::kIpv4AddressBytes)) {
    value = value << 8 | byte;
  }
  return netif::Ipv4Address::FromHostOrder(value);
}

}  // namespace

absl::StatusOr<Hub> Hub::Create(const AddressPool::Options& options,
                                DeviceSink device) {
  absl::StatusOr<AddressPool> pool = AddressPool::Create(options);
  if (!pool.ok()) {
    return pool.status();
  }
  return Hub(options, *std::move(pool), std::move(device));
}

Hub::Hub(const AddressPool::Options& options, AddressPool pool,
         DeviceSink device)
    : ovoc_(options.ovoc),
      prefix_length_(options.prefix_length),
      pool_(std::move(pool)),
      peers_(pool_.capacity(), nullptr),
      device_(std::move(device)) {}

std::optional<OverlayLease> Hub::Admit(Peer* peer) {
  const std::optional<netif::Ipv4Address> address = pool_.Take();
  if (!address.has_value()) {
    return std::nullopt;
  }
  peers_[*pool_.IndexOf(*address)] = peer;
  return OverlayLease{*address, prefix_length_};
}

void Hub::Leave(Peer* peer) {
  const std::optional<OverlayLease>& lease = peer->lease();
  if (!lease.has_value()) {
    return;
  }
  const std::optional<size_t> index = pool_.IndexOf(lease->address);
  if (index.has_value() && peers_[*index] == peer) {
    peers_[*index] = nullptr;
    pool_.Return(lease->address);
  }
}

void Hub::OnPacket(const Peer& from, const frame::FrameHeader& head,
                   absl::Span<const uint8_t> packet) {
  if (packet.size() < kMinPacketBytes) {
    ++counters_.dropped_short;
    return;
  }
  if (!from.lease().has_value() ||
      AddressAt(packet, kSourceOffset) != from.lease()->address) {
    ++counters_.dropped_source;
    return;
  }
  const netif::Ipv4Address destination = AddressAt(packet, kDestinationOffset);
  if (destination == ovoc_) {
    ++counters_.to_device;
    device_(packet);
    return;
  }
  PassOn(destination, head, packet, &counters_.peer_to_peer);
}

void Hub::OnDevicePacket(absl::Span<const uint8_t> packet) {
  // The kernel sends IPv6 into every device it has.
  if (packet.size() < kMinPacketBytes || packet[0] >> 4 != 4) {
    ++counters_.dropped_short;
    return;
  }
  frame::FrameHeader head;
  head.payload_length = packet.size();
  PassOn(AddressAt(packet, kDestinationOffset), head, packet,
         &counters_.from_device);
}

void Hub::PassOn(netif::Ipv4Address destination, const frame::FrameHeader& head,
                 absl::Span<const uint8_t> packet, uint64_t* passed) {
  const std::optional<size_t> index = pool_.IndexOf(destination);
  if (!index.has_value() || peers_[*index] == nullptr) {
    ++counters_.dropped_destination;
    return;
  }
  if (!peers_[*index]->SendPacket(head, packet, now_)) {
    ++counters_.dropped_full;
    return;
  }
  ++*passed;
}

}  // namespace ovoc::conformance
