// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/session.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "auth/secret.h"
#include "frame/frame_error.h"
#include "tunnel/session/close_frame.h"

namespace ovoc::tunnel {

using frame::Opcode;

absl::StatusOr<std::unique_ptr<Session>> Session::Create(
    const Options& options, const auth::WebSocketKey& key, RandomBytes random,
    Sink* sink, absl::Time now) {
  const absl::StatusOr<auth::Secret> head =
      BuildLoginRequest({options.host, options.shown_port, options.path,
                         options.user_agent, options.authorization},
                        key);
  if (!head.ok()) {
    return head.status();
  }
  auto session = std::unique_ptr<Session>(
      new Session(options, key, std::move(random), sink, now));
  const auto text = head->Reveal(auth::InsecureSecretAccess::Get());
  if (!session->output_.WriteRequest(text)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the upgrade request has ", text.size(),
        " bytes, but the output queue holds ", options.output_bytes));
  }
  return session;
}

Session::Session(const Options& options, const auth::WebSocketKey& key,
                 RandomBytes random, Sink* sink, absl::Time now)
    : options_(options),
      sink_(sink),
      login_(key, options.overlay, options.authorization, now),
      reader_({.max_payload_bytes = options.max_message_bytes,
               .max_message_bytes = options.max_message_bytes}),
      output_(options.output_bytes, std::move(random)) {}

void Session::OnBytes(absl::Span<const uint8_t> bytes, absl::Time now) {
  if (state_ == State::kLoggingIn) {
    OnLogin(login_.OnBytes(&bytes), now);
  }
  // What came in the segment of the 101 is the first frame already.
  if (state_ == State::kOpen || state_ == State::kClosing) {
    OnFrameBytes(bytes, now);
  }
}

void Session::OnLogin(Login::Result result, absl::Time now) {
  switch (result) {
    case Login::Result::kNeedMore:
      return;
    case Login::Result::kAccepted:
      Open(login_.overlay(), now);
      return;
    case Login::Result::kFailed:
      Finish(SessionEvent::kLoginFailed, login_.end());
      return;
  }
}

void Session::Open(const netif::Ipv4Prefix& overlay, absl::Time now) {
  netif::PacketPolicy::Options policy;
  policy.overlay_address = overlay.address();
  policy.ovoc_address = options_.overlay.ovoc_address;
  policy.overlay = overlay;
  policy.peer_to_peer = netif::PeerToPeer::kOn;  // as far as the prefix goes
  policy.left_out = options_.left_out;
  policy.mtu_bytes = options_.mtu_bytes;
  absl::StatusOr<netif::PacketPolicy> created =
      netif::PacketPolicy::Create(policy);
  if (!created.ok()) {
    Finish(SessionEvent::kLoginFailed,
           {EndReason::kHandshake, created.status()});
    return;
  }
  policy_ = *std::move(created);
  keep_alive_.emplace(options_.keep_alive, now);
  Move(SessionEvent::kLoggedIn);
  sink_->OnOpen(overlay);
}

void Session::OnFrameBytes(absl::Span<const uint8_t> bytes, absl::Time now) {
  while (state_ == State::kOpen || state_ == State::kClosing) {
    frame::Message message;
    const uint64_t frames_before = reader_.frames_begun();
    const frame::ReadResult result = reader_.Next(&bytes, &message);
    if (reader_.frames_begun() != frames_before) {
      keep_alive_->OnReceived(now);
    }
    switch (result) {
      case frame::ReadResult::kNeedMore:
        return;
      case frame::ReadResult::kError:
        FailFrame(reader_.error());
        return;
      case frame::ReadResult::kMessage:
        OnMessage(message, now);
        break;
    }
  }
}

void Session::OnMessage(const frame::Message& message, absl::Time now) {
  switch (message.opcode) {
    case Opcode::kBinary:
      keep_alive_->OnPacketReceived();
      if (state_ == State::kOpen &&
          policy_->CheckInbound(message.payload) == netif::DropReason::kNone) {
        sink_->OnPacket(message.payload);
      }
      return;
    case Opcode::kPing:
      ping_answer_.OnPing(message.payload);
      AnswerPing(now);
      return;
    case Opcode::kPong:
      // RFC 6455 5.5.3: it may answer nothing, as in recordings 03 and 04.
      ++pongs_received_;
      round_trip_.OnPong(message.payload.size(), now);
      return;
    case Opcode::kClose:
      OnClose(message.payload);
      return;
    case Opcode::kContinuation:
    case Opcode::kText:
      return;  // the reader's ovoc profile lets neither through
  }
}

// Nothing is owed once a Close has gone out.
void Session::AnswerPing(absl::Time now) {
  if (state_ == State::kOpen && ping_answer_.Write(&output_)) {
    keep_alive_->OnSent(now);
  }
}

void Session::OnClose(absl::Span<const uint8_t> payload) {
  Finish(SessionEvent::kCloseCame,
         state_ == State::kOpen
             ? AnswerClose(payload, &output_)
             : End{EndReason::kClosedByUs, absl::OkStatus()});
}

// RFC 6455 7.1.7 MUST: a connection that is failed is closed (a Close before)
void Session::FailFrame(frame::FrameError error) {
  if (state_ == State::kOpen) {
    WriteClose(frame::CloseCodeFor(error), &output_);
  }
  Finish(SessionEvent::kFrameBroken,
         {EndReason::kProtocolError,
          absl::InvalidArgumentError(frame::Describe(error))});
}

void Session::OnStreamEnd(const absl::Status& why) {
  switch (state_) {
    case State::kLoggingIn:
      login_.OnStreamEnd(why);
      Finish(SessionEvent::kStreamEnded, login_.end());
      return;
    case State::kOpen:
      Finish(SessionEvent::kStreamEnded,
             {why.ok() ? EndReason::kPeerGone : EndReason::kConnection,
              why.ok() ? absl::UnavailableError(
                             "the stream ended without a Close frame")
                       : why});
      return;
    case State::kClosing:
      Finish(SessionEvent::kStreamEnded,
             {EndReason::kClosedByUs, absl::OkStatus()});
      return;
    case State::kClosed:
      return;
  }
}

SendResult Session::SendPacket(const OutboundPacket& packet, absl::Time now) {
  // RFC 6455 5.5.1 MUST NOT: data frames after the Close
  // RFC 6455 6.1 MUST: data is sent in the state OPEN only
  if (state_ != State::kOpen) {
    return SendResult::kNotOpen;
  }
  if (packet.bytes > options_.mtu_bytes) {
    policy_->DropOutbound(netif::DropReason::kTooLong, packet.bytes);
    return SendResult::kDropped;
  }
  const SendResult result = output_.WritePacket(packet, [this](auto written) {
    return policy_->CheckOutbound(written) == netif::DropReason::kNone;
  });
  if (result == SendResult::kQueued) {
    keep_alive_->OnSent(now);
  }
  return result;
}

void Session::DropPacket(size_t bytes) {
  if (policy_.has_value()) {
    policy_->DropOutbound(netif::DropReason::kQueueFull, bytes);
  }
}

void Session::Close(absl::Time now) {
  switch (state_) {
    case State::kLoggingIn:
      Finish(SessionEvent::kCloseAsked,
             {EndReason::kClosedByUs, absl::OkStatus()});
      return;
    case State::kOpen:
      WriteClose(frame::CloseCode::kNormal, &output_);
      close_deadline_ = now + options_.close_timeout;
      Move(SessionEvent::kCloseAsked);
      return;
    case State::kClosing:
    case State::kClosed:
      return;
  }
}

void Session::Tune(const KeepAlive::Options& keep_alive) {
  options_.keep_alive = keep_alive;
  if (keep_alive_.has_value()) {
    keep_alive_->Tune(keep_alive);
  }
}

void Session::OnTime(absl::Time now) {
  switch (state_) {
    case State::kLoggingIn:
      OnLogin(login_.OnTime(now), now);
      return;
    case State::kOpen:
      OnKeepAlive(keep_alive_->Poll(now), now);
      return;
    case State::kClosing:
      if (now >= close_deadline_) {
        Finish(SessionEvent::kTimeUp,
               {EndReason::kClosedByUs, absl::OkStatus()});
      }
      return;
    case State::kClosed:
      return;
  }
}

void Session::OnKeepAlive(KeepAlive::Action action, absl::Time now) {
  switch (action) {
    case KeepAlive::Action::kNone:
      return;
    case KeepAlive::Action::kPing:
      Ping(now);
      return;
    case KeepAlive::Action::kDead:
      Finish(SessionEvent::kPeerSilent,
             {EndReason::kDeadPeer,
              absl::UnavailableError(absl::StrCat(
                  "nothing came from the server for ",
                  absl::FormatDuration(options_.keep_alive.dead_after),
                  ", not even answers to pings"))});
      return;
  }
}

absl::Time Session::NextTime() const {
  switch (state_) {
    case State::kLoggingIn:
      return login_.deadline();
    case State::kClosing:
      return close_deadline_;
    case State::kOpen:
      return keep_alive_->NextTime();
    case State::kClosed:
      break;
  }
  return absl::InfiniteFuture();
}

void Session::Ping(absl::Time now) {
  // A queue without room is a stalled stream: it counts as asked, so that its
  // silence ends the session all the same.
  if (output_.HasRoomForControl() && output_.WriteControl(Opcode::kPing, {})) {
    ++pings_sent_;
    round_trip_.OnPing(now);
  }
  keep_alive_->OnPing(now);
}

void Session::ConsumeOutput(size_t bytes, absl::Time now) {
  if (state_ == State::kLoggingIn) {
    output_.ConsumeAndWipe(bytes);  // the request holds the credentials
    return;
  }
  output_.Consume(bytes);
  AnswerPing(now);
}

// The only place where the state changes.
void Session::Move(SessionEvent event) {
  const State from = std::exchange(state_, NextState(state_, event));
  if (from == State::kLoggingIn && state_ == State::kClosed) {
    output_.WipeAll();  // a request that was not written whole
  }
}

// For the events that close the session in the state that it is in.
void Session::Finish(SessionEvent event, End end) {
  Move(event);
  end_ = std::move(end);
}

SessionCounters Session::counters() const {
  SessionCounters counters;
  counters.frames = reader_.counters();
  counters.pings_sent = pings_sent_;
  counters.pings_received = ping_answer_.pings_received();
  counters.pongs_received = pongs_received_;
  counters.pings_unanswered = ping_answer_.pings_unanswered();
  counters.packets_dropped_at_close = output_.dropped_packets();
  if (policy_.has_value()) {
    counters.packets = policy_->counters();
  }
  return counters;
}

}  // namespace ovoc::tunnel
