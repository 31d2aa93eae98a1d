// SPDX-License-Identifier: Apache-2.0
//
// Bursts of packets, and flows of packets to be joined, out of a fuzzer's
// input.

#ifndef OVOC_FUZZ_SCRIPT_BURST_SCRIPT_H_
#define OVOC_FUZZ_SCRIPT_BURST_SCRIPT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fuzz/script/byte_source.h"
#include "netif/testing/flow_packet.h"

namespace ovoc::fuzz {

// ReadBurst reads a control byte: by its bits (0) UDP, not TCP; (1) IP options;
// (2) TCP options; (3) not to be cut; (4) a header of the input's own; (5) a
// packet of its own; (6) changes are mended; (7) a few bytes are changed. Then
// what these ask for, sizes and fields, and the payload.
netif::FlowBurst ReadBurst(ByteSource* source);

inline constexpr size_t kScriptFlows = 4;

// FlowScript gives packets of four flows, two of TCP and two of UDP, so that
// what follows what is one byte of input.
class FlowScript {
 public:
  explicit FlowScript(ByteSource* source);

  // Next reads a control byte: (0, 1) the flow; (2) PSH; (3) another size of
  // payload, in one byte; (4) a byte is changed and mended; (5) a byte is
  // changed; (6) the identification does not count; (7) a packet of its own,
  // of one byte at least.
  std::vector<uint8_t> Next();

 private:
  ByteSource* const source_;
  std::array<netif::FlowPacket, kScriptFlows> flows_;
};

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_SCRIPT_BURST_SCRIPT_H_
