// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_OVOC_SERVER_HUB_H_
#define OVOC_CONFORMANCE_OVOC_SERVER_HUB_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "conformance/ovoc_server/address_pool.h"
#include "conformance/ovoc_server/peer.h"
#include "frame/frame_header.h"
#include "netif/ip_address.h"

namespace ovoc::conformance {

// tun-ws drops anything shorter: an IPv4 header without options.
inline constexpr size_t kMinPacketBytes = 20;

// What happened to the packets, in packets.
struct HubCounters {
  uint64_t to_device = 0;            // from peers, for OVOC
  uint64_t peer_to_peer = 0;         // passed on
  uint64_t from_device = 0;          // from OVOC, to peers
  uint64_t dropped_short = 0;        // under 20 bytes
  uint64_t dropped_source = 0;       // not the sender's overlay address
  uint64_t dropped_destination = 0;  // no overlay address in use
  uint64_t dropped_full = 0;         // the receiver's queue was full

  friend bool operator==(const HubCounters&, const HubCounters&) = default;
};

// Hub is the middle of the server. It knows the peers by their overlay
// addresses and passes packets between them and OVOC itself. It has the rules
// of tun-ws (protocol.md 3), which looks only at the two addresses: not at
// version, length or checksum.
class Hub : public PeerHost {
 public:
  // Takes a packet for OVOC; the bytes are valid during the call.
  using DeviceSink = std::function<void(absl::Span<const uint8_t> packet)>;

  // Fails as AddressPool::Create.
  [[nodiscard]] static absl::StatusOr<Hub> Create(
      const AddressPool::Options& options, DeviceSink device);

  // The instant of everything that happens next.
  void set_now(absl::Time now) { now_ = now; }

  // A packet from OVOC itself, for the peer that has its destination address.
  void OnDevicePacket(absl::Span<const uint8_t> packet);

  std::optional<OverlayLease> Admit(Peer* peer) override;
  void OnPacket(const Peer& from, const frame::FrameHeader& head,
                absl::Span<const uint8_t> packet) override;
  void Leave(Peer* peer) override;

  size_t peer_count() const { return pool_.taken(); }
  const HubCounters& counters() const { return counters_; }

 private:
  Hub(const AddressPool::Options& options, AddressPool pool, DeviceSink device);

  // Queues a packet for the peer that has the address; counts in `passed`.
  void PassOn(netif::Ipv4Address destination, const frame::FrameHeader& head,
              absl::Span<const uint8_t> packet, uint64_t* passed);

  netif::Ipv4Address ovoc_;
  int prefix_length_;
  AddressPool pool_;
  std::vector<Peer*> peers_;  // by place in the pool; null: not in use
  DeviceSink device_;
  absl::Time now_;
  HubCounters counters_;
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_OVOC_SERVER_HUB_H_
