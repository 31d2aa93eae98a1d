// SPDX-License-Identifier: Apache-2.0
//
// What goes through the tunnel in benchmarks.

#ifndef OVOC_CONFORMANCE_BENCH_TRAFFIC_H_
#define OVOC_CONFORMANCE_BENCH_TRAFFIC_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "netif/testing/flow_packet.h"

namespace ovoc::conformance {

// Traffic is a burst of packets of one size and one flow in each direction: as
// many as make 64 KiB, but only 64 of the 64-byte packets. Those are UDP
// datagrams; larger ones are TCP segments with a timestamp, as Linux sends
// them.
struct Traffic {
  size_t packet_bytes = 0;  // with IP header
  // Up, from 169.254.0.2 to 169.254.0.1, as a TUN device with TSO and USO gives
  // it. A single packet does not have to be cut; only its checksum is missing.
  netif::FlowBurst burst;
  // Down, the other way: packet by packet, and as the frames of a server.
  std::vector<std::vector<uint8_t>> packets;
  std::vector<uint8_t> stream;
};

// MakeTraffic makes packets of 64 to 65,535 bytes.
Traffic MakeTraffic(size_t packet_bytes);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_BENCH_TRAFFIC_H_
