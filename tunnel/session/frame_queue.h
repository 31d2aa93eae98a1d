// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SESSION_FRAME_QUEUE_H_
#define OVOC_TUNNEL_SESSION_FRAME_QUEUE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "frame/frame_header.h"
#include "tunnel/session/mask_keys.h"
#include "tunnel/session/outbound_packet.h"
#include "tunnel/session/output_buffer.h"

namespace ovoc::tunnel {

// FrameQueue has what a session still has to send, with a fixed capacity: the
// upgrade request, then frames, each masked with a key of its own.
//
// It is two queues. A small packet of a flow that has nothing waiting (SNMP,
// NTP, a name query, an acknowledgment), and a Ping or Pong, go ahead of the
// packets of a file that are waiting already, like the sparse flows of FQ-CoDel
// (RFC 8290 4.1). Within a flow the order never changes. The two take turns:
// first what has come goes ahead, then one frame of the others, so that nobody
// is starved.
//
// A Close is last, and drops the packets of which nothing was sent yet. It
// follows the frame in progress and the answers to Pings at once, so that on a
// slow line it does not wait for everything that is queued.
class FrameQueue {
 public:
  // Whether the packet that was written may be sent.
  using PacketJudge = absl::FunctionRef<bool(absl::Span<const uint8_t>)>;

  // The room for what goes ahead, in addition to the capacity.
  static constexpr size_t kAheadBytes = 16384;

  FrameQueue(size_t capacity, MaskKeys::RandomBytes random)
      : ahead_(kAheadBytes), bulk_(capacity), mask_keys_(std::move(random)) {}

  // How much is queued.
  size_t size() const { return ahead_.bytes().size() + bulk_.bytes().size(); }

  // The bytes to send next, in one piece. That need not be all that is queued,
  // but it is empty only if nothing is. Valid until the next call.
  absl::Span<const uint8_t> bytes() const;
  // Drops the first `bytes` of bytes(), at most all of it.
  void Consume(size_t bytes);
  // For credentials: overwrites the bytes that it drops.
  void ConsumeAndWipe(size_t bytes);
  void WipeAll();

  // Queues bytes that are not a frame, before all frames. False if there is not
  // enough room.
  bool WriteRequest(absl::string_view request);

  // Queues a control frame; nothing may be queued after a Close. False if there
  // is no room. There always is for the first Close.
  bool WriteControl(frame::Opcode opcode, absl::Span<const uint8_t> payload);

  // The packets that a Close has dropped.
  uint64_t dropped_packets() const { return dropped_packets_; }

  // Whether there is room for any control frame; for a Close there always is.
  bool HasRoomForControl() const;

  // Queues a packet in a binary frame, written in its place, if `judge` lets it
  // pass: kQueued, kNoRoom (the judge was not asked) or kDropped (the judge
  // refused it).
  SendResult WritePacket(const OutboundPacket& packet, PacketJudge judge);

 private:
  static constexpr size_t kFlows = 256;  // those that share a place, share fate

  bool GoesAhead(size_t bytes, size_t flow) const;
  bool HasRoomBehind(size_t bytes) const;
  bool is_ahead_next() const { return begun_bytes_ == 0 && turn_bytes_ > 0; }
  void Commit(size_t bytes, bool goes_ahead);
  void ConsumeAhead(size_t bytes);
  void ConsumeBulk(size_t bytes);
  void DropPackets(OutputBuffer* buffer, size_t begun_bytes);

  OutputBuffer ahead_;
  // Like begun_bytes_, for the frame at the front of ahead_.
  size_t ahead_begun_bytes_ = 0;
  // The whole frames at the front of ahead_ whose turn it is; all of them if
  // bulk_ is empty.
  size_t turn_bytes_ = 0;
  OutputBuffer bulk_;
  // The rest of the frame (or request) at the front of bulk_ if a part of it
  // was sent. 0 means that a frame begins at the front.
  size_t begun_bytes_ = 0;
  uint64_t consumed_ = 0;  // of bulk_, since the beginning
  // The end of a flow's last frame in bulk_, counted like consumed_. It is
  // still waiting if it was not consumed.
  std::array<uint64_t, kFlows> flow_ends_ = {};
  bool is_closed_ = false;  // a Close was queued
  uint64_t dropped_packets_ = 0;
  MaskKeys mask_keys_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SESSION_FRAME_QUEUE_H_
