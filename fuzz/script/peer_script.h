// SPDX-License-Identifier: Apache-2.0
//
// A client of the stand-in server: its bytes, and the scene in which it sends
// them.

#ifndef OVOC_FUZZ_SCRIPT_PEER_SCRIPT_H_
#define OVOC_FUZZ_SCRIPT_PEER_SCRIPT_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "fuzz/oracle/naive_peer.h"

namespace ovoc::fuzz {

// PeerChoices is an input taken apart. Its last two octets are
//   scene    modulo 3: strict, tun-ws, tun-ws behind nginx; divided by 3, a sum
//            of 1: the pool is full; 2: a request that every server takes
//            stands in front; 4: what the input has comes 16 times; and of 8:
//            the server stops at the end, or of 16: 61 s pass there
//   cut      see Pieces
// and all before them are the client's bytes. Each is 0 when it is missing.
struct PeerChoices {
  std::vector<uint8_t> stream;
  uint8_t cut = 0;
  PeerScene scene;
};

PeerChoices ReadPeerChoices(absl::Span<const uint8_t> input);

// PlayPeer has a Peer at a Hub read the bytes in pieces, see Pieces.
PeerOutcome PlayPeer(absl::Span<const uint8_t> stream, uint8_t cut,
                     const PeerScene& scene);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_SCRIPT_PEER_SCRIPT_H_
