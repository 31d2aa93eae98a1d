// SPDX-License-Identifier: Apache-2.0

#ifndef OVOC_NETIF_BURST_H_
#define OVOC_NETIF_BURST_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "netif/virtio_net_header.h"

namespace ovoc::netif {

inline constexpr size_t kMaxBurstBytes = 65535;  // RFC 791 3.1: total length

// Burst is one IP packet, or several packets of one flow joined into one, with
// a header that says what still has to be done to it. It is a view of the
// packet.
struct Burst {
  VirtioNetHeader header;
  absl::Span<const uint8_t> packet;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_BURST_H_
