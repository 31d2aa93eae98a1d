// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SESSION_SESSION_H_
#define OVOC_TUNNEL_SESSION_SESSION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/response_head.h"
#include "auth/websocket_key.h"
#include "frame/message_reader.h"
#include "netif/ip_address.h"
#include "netif/packet_policy.h"
#include "tunnel/session/frame_queue.h"
#include "tunnel/session/keep_alive.h"
#include "tunnel/session/login.h"
#include "tunnel/session/mask_keys.h"
#include "tunnel/session/outbound_packet.h"
#include "tunnel/session/ping_answer.h"
#include "tunnel/session/round_trip.h"
#include "tunnel/session/session_counters.h"
#include "tunnel/session/session_end.h"
#include "tunnel/session/session_options.h"
#include "tunnel/session/session_state.h"

namespace ovoc::tunnel {

// Session is the whole protocol of one connection, from the upgrade request to
// the close (protocol.md), without IO. Bytes, packets, time and random bytes
// come in; bytes to send and packets go out. All times are from one monotonic
// clock. Nothing that a peer sends makes it grow.
//
// After each call, the caller writes output() to the stream. When state() is
// kClosed, it writes what is left (a Close frame) and ends the stream.
class Session {
 public:
  using RandomBytes = MaskKeys::RandomBytes;
  using Options = SessionOptions;
  using State = SessionState;

  // Sink gets what comes out of the tunnel. It must not call the session.
  class Sink {
   public:
    virtual ~Sink() = default;
    // The 101 is verified, and packets may flow. The overlay is Login's,
    // narrowed.
    virtual void OnOpen(const netif::Ipv4Prefix& overlay) = 0;
    // A packet for this device that passed the policy. It is valid during the
    // call.
    virtual void OnPacket(absl::Span<const uint8_t> packet) = 0;
    // No more packets follow for now, so those that were held back can go on.
    virtual void OnReadEnd() {}
  };

  // Makes a session that begins `now`, with its upgrade request in output().
  // Fails if the host, the path or the user agent has characters that a request
  // must not have.
  static absl::StatusOr<std::unique_ptr<Session>> Create(
      const Options& options, const auth::WebSocketKey& key, RandomBytes random,
      Sink* sink, absl::Time now);

  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Takes bytes of the stream, in any pieces.
  void OnBytes(absl::Span<const uint8_t> bytes, absl::Time now);

  // The stream has nothing more to read for now. The sink is told.
  void OnReadEnd() { sink_->OnReadEnd(); }

  // The stream has ended. `why` is OK if it ended in order.
  void OnStreamEnd(const absl::Status& why);

  // Takes a packet that the device wants to send. It is written only if it can
  // be queued: it is not larger than the MTU, and there is room.
  SendResult SendPacket(const OutboundPacket& packet, absl::Time now);

  void DropPacket(size_t bytes);  // counts one dropped after kNoRoom

  // Begins an orderly close (1000). If the login is not done, the session just
  // ends.
  void Close(absl::Time now);

  void Tune(const KeepAlive::Options& keep_alive);  // adopts other times

  void OnTime(absl::Time now);
  absl::Time NextTime() const;  // when OnTime is to be called

  // The bytes to write next, valid until the next call. ConsumeOutput drops the
  // first `bytes` of them. There may be more once it has dropped all.
  absl::Span<const uint8_t> output() const { return output_.bytes(); }
  size_t queued_bytes() const { return output_.size(); }
  void ConsumeOutput(size_t bytes, absl::Time now);

  State state() const { return state_; }
  // Set when the state is kClosed.
  const std::optional<End>& end() const { return end_; }

  // The server's answer to the login, once that was accepted.
  const auth::ResponseHead& answer() const { return login_.answer(); }

  SessionCounters counters() const;

  // How long this connection's pings took; nullopt before one was answered.
  const std::optional<RoundTripTimes>& round_trip() const {
    return round_trip_.times();
  }

 private:
  Session(const Options& options, const auth::WebSocketKey& key,
          RandomBytes random, Sink* sink, absl::Time now);

  void OnLogin(Login::Result result, absl::Time now);
  void Open(const netif::Ipv4Prefix& overlay, absl::Time now);
  void OnFrameBytes(absl::Span<const uint8_t> bytes, absl::Time now);
  void OnMessage(const frame::Message& message, absl::Time now);
  void OnClose(absl::Span<const uint8_t> payload);
  void FailFrame(frame::FrameError error);
  void OnKeepAlive(KeepAlive::Action action, absl::Time now);
  void Ping(absl::Time now);
  void AnswerPing(absl::Time now);
  void Move(SessionEvent event);
  void Finish(SessionEvent event, End end);

  Options options_;
  Sink* const sink_;

  State state_ = State::kLoggingIn;
  std::optional<End> end_;
  Login login_;
  absl::Time close_deadline_ = absl::InfiniteFuture();  // set when closing
  frame::MessageReader reader_;
  FrameQueue output_;
  std::optional<KeepAlive> keep_alive_;        // set when open
  std::optional<netif::PacketPolicy> policy_;  // set when open
  PingAnswer ping_answer_;
  RoundTrip round_trip_;
  uint64_t pings_sent_ = 0;
  uint64_t pongs_received_ = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SESSION_SESSION_H_
