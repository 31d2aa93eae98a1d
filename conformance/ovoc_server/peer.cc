// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/peer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/string_view.h"
#include "conformance/ovoc_server/answer_head.h"
#include "frame/frame_error.h"
#include "frame/frame_writer.h"

namespace ovoc::conformance {
namespace {

using frame::Opcode;

// Kept free of packets: an answer, a pong and a Close must fit.
constexpr size_t kReserveBytes = 4096;

absl::Span<const uint8_t> AsBytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

frame::MessageReaderOptions StrictOptions() {
  frame::MessageReaderOptions options;
  options.profile = frame::FramingProfile::kRfc6455;
  options.role = frame::Role::kServer;
  return options;
}

// The head to pass a frame on under: as it came, but for the mask.
frame::FrameHeader Unmasked(const frame::FrameHeader& header) {
  frame::FrameHeader unmasked = header;
  unmasked.masked = false;
  unmasked.mask_key = {};
  return unmasked;
}

}  // namespace

Peer::Peer(const Options* options, PeerHost* host,
           std::function<void()> output_ready, absl::Time now)
    : options_(options),
      host_(host),
      output_ready_(std::move(output_ready)),
      output_(std::max(options->max_output_bytes, 2 * kReserveBytes)),
      last_received_(now),
      last_sent_(now) {
  AwaitRequest(now);
}

Peer::~Peer() { End(PeerEnd::kPeerClosed); }

bool Peer::is_strict() const {
  return options_->rules.style == ServerStyle::kStrict;
}

void Peer::OnBytes(absl::Span<const uint8_t> bytes, absl::Time now,
                   absl::Time wall) {
  last_received_ = now;
  while (state_ == State::kRequest && !bytes.empty()) {
    OnRequestBytes(&bytes, now, wall);
  }
  if (state_ != State::kOpen) {
    return;
  }
  // What came behind the request in one piece are frames already.
  if (is_strict()) {
    OnStrictBytes(bytes, now);
  } else {
    OnLegacyBytes(bytes, now);
  }
}

void Peer::OnRequestBytes(absl::Span<const uint8_t>* bytes, absl::Time now,
                          absl::Time wall) {
  size_t consumed = 0;
  const RequestHeadParser::Result result = request_->Add(*bytes, &consumed);
  bytes->remove_prefix(consumed);
  switch (result) {
    case RequestHeadParser::Result::kNeedMore:
      return;
    case RequestHeadParser::Result::kError:
      Refuse(AnswerCode::kBadRequest, Afterlife::kClose, now, wall);
      return;
    case RequestHeadParser::Result::kDone:
      Answer(DecideUpgrade(options_->rules, request_->head()), now, wall);
      return;
  }
}

void Peer::Answer(const UpgradeDecision& decision, absl::Time now,
                  absl::Time wall) {
  if (decision.code != AnswerCode::kSwitchingProtocols) {
    Refuse(decision.code, decision.afterlife, now, wall);
    return;
  }
  lease_ = host_->Admit(this);
  if (!lease_.has_value()) {
    Refuse(AnswerCode::kTooManyPeers, decision.afterlife, now, wall);
    return;
  }
  Open(decision, now, wall);
}

void Peer::Open(const UpgradeDecision& decision, absl::Time now,
                absl::Time wall) {
  state_ = State::kOpen;
  last_sent_ = now;
  if (is_strict()) {
    strict_ = std::make_unique<frame::MessageReader>(StrictOptions());
  }
  Acceptance acceptance;
  acceptance.accept = decision.accept;
  acceptance.subprotocol = decision.subprotocol;
  acceptance.overlay_address = lease_->address;
  acceptance.overlay_prefix_length = lease_->prefix_length;
  // Alone: AudioCodes' client throws frames in the same segment away. Without
  // room, behind refusals that nobody read, there is no tunnel.
  if (!Queue(AsBytes(RenderAcceptance(options_->rules.style, acceptance, wall)),
             {}, Writing::kAlone)) {
    End(PeerEnd::kRefused);
  }
}

void Peer::Refuse(AnswerCode code, Afterlife afterlife, absl::Time now,
                  absl::Time wall) {
  // A client that sends requests and never reads answers is not served further.
  const bool queued = Queue(
      AsBytes(RenderRefusal(options_->rules.style, code, afterlife, wall)), {},
      Writing::kAlone);
  if (afterlife == Afterlife::kKeepAlive && queued) {
    AwaitRequest(now);
    return;
  }
  End(PeerEnd::kRefused);
}

void Peer::AwaitRequest(absl::Time now) {
  request_.emplace(is_strict() ? Tolerance::kStrict : Tolerance::kNginx);
  request_deadline_ = now + kRequestLimit;
}

void Peer::OnLegacyBytes(absl::Span<const uint8_t> bytes, absl::Time now) {
  LegacyFrame frame;
  while (state_ == State::kOpen &&
         legacy_.Next(&bytes, &frame) == LegacyFrameReader::Result::kFrame) {
    OnLegacyFrame(frame, now);
  }
}

void Peer::OnLegacyFrame(const LegacyFrame& frame, absl::Time now) {
  switch (frame.header.opcode) {
    case Opcode::kContinuation:
    case Opcode::kText:
    case Opcode::kBinary:
      host_->OnPacket(*this, Unmasked(frame.header), frame.payload);
      return;
    case Opcode::kPing:
      // Whatever it carried: nothing comes back (recording 03).
      Pong({}, now);
      return;
    case Opcode::kPong:
      return;
    case Opcode::kClose:
      OnClose(frame.payload);
      End(PeerEnd::kCloseFrame);
      return;
  }
  End(PeerEnd::kProtocolError);  // a reserved opcode (recording 23)
}

void Peer::OnStrictBytes(absl::Span<const uint8_t> bytes, absl::Time now) {
  while (state_ == State::kOpen) {
    frame::Message message;
    switch (strict_->Next(&bytes, &message)) {
      case frame::ReadResult::kNeedMore:
        return;
      case frame::ReadResult::kError:
        SendClose(frame::CloseCodeFor(strict_->error()));
        End(PeerEnd::kProtocolError);
        return;
      case frame::ReadResult::kMessage:
        OnStrictMessage(message, now);
        break;
    }
  }
}

void Peer::OnStrictMessage(const frame::Message& message, absl::Time now) {
  frame::FrameHeader head;
  switch (message.opcode) {
    case Opcode::kBinary:
      head.payload_length = message.payload.size();
      host_->OnPacket(*this, head, message.payload);
      return;
    case Opcode::kPing:
      Pong(message.payload, now);
      return;
    case Opcode::kClose:
      // The reader has judged the payload; an empty one is answered empty.
      SendClose(OnClose(message.payload));
      End(PeerEnd::kCloseFrame);
      return;
    case Opcode::kText:
      SendClose(frame::CloseCode::kUnsupportedData);
      End(PeerEnd::kProtocolError);
      return;
    case Opcode::kPong:
    case Opcode::kContinuation:
      return;
  }
}

void Peer::Pong(absl::Span<const uint8_t> payload, absl::Time now) {
  if (options_->pongs == Pongs::kAnswered) {
    SendControl(Opcode::kPong, payload);
    last_sent_ = now;
  }
}

frame::CloseCode Peer::OnClose(absl::Span<const uint8_t> payload) {
  frame::ClosePayload close;
  if (frame::ParseClosePayload(payload, &close) ==
      frame::ClosePayloadResult::kOk) {
    close_code_ = close.code;
  }
  return close_code_;
}

void Peer::SendClose(frame::CloseCode code) {
  std::array<uint8_t, frame::kMaxControlPayloadBytes> payload;
  const size_t size =
      frame::EncodeClosePayload(code, "", absl::MakeSpan(payload));
  SendControl(Opcode::kClose, absl::MakeConstSpan(payload).first(size));
}

// One that finds no room is lost: the client does not read.
void Peer::SendControl(Opcode opcode, absl::Span<const uint8_t> payload) {
  std::array<uint8_t, frame::ServerFrameBytes(frame::kMaxControlPayloadBytes)>
      bytes;
  const size_t size =
      frame::WriteServerFrame(opcode, payload, absl::MakeSpan(bytes));
  Queue(absl::MakeConstSpan(bytes).first(size), {},
        is_strict() ? Writing::kTogether : Writing::kAlone);
}

bool Peer::SendPacket(const frame::FrameHeader& head,
                      absl::Span<const uint8_t> packet, absl::Time now) {
  if (state_ != State::kOpen) {
    return false;
  }
  std::array<uint8_t, frame::kMaxFrameHeaderBytes> bytes;
  const size_t size = frame::EncodeFrameHeader(head, absl::MakeSpan(bytes));
  if (output_.room() < kReserveBytes + size + packet.size() ||
      !Queue(absl::MakeConstSpan(bytes).first(size), packet,
             is_strict() ? Writing::kTogether : Writing::kAlone)) {
    ++dropped_full_;
    return false;
  }
  last_sent_ = now;
  return true;
}

bool Peer::Queue(absl::Span<const uint8_t> head, absl::Span<const uint8_t> rest,
                 Writing writing) {
  const bool was_empty = output_.empty();
  if (!output_.Add(head, rest, writing)) {
    return false;
  }
  if (was_empty && !output_.empty() && output_ready_) {
    output_ready_();
  }
  return true;
}

void Peer::Stop() {
  if (state_ == State::kOpen && is_strict()) {
    SendClose(frame::CloseCode::kGoingAway);
  }
  End(PeerEnd::kStopped);
}

void Peer::OnTime(absl::Time now) {
  if (now < NextTime()) {
    return;
  }
  if (state_ == State::kRequest) {
    End(PeerEnd::kRequestTimeout);
    return;
  }
  if (is_strict()) {
    SendClose(frame::CloseCode::kGoingAway);
  }
  End(PeerEnd::kIdle);
}

absl::Time Peer::NextTime() const {
  switch (state_) {
    case State::kRequest:
      return request_deadline_;
    case State::kOpen:
      if (options_->rules.style == ServerStyle::kLegacyNginx) {
        return std::min(
            last_received_ + kIdleLimit,
            std::max(last_received_, last_sent_) + kNginxSilenceLimit);
      }
      return last_received_ + kIdleLimit;
    case State::kEnded:
      break;
  }
  return absl::InfiniteFuture();
}

void Peer::End(PeerEnd end) {
  if (state_ == State::kEnded) {
    return;
  }
  const bool admitted = state_ == State::kOpen;
  state_ = State::kEnded;
  end_ = end;
  if (admitted) {
    host_->Leave(this);
  }
}

}  // namespace ovoc::conformance
