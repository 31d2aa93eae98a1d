// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/frame_queue.h"

#include <algorithm>
#include <vector>

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

// The first frame of `frames`, which were queued whole.
struct FirstFrame {
  Opcode opcode = Opcode::kBinary;
  size_t bytes = 0;
};

FirstFrame FirstOf(absl::Span<const uint8_t> frames) {
  frame::FrameHeader header;
  size_t header_bytes = 0;
  if (frame::DecodeFrameHeader(frames, &header, &header_bytes) !=
      frame::HeaderResult::kOk) {
    return {Opcode::kBinary, frames.size()};  // never
  }
  return {header.opcode,
          header_bytes + static_cast<size_t>(header.payload_length)};
}

// What is left of the frame that a cut behind the first `bytes` goes through;
// `begun` bytes at the front belong to one that was cut before.
size_t LeftOfFrame(absl::Span<const uint8_t> frames, size_t begun,
                   size_t bytes) {
  size_t end = begun;
  while (end < bytes) {
    end += FirstOf(frames.subspan(end)).bytes;
  }
  return end - bytes;
}

}  // namespace

absl::Span<const uint8_t> FrameQueue::bytes() const {
  if (is_ahead_next()) {
    return ahead_.bytes().first(turn_bytes_);
  }
  if (ahead_.empty()) {
    return bulk_.bytes();
  }
  return bulk_.bytes().first(begun_bytes_ > 0 ? begun_bytes_
                                              : FirstOf(bulk_.bytes()).bytes);
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
  ahead_begun_bytes_ = LeftOfFrame(ahead_.bytes(), ahead_begun_bytes_, bytes);
  ahead_.Consume(bytes);
  turn_bytes_ -= bytes;
  if (turn_bytes_ == 0 && bulk_.empty()) {
    turn_bytes_ = ahead_.bytes().size();
  }
}

void FrameQueue::ConsumeBulk(size_t bytes) {
  const size_t queued = bulk_.bytes().size();
  bytes = std::min(bytes, queued);
  begun_bytes_ =
      bytes == queued ? 0 : LeftOfFrame(bulk_.bytes(), begun_bytes_, bytes);
  consumed_ += bytes;
  bulk_.Consume(bytes);
  if (begun_bytes_ == 0) {
    turn_bytes_ = ahead_.bytes().size();
  }
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
  ahead_begun_bytes_ = 0;
  turn_bytes_ = 0;
}

// Drops the packets of `buffer` that have not begun; control frames stay.
void FrameQueue::DropPackets(OutputBuffer* buffer, size_t begun_bytes) {
  std::vector<uint8_t> kept;
  absl::Span<const uint8_t> rest = buffer->bytes().subspan(begun_bytes);
  while (!rest.empty()) {
    const FirstFrame first = FirstOf(rest);
    if (first.opcode == Opcode::kBinary) {
      ++dropped_packets_;
    } else {
      kept.insert(kept.end(), rest.begin(), rest.begin() + first.bytes);
    }
    rest.remove_prefix(first.bytes);
  }
  buffer->Truncate(begun_bytes);
  std::copy(kept.begin(), kept.end(), buffer->Reserve(kept.size()).begin());
  buffer->Commit(kept.size());
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
  if (is_closed_) {
    return false;
  }
  if (!goes_ahead) {
    is_closed_ = true;
    DropPackets(&ahead_, ahead_begun_bytes_);
    DropPackets(&bulk_, begun_bytes_);
  }
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

SendResult FrameQueue::WritePacket(const OutboundPacket& packet,
                                   PacketJudge judge) {
  const bool goes_ahead = GoesAhead(packet.bytes, packet.flow);
  if (!goes_ahead && !HasRoomBehind(packet.bytes)) {
    return SendResult::kNoRoom;
  }
  const absl::Span<uint8_t> frame =
      (goes_ahead ? ahead_ : bulk_)
          .Reserve(frame::ClientFrameBytes(packet.bytes));
  const absl::Span<uint8_t> place = frame.subspan(frame.size() - packet.bytes);
  packet.write(place);
  if (!judge(place)) {
    return SendResult::kDropped;
  }
  // RFC 6455 5.3 MUST: a fresh masking key for every frame
  Commit(
      frame::WriteClientFrame(Opcode::kBinary, place, mask_keys_.Next(), frame),
      goes_ahead);
  if (!goes_ahead) {
    flow_ends_[packet.flow % kFlows] = consumed_ + bulk_.bytes().size();
  }
  return SendResult::kQueued;
}

}  // namespace ovoc::tunnel
