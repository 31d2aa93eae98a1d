// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_OVOC_SERVER_PEER_H_
#define OVOC_CONFORMANCE_OVOC_SERVER_PEER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "conformance/ovoc_server/legacy_frames.h"
#include "conformance/ovoc_server/output_queue.h"
#include "conformance/ovoc_server/peer_end.h"
#include "conformance/ovoc_server/peer_host.h"
#include "conformance/ovoc_server/request_head.h"
#include "conformance/ovoc_server/upgrade_decision.h"
#include "frame/close_code.h"
#include "frame/frame_header.h"
#include "frame/message_reader.h"

namespace ovoc::conformance {

// tun-ws drops a peer from which nothing came for more than 60 s; its clock
// ticks in seconds (recording 16: 61.4 s).
inline constexpr absl::Duration kIdleLimit = absl::Seconds(61);
// nginx cuts a tunnel that was silent both ways (recordings 17 and 18).
inline constexpr absl::Duration kNginxSilenceLimit = absl::Seconds(60);
// The time for a whole request: nginx's client_header_timeout.
inline constexpr absl::Duration kRequestLimit = absl::Seconds(60);
// The most bytes that one connection may have queued before packets for it are
// dropped.
inline constexpr size_t kMaxPeerOutputBytes = 524288;

enum class Pongs { kAnswered, kOff };

// Peer is the server's end of one connection, without a socket: bytes go in and
// come out, and packets go to and come from its host. Once it has ended, send
// what NextWrite() still has, and close the connection.
class Peer {
 public:
  struct Options {
    UpgradeRules rules;
    Pongs pongs = Pongs::kAnswered;
    size_t max_output_bytes = kMaxPeerOutputBytes;
  };

  // `output_ready` is called whenever the output queue stops being empty.
  // Options and host must outlive the peer.
  Peer(const Options* options, PeerHost* host,
       std::function<void()> output_ready, absl::Time now);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  // Bytes from the client. `wall` is the time of day, for Date.
  void OnBytes(absl::Span<const uint8_t> bytes, absl::Time now,
               absl::Time wall);
  // The stream ended: kPeerClosed or kTransport.
  void OnStreamEnd(PeerEnd why) { End(why); }
  // NextTime() may have come.
  void OnTime(absl::Time now);
  absl::Time NextTime() const;
  // The server stops: Close 1001 from the strict server, nothing from tun-ws.
  void Stop();

  // Queues a packet for the client with this frame head. If the tunnel is not
  // open or the queue is full, it drops the packet and returns false.
  bool SendPacket(const frame::FrameHeader& head,
                  absl::Span<const uint8_t> packet, absl::Time now);

  // What to write next in one piece; see OutputQueue.
  absl::Span<const uint8_t> NextWrite() const { return output_.NextWrite(); }
  void Wrote(size_t count) { output_.Wrote(count); }

  bool open() const { return state_ == State::kOpen; }
  bool ended() const { return state_ == State::kEnded; }
  PeerEnd end() const { return end_; }  // valid once ended()
  // The code of the client's Close frame; kNoStatus when it had none.
  frame::CloseCode close_code() const { return close_code_; }
  // Set while the tunnel is open and afterwards.
  const std::optional<OverlayLease>& lease() const { return lease_; }
  // Packets dropped because the queue was full.
  uint64_t dropped_full() const { return dropped_full_; }

 private:
  enum class State {
    kRequest,  // waits for a request, the first or, behind nginx, another
    kOpen,     // the 101 is queued: frames
    kEnded,
  };

  bool is_strict() const;
  void OnRequestBytes(absl::Span<const uint8_t>* bytes, absl::Time now,
                      absl::Time wall);
  void Answer(const UpgradeDecision& decision, absl::Time now, absl::Time wall);
  void Open(const UpgradeDecision& decision, absl::Time now, absl::Time wall);
  void Refuse(AnswerCode code, Afterlife afterlife, absl::Time now,
              absl::Time wall);
  void AwaitRequest(absl::Time now);
  void OnLegacyBytes(absl::Span<const uint8_t> bytes, absl::Time now);
  void OnLegacyFrame(const LegacyFrame& frame, absl::Time now);
  void OnStrictBytes(absl::Span<const uint8_t> bytes, absl::Time now);
  void OnStrictMessage(const frame::Message& message, absl::Time now);
  void Pong(absl::Span<const uint8_t> payload, absl::Time now);
  frame::CloseCode OnClose(absl::Span<const uint8_t> payload);
  void SendClose(frame::CloseCode code);
  void SendControl(frame::Opcode opcode, absl::Span<const uint8_t> payload);
  bool Queue(absl::Span<const uint8_t> head, absl::Span<const uint8_t> rest,
             Writing writing);
  void End(PeerEnd end);

  const Options* const options_;
  PeerHost* const host_;
  const std::function<void()> output_ready_;
  State state_ = State::kRequest;
  PeerEnd end_ = PeerEnd::kPeerClosed;
  frame::CloseCode close_code_ = frame::CloseCode::kNoStatus;
  std::optional<RequestHeadParser> request_;
  absl::Time request_deadline_;
  LegacyFrameReader legacy_;
  std::unique_ptr<frame::MessageReader> strict_;  // made when open
  OutputQueue output_;
  std::optional<OverlayLease> lease_;
  absl::Time last_received_;
  absl::Time last_sent_;
  uint64_t dropped_full_ = 0;
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_OVOC_SERVER_PEER_H_
