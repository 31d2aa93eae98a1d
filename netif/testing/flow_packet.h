// SPDX-License-Identifier: Apache-2.0
//
// TCP segments and UDP datagrams over IPv4 as values, for tests that cut and
// join them.

#ifndef OVOC_NETIF_TESTING_FLOW_PACKET_H_
#define OVOC_NETIF_TESTING_FLOW_PACKET_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "netif/burst.h"
#include "netif/virtio_net_header.h"

namespace ovoc::netif {

// FlowPacket is one packet field by field. The default is a TCP segment from
// OVOC to us without payload.
struct FlowPacket {
  uint8_t protocol = 6;  // or 17, UDP
  uint8_t traffic_class = 0;
  uint16_t identification = 0x1234;
  uint16_t flags = 0x4000;  // don't fragment; with the fragment offset
  uint8_t ttl = 64;
  uint32_t source = 0xA9FE0001;
  uint32_t destination = 0xA9FE0002;
  std::vector<uint8_t> ip_options;  // a multiple of 4 bytes
  uint16_t source_port = 8080;
  uint16_t destination_port = 50000;
  std::vector<uint8_t> payload;
  // TCP only.
  uint32_t sequence = 1000;
  uint32_t acknowledgment = 2000;
  uint8_t reserved = 0;  // the four bits behind the data offset
  uint8_t tcp_flags = 0x10;
  uint16_t window = 501;
  uint16_t urgent = 0;
  std::vector<uint8_t> tcp_options;  // a multiple of 4 bytes
};

// Encode gives the packet's bytes, with lengths and checksums.
std::vector<uint8_t> Encode(const FlowPacket& packet);

// MendIpv4Checksum and MendTransportChecksum set a checksum right after a field
// was changed, in a packet as Encode makes it.
void MendIpv4Checksum(std::vector<uint8_t>* packet);
void MendTransportChecksum(std::vector<uint8_t>* packet);

// FlowBurst owns what a Burst views.
struct FlowBurst {
  VirtioNetHeader header;
  std::vector<uint8_t> packet;

  Burst view() const { return {header, packet}; }
};

// Join gives the burst that `packet` is, to be cut into segments of so many
// bytes of payload: as Linux hands it to a device with TSO and USO.
FlowBurst Join(const FlowPacket& packet, uint16_t segment_bytes);

// Noise gives bytes that look random and are the same in every run.
std::vector<uint8_t> Noise(size_t size, uint32_t seed = 1);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_TESTING_FLOW_PACKET_H_
