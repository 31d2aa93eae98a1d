// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_BENCH_MEMORY_PATH_H_
#define OVOC_CONFORMANCE_BENCH_MEMORY_PATH_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "conformance/bench/traffic.h"
#include "netif/burst.h"
#include "netif/coalescing.h"
#include "netif/ip_address.h"
#include "netif/segmentation.h"
#include "tunnel/session/outbound_packet.h"
#include "tunnel/session/session.h"

namespace ovoc::conformance {

// MemoryPath is what the client does with packets between its TUN device and
// TLS, without these two: an open session, with the segmenter in front of it
// and the coalescer behind it. Nothing in it asks the kernel or the machine's
// random source for anything, so the same packets always cost the same number
// of instructions.
class MemoryPath {
 public:
  // Logs in. `traffic` is what Up and Down move, and must outlive the path.
  // Fails if the session refuses the login.
  static absl::StatusOr<std::unique_ptr<MemoryPath>> Create(
      const Traffic* traffic);

  MemoryPath(const MemoryPath&) = delete;
  MemoryPath& operator=(const MemoryPath&) = delete;

  // Up takes the burst from the device, cuts it, and writes its packets as
  // frames to the output. The output goes to the stream whenever it is full,
  // and at the end. Returns how many packets were sent.
  size_t Up();

  // Down takes the stream from the server, one TLS record at a time. Its
  // packets are joined and go to the device. Returns how many did.
  size_t Down();

  // What the stream and the device have got since the login.
  uint64_t stream_bytes() const { return stream_bytes_; }
  uint64_t device_bytes() const { return sink_.device_bytes; }
  uint64_t device_bursts() const { return sink_.device_bursts; }

 private:
  class Sink : public tunnel::Session::Sink {
   public:
    Sink();
    void OnOpen(const netif::Ipv4Prefix&) override {}
    void OnPacket(absl::Span<const uint8_t> packet) override;

    netif::Coalescer coalescer;
    size_t packets = 0;
    uint64_t device_bytes = 0;
    uint64_t device_bursts = 0;
  };

  explicit MemoryPath(const Traffic* traffic) : traffic_(*traffic) {}

  tunnel::SendResult SendNext();
  void GiveOutput();

  const Traffic& traffic_;
  Sink sink_;
  netif::Segmenter segmenter_;
  size_t flow_ = 0;  // of the burst
  std::unique_ptr<tunnel::Session> session_;
  uint64_t stream_bytes_ = 0;
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_BENCH_MEMORY_PATH_H_
