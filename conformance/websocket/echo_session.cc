// SPDX-License-Identifier: Apache-2.0
#include "conformance/websocket/echo_session.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "auth/secret.h"
#include "auth/upgrade_response.h"
#include "frame/frame_error.h"
#include "frame/frame_parser.h"
#include "frame/frame_writer.h"
#include "frame/mask.h"

namespace ovoc::conformance {
namespace {

using frame::Opcode;

// The largest request: host, path and user agent at their limits, and the rest.
constexpr size_t kMaxRequestBytes = 2048;

// What always has to fit: a Close, or a Pong.
constexpr size_t kControlBytes =
    frame::ClientFrameBytes(frame::kMaxControlPayloadBytes);

// Of the text of kReadOne: a number.
constexpr size_t kMaxTextBytes = 64;

// Two echoes of the largest message: so the server may send the next one while
// it reads the first.
size_t OutputBytes(size_t max_message_bytes) {
  return 2 * frame::ClientFrameBytes(max_message_bytes) + kControlBytes +
         kMaxRequestBytes;
}

auth::WebSocketKey NewKey(const EchoSession::RandomBytes& random) {
  // RFC 6455 4.1: a nonce selected randomly for each connection.
  std::array<uint8_t, auth::kWebSocketNonceBytes> nonce;
  random(absl::MakeSpan(nonce));
  return auth::WebSocketKey::FromRandom(nonce);
}

absl::Status TooLong(absl::string_view what, absl::Duration limit) {
  return absl::DeadlineExceededError(
      absl::StrCat(what, " within ", absl::FormatDuration(limit)));
}

}  // namespace

EchoSession::EchoSession(const auth::UpgradeRequest& request, Task task,
                         const Limits& limits, RandomBytes random,
                         absl::Time now)
    : task_(task),
      limits_(limits),
      random_(std::move(random)),
      deadline_(now + limits.whole),
      key_(NewKey(random_)),
      reader_({.profile = frame::FramingProfile::kRfc6455,
               .role = frame::Role::kClient,
               .max_payload_bytes = limits.max_message_bytes,
               .max_message_bytes = limits.max_message_bytes}),
      output_(OutputBytes(limits.max_message_bytes)),
      last_activity_(now) {
  const auth::Secret head = auth::BuildUpgradeRequest(request, key_, nullptr);
  const absl::string_view text = head.Reveal(auth::InsecureSecretAccess::Get());
  output_.Add({reinterpret_cast<const uint8_t*>(text.data()), text.size()}, {},
              Writing::kTogether);
}

void EchoSession::OnBytes(absl::Span<const uint8_t>* bytes, absl::Time now) {
  while (!bytes->empty()) {
    switch (state_) {
      case State::kUpgrade:
        OnHeadBytes(bytes, now);
        break;
      case State::kOpen:
        last_activity_ = now;
        if (!HasRoomForEcho()) {
          return;
        }
        OnFrameBytes(bytes);
        break;
      case State::kClosing:
        last_activity_ = now;
        *bytes = {};
        break;
      case State::kEnded:
        *bytes = {};
        break;
    }
  }
}

void EchoSession::OnHeadBytes(absl::Span<const uint8_t>* bytes,
                              absl::Time now) {
  size_t consumed = 0;
  const auth::ResponseHeadParser::Result result = head_.Add(*bytes, &consumed);
  bytes->remove_prefix(consumed);
  switch (result) {
    case auth::ResponseHeadParser::Result::kNeedMore:
      return;
    case auth::ResponseHeadParser::Result::kError:
      End(EchoEnd::Reason::kRefused, head_.status(), now);
      return;
    case auth::ResponseHeadParser::Result::kDone:
      break;
  }
  if (absl::Status status =
          auth::CheckHandshake(head_.head(), key_, /*offered=*/"");
      !status.ok()) {
    End(EchoEnd::Reason::kRefused, std::move(status), now);
    return;
  }
  last_activity_ = now;
  state_ = State::kOpen;
}

void EchoSession::OnFrameBytes(absl::Span<const uint8_t>* bytes) {
  frame::Message message;
  switch (reader_.Next(bytes, &message)) {
    case frame::ReadResult::kNeedMore:
      return;
    case frame::ReadResult::kError:
      end_.error = reader_.error();
      // RFC 6455 7.1.7: what came before is answered, nothing behind it.
      Close(EchoEnd::Reason::kBrokenRule, frame::CloseCodeFor(reader_.error()));
      return;
    case frame::ReadResult::kMessage:
      OnMessage(message);
      return;
  }
}

void EchoSession::OnMessage(const frame::Message& message) {
  switch (message.opcode) {
    case Opcode::kText:
    case Opcode::kBinary:
      OnData(message);
      return;
    case Opcode::kPing:
      // RFC 6455 5.5.2: a Pong for a Ping, with its payload (5.5.3).
      Send(Opcode::kPong, message.payload);
      return;
    case Opcode::kClose:
      OnClose(message.payload);
      return;
    case Opcode::kPong:
    case Opcode::kContinuation:
      return;
  }
}

void EchoSession::OnData(const frame::Message& message) {
  switch (task_) {
    case Task::kEcho:
      Send(message.opcode, message.payload);
      return;
    case Task::kReadOne:
      break;
  }
  if (message.opcode != Opcode::kText) {
    Close(EchoEnd::Reason::kWeClosed, frame::CloseCode::kUnsupportedData);
    return;
  }
  const absl::Span<const uint8_t> kept =
      message.payload.subspan(0, kMaxTextBytes);
  text_.assign(kept.begin(), kept.end());
  Close(EchoEnd::Reason::kWeClosed, frame::CloseCode::kNormal);
}

void EchoSession::OnClose(absl::Span<const uint8_t> payload) {
  frame::ClosePayload close;  // The reader has judged it: kOk.
  if (frame::ParseClosePayload(payload, &close) !=
      frame::ClosePayloadResult::kOk) {
    close.code = frame::CloseCode::kNoStatus;
  }
  // RFC 6455 5.5.1: a Close for a Close, with the code it had.
  Close(EchoEnd::Reason::kServerClosed, close.code);
}

void EchoSession::Close(EchoEnd::Reason reason, frame::CloseCode code) {
  std::array<uint8_t, frame::kMaxControlPayloadBytes> payload;
  const size_t size =
      frame::EncodeClosePayload(code, "", absl::MakeSpan(payload));
  Send(Opcode::kClose, absl::MakeConstSpan(payload).first(size));
  end_.reason = reason;
  end_.code = code;
  // RFC 6455 5.5.1: no frame is sent after a Close.
  state_ = State::kClosing;
}

// There is room: see HasRoomForEcho.
void EchoSession::Send(Opcode opcode, absl::Span<const uint8_t> payload) {
  frame::MaskKey key;
  // RFC 6455 5.3: a fresh mask key, unpredictable, for each frame.
  random_(absl::MakeSpan(key));
  frame_.resize(frame::ClientFrameBytes(payload.size()));
  frame::WriteClientFrame(opcode, payload, key, absl::MakeSpan(frame_));
  output_.Add(frame_, {}, Writing::kTogether);
}

bool EchoSession::HasRoomForEcho() const {
  return output_.room() >=
         frame::ClientFrameBytes(limits_.max_message_bytes) + kControlBytes;
}

void EchoSession::OnStreamEnd(const absl::Status& why, absl::Time now) {
  switch (state_) {
    case State::kUpgrade:
      End(EchoEnd::Reason::kRefused, why.ok() ? head_.EndOfInput() : why, now);
      break;
    case State::kOpen:
      End(EchoEnd::Reason::kStreamEnd, why, now);
      break;
    case State::kClosing:
      End(end_.reason, why, now);
      break;
    case State::kEnded:
      break;
  }
  if (!why.ok()) {
    output_.Wrote(output_.size());
  }
}

void EchoSession::OnTime(absl::Time now) {
  if (now < NextTime()) {
    return;
  }
  const bool whole = now >= deadline_;
  switch (state_) {
    case State::kUpgrade:
      End(EchoEnd::Reason::kRefused,
          TooLong("the answer to the upgrade request was not complete",
                  limits_.silence),
          now);
      break;
    case State::kOpen:
      End(EchoEnd::Reason::kTimeout,
          whole ? TooLong("the case was not over", limits_.whole)
                : TooLong("nothing came or went", limits_.silence),
          now);
      break;
    case State::kClosing:
      End(end_.reason,
          output_.empty()
              ? TooLong("the server did not end the stream", limits_.close)
              : TooLong("the server did not read our Close", limits_.silence),
          now);
      break;
    case State::kEnded:
      break;
  }
  output_.Wrote(output_.size());
}

absl::Time EchoSession::NextTime() const {
  switch (state_) {
    case State::kUpgrade:
    case State::kOpen:
      return std::min(deadline_, last_activity_ + limits_.silence);
    case State::kClosing:
      return std::min(
          {deadline_, last_activity_ + limits_.silence, close_deadline_});
    case State::kEnded:
      break;
  }
  return done() ? absl::InfiniteFuture() : last_activity_ + limits_.silence;
}

void EchoSession::ConsumeOutput(size_t count, absl::Time now) {
  output_.Wrote(count);
  if (state_ != State::kUpgrade) {
    last_activity_ = now;
  }
  if (state_ == State::kClosing && output_.empty()) {
    close_deadline_ = std::min(close_deadline_, now + limits_.close);
  }
}

void EchoSession::End(EchoEnd::Reason reason, absl::Status detail,
                      absl::Time now) {
  state_ = State::kEnded;
  end_.reason = reason;
  end_.detail = std::move(detail);
  last_activity_ = now;
}

}  // namespace ovoc::conformance
