// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_OVOC_SERVER_PEER_HOST_H_
#define OVOC_CONFORMANCE_OVOC_SERVER_PEER_HOST_H_

#include <cstdint>
#include <optional>

#include "absl/types/span.h"
#include "frame/frame_header.h"
#include "netif/ip_address.h"

namespace ovoc::conformance {

class Peer;

// OverlayLease is the address that a peer was assigned.
struct OverlayLease {
  netif::Ipv4Address address;
  int prefix_length = 0;
};

// PeerHost is what a peer needs from the rest of the server.
class PeerHost {
 public:
  virtual ~PeerHost() = default;
  // An overlay address for a peer that may log in; nullopt when none is free.
  virtual std::optional<OverlayLease> Admit(Peer* peer) = 0;
  // A packet came from an admitted peer, in a frame with this (unmasked) head.
  virtual void OnPacket(const Peer& from, const frame::FrameHeader& head,
                        absl::Span<const uint8_t> packet) = 0;
  // An admitted peer has ended.
  virtual void Leave(Peer* peer) = 0;
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_OVOC_SERVER_PEER_HOST_H_
