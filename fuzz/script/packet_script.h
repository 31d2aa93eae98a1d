// SPDX-License-Identifier: Apache-2.0
//
// Tunnels and packets out of a fuzzer's input.

#ifndef OVOC_FUZZ_SCRIPT_PACKET_SCRIPT_H_
#define OVOC_FUZZ_SCRIPT_PACKET_SCRIPT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fuzz/oracle/naive_packets.h"
#include "fuzz/script/byte_source.h"

namespace ovoc::fuzz {

inline constexpr size_t kMaxScriptPacketBytes = 2047;

// What SetAddresses is given for one end of a packet.
enum class ScriptEnd : uint8_t { kAsGiven, kOurs, kOvoc, kPeer };

// The first byte of a packet in a script: the fields to mend, the two ends, and
// whether two bytes of size follow instead of one.
inline constexpr int kScriptSourceShift = 3;
inline constexpr int kScriptDestinationShift = 5;
inline constexpr uint8_t kScriptLongPacket = 0x80;

// ReadTunnel reads 12 bytes: our address, OVOC's, prefix length, peer-to-peer,
// MTU. Any values: they need not make a tunnel. A host near ours is left out.
NaiveTunnel ReadTunnel(ByteSource* source);

// ReadPacket reads the first byte, the size, and a block of the packet's first
// bytes; zeros fill it up.
std::vector<uint8_t> ReadPacket(const NaiveTunnel& tunnel, ByteSource* source);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_SCRIPT_PACKET_SCRIPT_H_
