// SPDX-License-Identifier: Apache-2.0

#ifndef OVOC_NETIF_FLOW_HASH_H_
#define OVOC_NETIF_FLOW_HASH_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace ovoc::netif {

// FlowHash distinguishes the packets of most flows. It is made from the
// addresses, the protocol and, for TCP and UDP, the ports. All fragments
// between two addresses are one flow, and so is everything that is not an IPv4
// packet. It looks at nothing else, and is only meaningful within this process.
size_t FlowHash(absl::Span<const uint8_t> packet);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_FLOW_HASH_H_
