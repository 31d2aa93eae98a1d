// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SESSION_TESTING_SEND_COPY_H_
#define OVOC_TUNNEL_SESSION_TESTING_SEND_COPY_H_

#include <algorithm>
#include <cstdint>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "netif/flow_hash.h"
#include "tunnel/session/outbound_packet.h"
#include "tunnel/session/session.h"

namespace ovoc::tunnel {

// Sends a packet that lies in memory, as no device does: theirs are written
// where they are sent from.
inline SendResult SendCopy(absl::Span<const uint8_t> packet, absl::Time now,
                           Session* session) {
  const auto write = [packet](absl::Span<uint8_t> place) {
    std::copy(packet.begin(), packet.end(), place.begin());
  };
  return session->SendPacket({packet.size(), netif::FlowHash(packet), write},
                             now);
}

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SESSION_TESTING_SEND_COPY_H_
