// SPDX-License-Identifier: Apache-2.0
#include "tunnel/frame_queue.h"

#include <algorithm>

#include "frame/frame_writer.h"

namespace ovoc::tunnel {
namespace {

using frame::Opcode;

constexpr size_t kMaxControlFrameBytes =
    frame::ClientFrameBytes(frame::kMaxControlPayloadBytes);

// Kept free of packets: for a Ping and a Pong ahead, for a Close behind.
constexpr size_t kAheadReserveBytes = 2 * kMaxControlFrameBytes;
constexpr size_t kBulkReserveBytes = kMaxControlFrameBytes;

// SNMP, NTP, DNS, pings and acknowledgments are small; segments of a file are
// of the MTU.
constexpr size_t kSmallPacketBytes = 512;

}  // namespace

absl::Span<const uint8_t> FrameQueue::bytes() const {
  if (is_ahead_next()) {
    return ahead_.bytes().first(turn_bytes_);
  }
  if (ahead_.empty()) {
    return bulk_.bytes();
  }
  return bulk_.bytes().first(begun_bytes_ > 0 ? begun_bytes_ : FrameBytesAt(0));
}

void FrameQueue::Consume(size_t bytes) {
  if (is_ahead_next()) {
    ConsumeAhead(bytes);
  } else {
    ConsumeBulk(bytes);
  }
}

void FrameQueue::ConsumeAhead(size_t bytes) {
  bytes = std::min(bytes, turn_bytes_);
  ahead_.Consume(bytes);
  turn_bytes_ -= bytes;
  if (turn_bytes_ == 0 && bulk_.empty()) {
    turn_bytes_ = ahead_.bytes().size();
  }
}

void FrameQueue::ConsumeBulk(size_t bytes) {
  const size_t queued = bulk_.bytes().size();
  bytes = std::min(bytes, queued);
  size_t end = bytes == queued ? queued : begun_bytes_;
  while (end < bytes) {
    end += FrameBytesAt(end);
  }
  begun_bytes_ = end - bytes;
  consumed_ += bytes;
  bulk_.Consume(bytes);
  if (begun_bytes_ == 0) {
    turn_bytes_ = ahead_.bytes().size();
  }
}

// The size of the frame in bulk_ that begins there.
size_t FrameQueue::FrameBytesAt(size_t offset) const {
  const absl::Span<const uint8_t> rest = bulk_.bytes().subspan(offset);
  frame::FrameHeader header;
  size_t header_bytes = 0;
  if (frame::DecodeFrameHeader(rest, &header, &header_bytes) !=
      frame::HeaderResult::kOk) {
    return rest.size();  // never: every frame was queued whole
  }
  return header_bytes + static_cast<size_t>(header.payload_length);
}

void FrameQueue::ConsumeAndWipe(size_t bytes) {
  const size_t queued = bulk_.bytes().size();
  bulk_.ConsumeAndWipe(bytes);
  begun_bytes_ -= std::min(begun_bytes_, queued - bulk_.bytes().size());
}

void FrameQueue::WipeAll() {
  ahead_.ConsumeAndWipe(ahead_.capacity());
  bulk_.ConsumeAndWipe(bulk_.capacity());
  begun_bytes_ = 0;
  turn_bytes_ = 0;
}

bool FrameQueue::WriteRequest(absl::string_view request) {
  const absl::Span<uint8_t> out = bulk_.Reserve(request.size());
  if (out.empty()) {
    return false;
  }
  std::copy(request.begin(), request.end(), out.begin());
  bulk_.Commit(request.size());
  begun_bytes_ = request.size();
  return true;
}

bool FrameQueue::WriteControl(Opcode opcode,
                              absl::Span<const uint8_t> payload) {
  // RFC 6455 5.5.1 MUST NOT: data frames after the Close
  const bool goes_ahead = opcode != Opcode::kClose;
  const absl::Span<uint8_t> out =
      (goes_ahead ? ahead_ : bulk_)
          .Reserve(frame::ClientFrameBytes(payload.size()));
  if (out.empty()) {
    return false;
  }
  // RFC 6455 5.3 MUST: a fresh masking key for every frame
  Commit(frame::WriteClientFrame(opcode, payload, mask_keys_.Next(), out),
         goes_ahead);
  if (!goes_ahead) {
    turn_bytes_ = ahead_.bytes().size();  // all of it before the Close
  }
  return true;
}

void FrameQueue::Commit(size_t bytes, bool goes_ahead) {
  const bool may_begin = ahead_.empty() && begun_bytes_ == 0;
  (goes_ahead ? ahead_ : bulk_).Commit(bytes);
  if (goes_ahead && may_begin) {
    turn_bytes_ = bytes;
  }
}

bool FrameQueue::HasRoomForControl() const {
  return ahead_.room() >= kMaxControlFrameBytes;
}

// With nothing in bulk_ there is nobody to go ahead of.
bool FrameQueue::GoesAhead(size_t bytes, size_t flow) const {
  return !bulk_.empty() && bytes <= kSmallPacketBytes &&
         flow_ends_[flow % kFlows] <= consumed_ &&
         ahead_.room() >= frame::ClientFrameBytes(bytes) + kAheadReserveBytes;
}

bool FrameQueue::HasRoomBehind(size_t bytes) const {
  return bulk_.room() >= frame::ClientFrameBytes(bytes) + kBulkReserveBytes;
}

bool FrameQueue::HasRoomForPacket(size_t bytes, size_t flow) const {
  return HasRoomBehind(bytes) || GoesAhead(bytes, flow);
}

FrameQueue::Written FrameQueue::WritePacket(const OutboundPacket& packet,
                                            PacketJudge judge) {
  const bool goes_ahead = GoesAhead(packet.bytes, packet.flow);
  if (!goes_ahead && !HasRoomBehind(packet.bytes)) {
    return Written::kNoRoom;
  }
  const absl::Span<uint8_t> frame =
      (goes_ahead ? ahead_ : bulk_)
          .Reserve(frame::ClientFrameBytes(packet.bytes));
  const absl::Span<uint8_t> place = frame.subspan(frame.size() - packet.bytes);
  packet.write(place);
  if (!judge(place)) {
    return Written::kRefused;
  }
  // RFC 6455 5.3 MUST: a fresh masking key for every frame
  Commit(
      frame::WriteClientFrame(Opcode::kBinary, place, mask_keys_.Next(), frame),
      goes_ahead);
  if (!goes_ahead) {
    flow_ends_[packet.flow % kFlows] = consumed_ + bulk_.bytes().size();
  }
  return Written::kQueued;
}

}  // namespace ovoc::tunnel
