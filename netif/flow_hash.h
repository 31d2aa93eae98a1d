// SPDX-License-Identifier: Apache-2.0

#ifndef OVOC_NETIF_FLOW_HASH_H_
#define OVOC_NETIF_FLOW_HASH_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace ovoc::netif {

// FlowHash tells the packets of one flow from those of others, mostly: it is
// made of the addresses, the protocol and, of TCP and UDP, the ports; the
// fragments between two addresses are one flow. What is no IPv4 packet is one
// flow, too. It looks at nothing else, and is of use in this process only.
size_t FlowHash(absl::Span<const uint8_t> packet);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_FLOW_HASH_H_
