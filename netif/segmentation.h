// SPDX-License-Identifier: Apache-2.0
//
// Cuts a burst into packets, as the kernel does for a device that cannot take
// one: TSO and USO in software (tcp_gso_segment, __udp_gso_segment and
// inet_gso_segment of Linux).

#ifndef OVOC_NETIF_SEGMENTATION_H_
#define OVOC_NETIF_SEGMENTATION_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "netif/burst.h"
#include "netif/ipv4_packet.h"
#include "netif/virtio_net_header.h"

namespace ovoc::netif {

enum class SegmentationError {
  kNone,
  kEmpty,             // there is no byte at all
  kTooLong,           // above kMaxBurstBytes
  kUnsupportedGso,    // neither none nor TCP or UDP over IPv4
  kBadIpv4,           // no well-formed IPv4 packet, see Ipv4Packet::Parse
  kFragment,          // a fragment of a datagram
  kWrongProtocol,     // the packet's protocol is not the type's
  kBadHeader,         // TCP data offset or UDP length is not the packet's
  kBadChecksumPlace,  // outside of the packet; not the transport header's
  kBadGsoSize,        // segments without payload
  kNoPayload,         // nothing to cut
};

// Describe names the rule that an error breaks.
absl::string_view Describe(SegmentationError error);

// Segmenter gives the packets of one burst, one after the other. It allocates
// nothing and copies each payload once.
//
// A burst without GSO is one packet of any kind; its checksum is completed if
// the header asks for that. For TCP and UDP over IPv4 each packet has the
// burst's headers, options included, with its own length, sequence number and
// checksums. The identification counts up. Only the last packet has FIN and
// PSH, and only the first one CWR. header_bytes is not used: Linux puts there
// how many bytes happen to be in one piece of memory.
class Segmenter {
 public:
  // Begin takes a burst. Its packet must stay valid until done(). What was left
  // of the burst before is dropped. After an error there is nothing to take.
  [[nodiscard]] SegmentationError Begin(const Burst& burst);

  bool done() const { return rest_.empty(); }

  // next_bytes is the size of the next packet, 0 when done.
  size_t next_bytes() const;

  // Next writes the next packet to `out`, which must not overlap the burst, and
  // returns its size. 0 means that there is none, or that `out` is smaller than
  // next_bytes(); nothing happens then.
  size_t Next(absl::Span<uint8_t> out);

  // Skip leaves the next packet out, as if it were lost on its way. The packets
  // after it do not change. Nothing happens when done.
  void Skip();

 private:
  static constexpr size_t kMaxHeaderBytes = 120;  // IHL 15, data offset 15

  SegmentationError BeginWhole(const Burst& burst);
  SegmentationError BeginCut(const Burst& burst);
  void Prepare(const Ipv4Packet& packet);
  void WriteWhole(absl::Span<uint8_t> out) const;
  void WriteIpv4(absl::Span<uint8_t> out);
  void WriteTcp(absl::Span<const uint8_t> payload, absl::Span<uint8_t> out);
  void WriteUdp(absl::Span<const uint8_t> payload,
                absl::Span<uint8_t> out) const;

  GsoType gso_ = GsoType::kNone;
  VirtioNetHeader whole_;           // of a packet that is not cut
  absl::Span<const uint8_t> rest_;  // payload, or the whole packet
  std::array<uint8_t, kMaxHeaderBytes> headers_ = {};
  size_t ip_bytes_ = 0;
  size_t header_bytes_ = 0;  // of IP and transport, 0 of a whole packet
  size_t segment_bytes_ = 0;
  uint32_t ip_sum_ = 0;         // of the fields that all packets share
  uint32_t transport_sum_ = 0;  // so too, with the pseudo header
  uint16_t identification_ = 0;
  uint32_t sequence_ = 0;
  uint8_t flags_ = 0;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_SEGMENTATION_H_
