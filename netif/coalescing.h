// SPDX-License-Identifier: Apache-2.0
//
// Joins packets of one flow into bursts, as generic receive offload does: the
// host takes a burst at the price of a packet.

#ifndef OVOC_NETIF_COALESCING_H_
#define OVOC_NETIF_COALESCING_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "absl/types/span.h"
#include "netif/burst.h"
#include "netif/virtio_net_header.h"

namespace ovoc::netif {

inline constexpr size_t kMaxBurstDatagrams = 64;  // Linux: UDP_GRO_CNT_MAX

// Coalescer joins packets that follow each other, so that Segmenter can give
// them back byte for byte (except for the identification of atomic datagrams,
// which means nothing: RFC 6864 4.1). It never changes their order. It keeps
// one burst of at most kMaxBurstBytes and allocates nothing after construction.
//
// It joins IPv4 packets without options that are not fragments and have the
// same addresses, traffic class, TTL and flags, and correct checksums:
//
//   TCP  with payload, no flags but ACK and PSH, the same ports,
//        acknowledgment number, window and options, and the next sequence
//        number
//   UDP  with a checksum and payload, the same ports; at most
//        kMaxBurstDatagrams
//
// Without DF the identification has to count up. All payloads have the same
// size, but the last one may be smaller. A smaller payload or PSH ends a burst.
class Coalescer {
 public:
  // Which bursts the device takes.
  struct Options {
    bool tcp = true;
    bool udp = true;
  };

  // Called from within Add and Flush, which it must not call. The burst is
  // valid during the call.
  using Output = std::function<void(const Burst&)>;

  Coalescer(const Options& options, Output output);

  // Add takes one packet. If it cannot be joined, it is put out unchanged and
  // without a copy, after what is pending.
  void Add(absl::Span<const uint8_t> packet);

  // Flush puts out what is pending. Call it when no more packets are at hand. A
  // burst of one packet is put out unchanged. There is no timer.
  void Flush();

 private:
  struct Candidate;  // a packet that may be joined with others

  bool Judge(absl::Span<const uint8_t> packet, Candidate* candidate) const;
  bool Follows(const Candidate& candidate) const;
  bool Append(const Candidate& candidate);
  bool Open(const Candidate& candidate);
  VirtioNetHeader Join();

  const Options options_;
  const Output output_;
  // kMaxBurstBytes; the open burst is at the front. It is not zeroed, so that
  // bytes that are never used take no memory.
  const std::unique_ptr<uint8_t[]> buffer_;
  // The open burst.
  GsoType gso_ = GsoType::kNone;
  size_t packets_ = 0;  // 0: there is none
  size_t bytes_ = 0;
  size_t header_bytes_ = 0;   // of IP and transport
  size_t segment_bytes_ = 0;  // payload of the first packet
  uint32_t next_sequence_ = 0;
  uint16_t next_identification_ = 0;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_COALESCING_H_
