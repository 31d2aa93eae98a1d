// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/judged_session.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/websocket_key.h"
#include "frame/frame_header.h"
#include "frame/message_reader.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_packets.h"
#include "fuzz/script/allocated_bytes.h"
#include "tunnel/session/frame_queue.h"
#include "tunnel/session/outbound_packet.h"
#include "tunnel/session/session.h"
#include "tunnel/session/testing/send_copy.h"

namespace ovoc::fuzz {
namespace {

using State = tunnel::Session::State;

// Masks are consecutive numbers in disguise, so that one tells which it is.
constexpr uint32_t kMaskFactor = 0x9E3779B1;
constexpr uint32_t kMaskInverse = 0x0E8B2F51;
static_assert(kMaskFactor * kMaskInverse == 1);

// A head of auth::kMaxHeadBytes, its fields as strings, the text of an end.
constexpr size_t kMaxLoginBytes = size_t{128} * 1024;
constexpr size_t kMaxEndBytes = 1024;

// Beside a packet there is room for its header (RFC 6455 5.2: 8 bytes of a
// masked frame up to 65535) and for the longest Close behind it.
constexpr size_t kFrameReserve = 8 + 6 + 125;

// What OVOC may give: 169.254.0.0/18, and no more.
constexpr uint32_t kRange = 0xA9FE0000;
constexpr int kRangePrefix = 18;
constexpr uint32_t kOvoc = 0xA9FE0001;

frame::MessageReaderOptions ServerSide() {
  return {.profile = frame::FramingProfile::kRfc6455,
          .role = frame::Role::kServer,
          .max_payload_bytes = 65535,
          .max_message_bytes = 4096};
}

}  // namespace

JudgedSession::JudgedSession(const tunnel::SessionOptions& options,
                             absl::Time now)
    : capacity_(options.output_bytes),
      output_limit_(options.output_bytes + tunnel::FrameQueue::kAheadBytes),
      server_(ServerSide()) {
  tunnel_.peer_to_peer = options.overlay.reach == netif::OverlayReach::kHosts;
  tunnel_.mtu_bytes = options.mtu_bytes;
  tunnel_.ovoc = kOvoc;
  auto session = tunnel::Session::Create(
      options, *auth::WebSocketKey::FromText("dGhlIHNhbXBsZSBub25jZQ=="),
      [this](absl::Span<uint8_t> out) {
        FUZZ_EXPECT(out.size() % 4 == 0);
        uint32_t mask = 0;
        for (size_t i = 0; i < out.size(); ++i) {
          mask = i % 4 == 0 ? ++masks_drawn_ * kMaskFactor : mask << 8;
          out[i] = static_cast<uint8_t>(mask >> 24);
        }
      },
      this, now);
  if (session.ok()) {
    session_ = *std::move(session);
    request_left_ = session_->output().size();
    Check();
  }
}

void JudgedSession::OnOpen(const netif::Ipv4Prefix& overlay) {
  FUZZ_EXPECT(!is_open_ && may_deliver_);
  is_open_ = true;
  tunnel_.ours = overlay.address().value();
  tunnel_.prefix_length = overlay.length();
  FUZZ_EXPECT(IsTunnel(tunnel_));
  FUZZ_EXPECT((tunnel_.ours ^ kRange) >> (32 - kRangePrefix) == 0);
  FUZZ_EXPECT(tunnel_.peer_to_peer
                  ? overlay.length() >= kRangePrefix && overlay.length() <= 30
                  : overlay.length() == 32);
}

void JudgedSession::OnPacket(absl::Span<const uint8_t> packet) {
  FUZZ_EXPECT(is_open_ && may_deliver_);
  FUZZ_EXPECT(NaiveInbound(tunnel_, packet) == netif::DropReason::kNone);
  ++packets_;
  for (const uint8_t byte : packet) {
    digest_ = (digest_ ^ byte) * 1099511628211u;
  }
}

void JudgedSession::OnBytes(absl::Span<const uint8_t> bytes, absl::Time now) {
  const size_t limit = is_open_ ? kMaxEndBytes : kMaxLoginBytes;
  const size_t before = AllocatedBytes();
  session_->OnBytes(bytes, now);
  FUZZ_EXPECT(AllocatedBytes() <= before + limit);
  Check();
}

void JudgedSession::OnStreamEnd(const absl::Status& why) {
  session_->OnStreamEnd(why);
  FUZZ_EXPECT(session_->state() == State::kClosed);
  Check();
}

void JudgedSession::SendPacket(absl::Span<const uint8_t> packet,
                               absl::Time now) {
  using Result = tunnel::SendResult;
  const size_t queued = session_->queued_bytes();
  const bool is_open = session_->state() == State::kOpen;
  const Result result = tunnel::SendCopy(packet, now, session_.get());
  const Result expected =
      !is_open                            ? Result::kNotOpen
      : packet.size() > tunnel_.mtu_bytes ? Result::kDropped
      : result == Result::kNoRoom         ? Result::kNoRoom
      : NaiveOutbound(tunnel_, packet) == netif::DropReason::kNone
          ? Result::kQueued
          : Result::kDropped;
  FUZZ_EXPECT(result == expected);
  if (result == Result::kNoRoom) {
    FUZZ_EXPECT(queued + packet.size() + kFrameReserve > capacity_);
    FUZZ_EXPECT(session_->queued_bytes() == queued);
  }
  if (result == Result::kQueued) {
    sent_.emplace_back(packet.begin(), packet.end());
  }
  Check();
}

void JudgedSession::Consume(size_t bytes, absl::Time now) {
  while (bytes > 0 && !session_->output().empty()) {
    const absl::Span<const uint8_t> piece =
        session_->output().subspan(0, bytes);
    bytes -= piece.size();
    ReadOutput(piece);
    output_at_end_ -= std::min(piece.size(), output_at_end_);
    session_->ConsumeOutput(piece.size(), now);
    Check();
  }
}

void JudgedSession::Close(absl::Time now) {
  session_->Close(now);
  FUZZ_EXPECT(session_->state() == State::kClosing ||
              session_->state() == State::kClosed);
  Check();
}

void JudgedSession::OnTime(absl::Time now) {
  session_->OnTime(now);
  FUZZ_EXPECT(session_->NextTime() > now);
  Check();
}

void JudgedSession::Check() {
  const State state = session_->state();
  const size_t output = session_->queued_bytes();
  FUZZ_EXPECT(output <= output_limit_);
  FUZZ_EXPECT(session_->output().empty() == (output == 0));
  FUZZ_EXPECT(session_->end().has_value() == (state == State::kClosed));
  FUZZ_EXPECT(is_open_ || state == State::kLoggingIn ||
              state == State::kClosed);
  FUZZ_EXPECT(!is_open_ || state != State::kLoggingIn);
  if (state == State::kClosing || state == State::kClosed) {
    FUZZ_EXPECT((state == State::kClosed) ==
                (session_->NextTime() == absl::InfiniteFuture()));
    if (may_deliver_) {
      may_deliver_ = false;
      output_at_end_ = output;
    }
    FUZZ_EXPECT(output == output_at_end_);
    // Credentials do not outlive a login that failed.
    FUZZ_EXPECT(is_open_ || output == 0);
  }
}

void JudgedSession::ReadOutput(absl::Span<const uint8_t> bytes) {
  const size_t request = std::min(bytes.size(), request_left_);
  request_left_ -= request;
  bytes.remove_prefix(request);
  FUZZ_EXPECT(bytes.empty() || is_open_);
  unread_.insert(unread_.end(), bytes.begin(), bytes.end());
  while (ReadFrame()) {
  }
}

// The first frame of unread_, RFC 6455 5.2, if it is whole.
bool JudgedSession::ReadFrame() {
  const std::vector<uint8_t>& in = unread_;
  if (in.size() < 4) {
    return false;
  }
  FUZZ_EXPECT((in[0] & 0xF0) == 0x80, "FIN, no reserved bit");
  FUZZ_EXPECT((in[1] & 0x80) != 0, "masked");
  const bool is_long = in[1] == 0x80 + 126;
  const size_t length = is_long ? in[2] * 256u + in[3] : in[1] - 0x80u;
  FUZZ_EXPECT(is_long == (length > 125) && in[1] != 0xFF);
  const size_t header = is_long ? 8 : 6;
  if (in.size() < header + length) {
    return false;
  }
  uint32_t mask = 0;
  for (size_t i = header - 4; i < header; ++i) {
    mask = mask << 8 | in[i];
  }
  const uint32_t number = mask * kMaskInverse;
  FUZZ_EXPECT(number > 0 && number <= masks_drawn_, "a mask that was drawn");
  FUZZ_EXPECT(masks_used_.insert(number).second, "a fresh mask");
  std::vector<uint8_t> payload;
  payload.reserve(length);
  for (size_t i = 0; i < length; ++i) {
    payload.push_back(in[header + i] ^ in[header - 4 + i % 4]);
  }
  absl::Span<const uint8_t> frame =
      absl::MakeConstSpan(in).first(header + length);
  frame::Message message;
  FUZZ_EXPECT(server_.Next(&frame, &message) == frame::ReadResult::kMessage);
  FUZZ_EXPECT(frame.empty() && message.payload == absl::MakeSpan(payload));
  FUZZ_EXPECT(static_cast<int>(message.opcode) == (in[0] & 0x0F));
  CheckFrame(message.opcode, payload);
  unread_.erase(unread_.begin(),
                unread_.begin() + static_cast<std::ptrdiff_t>(header + length));
  return true;
}

void JudgedSession::CheckFrame(frame::Opcode opcode,
                               absl::Span<const uint8_t> payload) {
  FUZZ_EXPECT(!close_seen_, "nothing behind a Close, RFC 6455 5.5.1");
  switch (opcode) {
    case frame::Opcode::kBinary:
      TakeSent(payload);
      return;
    case frame::Opcode::kClose:
      close_seen_ = true;
      // It goes ahead of what had not begun, which is counted.
      FUZZ_EXPECT(sent_.size() ==
                  session_->counters().packets_dropped_at_close);
      sent_.clear();
      return;
    case frame::Opcode::kPing:
      FUZZ_EXPECT(payload.empty());
      return;
    case frame::Opcode::kPong:
      FUZZ_EXPECT(session_->counters().pings_received > 0);
      return;
    case frame::Opcode::kContinuation:
    case frame::Opcode::kText:
      FUZZ_EXPECT(false, "a packet is one binary message");
  }
}

// A packet may go before those of other flows, but not before one of its own.
void JudgedSession::TakeSent(absl::Span<const uint8_t> packet) {
  auto it = sent_.begin();
  while (it != sent_.end() && absl::MakeSpan(*it) != packet) {
    FUZZ_EXPECT(!NaiveSameFlow(*it, packet));
    ++it;
  }
  FUZZ_EXPECT(it != sent_.end());
  sent_.erase(it);
}

void JudgedSession::ExpectAllWritten() const {
  FUZZ_EXPECT(session_->output().empty() && unread_.empty() && sent_.empty());
}

void JudgedSession::ExpectSameAs(const JudgedSession& other) const {
  const tunnel::Session& a = *session_;
  const tunnel::Session& b = *other.session_;
  FUZZ_EXPECT(a.state() == b.state());
  FUZZ_EXPECT(a.output() == b.output());
  FUZZ_EXPECT(a.NextTime() == b.NextTime());
  FUZZ_EXPECT(packets_ == other.packets_ && digest_ == other.digest_);
  FUZZ_EXPECT(tunnel_.ours == other.tunnel_.ours);
  const tunnel::SessionCounters ours = a.counters();
  const tunnel::SessionCounters theirs = b.counters();
  FUZZ_EXPECT(ours.frames == theirs.frames);
  FUZZ_EXPECT(ours.packets.inbound.dropped_packets() ==
              theirs.packets.inbound.dropped_packets());
  FUZZ_EXPECT(ours.packets.inbound.accepted_packets() == packets_);
  FUZZ_EXPECT(ours.pings_received == theirs.pings_received &&
              ours.pings_sent == theirs.pings_sent &&
              ours.pongs_received == theirs.pongs_received &&
              ours.pings_unanswered == theirs.pings_unanswered);
  if (a.end().has_value()) {
    FUZZ_EXPECT(a.end()->reason == b.end()->reason &&
                a.end()->detail == b.end()->detail);
  }
}

}  // namespace ovoc::fuzz
