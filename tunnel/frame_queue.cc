// SPDX-License-Identifier: Apache-2.0
#include "tunnel/frame_queue.h"

#include <algorithm>

#include "frame/frame_writer.h"

namespace ovoc::tunnel {
namespace {

using frame::Opcode;

// Kept free of packets, so that a Close and an answer to a ping always fit.
constexpr size_t kControlReserveBytes =
    2 * frame::ClientFrameBytes(frame::kMaxControlPayloadBytes);

// Kept free of larger packets. SNMP, NTP, DNS, pings and acknowledgments are
// small; segments of a file are of the MTU.
constexpr size_t kSmallPacketBytes = 512;
constexpr size_t kSmallReserveBytes = 16384;

}  // namespace

bool FrameQueue::WriteRequest(absl::string_view request) {
  const absl::Span<uint8_t> out = output_.Reserve(request.size());
  if (out.empty()) {
    return false;
  }
  std::copy(request.begin(), request.end(), out.begin());
  output_.Commit(request.size());
  return true;
}

bool FrameQueue::WriteControl(Opcode opcode,
                              absl::Span<const uint8_t> payload) {
  const absl::Span<uint8_t> out =
      output_.Reserve(frame::ClientFrameBytes(payload.size()));
  if (out.empty()) {
    return false;
  }
  // RFC 6455 5.3 MUST: a fresh masking key for every frame
  output_.Commit(
      frame::WriteClientFrame(opcode, payload, mask_keys_.Next(), out));
  return true;
}

bool FrameQueue::HasRoomForControl() const {
  return output_.room() >= kControlReserveBytes;
}

bool FrameQueue::HasRoomForPacket(size_t bytes) const {
  const size_t kept = kControlReserveBytes +
                      (bytes > kSmallPacketBytes ? kSmallReserveBytes : 0);
  return output_.room() >= frame::ClientFrameBytes(bytes) + kept;
}

bool FrameQueue::WritePacket(size_t bytes, PacketWriter write,
                             PacketJudge judge) {
  const absl::Span<uint8_t> frame =
      output_.Reserve(frame::ClientFrameBytes(bytes));
  if (frame.empty()) {
    return false;
  }
  const absl::Span<uint8_t> packet = frame.subspan(frame.size() - bytes);
  write(packet);
  if (!judge(packet)) {
    return false;
  }
  // RFC 6455 5.3 MUST: a fresh masking key for every frame
  output_.Commit(frame::WriteClientFrame(Opcode::kBinary, packet,
                                         mask_keys_.Next(), frame));
  return true;
}

}  // namespace ovoc::tunnel
