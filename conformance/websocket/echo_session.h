// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_WEBSOCKET_ECHO_SESSION_H_
#define OVOC_CONFORMANCE_WEBSOCKET_ECHO_SESSION_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/response_head.h"
#include "auth/upgrade_request.h"
#include "auth/websocket_key.h"
#include "conformance/ovoc_server/output_queue.h"
#include "conformance/websocket/echo_end.h"
#include "frame/close_code.h"
#include "frame/frame_header.h"
#include "frame/message_reader.h"

namespace ovoc::conformance {

// EchoSession is a WebSocket client (RFC 6455) without a socket that echoes,
// from the upgrade request to the end of the stream: bytes go in, bytes come
// out. Whole messages go back with their own opcode. Pings are answered in
// between, and a Close with its own code. A broken rule is answered with the
// Close code of frame::CloseCodeFor, after everything that came before it. It
// offers no subprotocol and no extension, so an answer with one is refused.
//
// Memory: max_message_bytes for input; for output as much as needed, at most
// nine times that.
//
// After our Close, input is discarded. The server has some time to end the
// stream first (RFC 6455 7.1.1).
class EchoSession {
 public:
  using RandomBytes = std::function<void(absl::Span<uint8_t>)>;

  // What is done with messages.
  enum class Task {
    kEcho,     // Each is sent back.
    kReadOne,  // The first, a text, is kept; then the connection is closed.
  };

  struct Limits {
    size_t max_message_bytes = 16777216;  // 16 MiB, as Autobahn's 9.1.6 has.
    absl::Duration silence = absl::Seconds(60);  // Nothing in, nothing out.
    absl::Duration whole = absl::Minutes(10);    // The connection's life.
    // From our Close, once written, to the end of the stream.
    absl::Duration close = absl::Seconds(3);
  };

  // Queues the upgrade request. `request` offers no subprotocol; `random` must
  // be a CSPRNG: masks and the key come from it.
  EchoSession(const auth::UpgradeRequest& request, Task task,
              const Limits& limits, RandomBytes random, absl::Time now);
  EchoSession(const EchoSession&) = delete;
  EchoSession& operator=(const EchoSession&) = delete;

  // Takes bytes from the server, in any pieces, off the front of `*bytes`. It
  // takes fewer than all while there is no room for another echo; call it again
  // after ConsumeOutput. So we do not read from a server that does not read.
  void OnBytes(absl::Span<const uint8_t>* bytes, absl::Time now);

  // The stream ended: OK for an orderly end, else why. What output() still
  // holds may be sent: the server may have closed only its own side.
  void OnStreamEnd(const absl::Status& why, absl::Time now);

  // NextTime() may have come.
  void OnTime(absl::Time now);
  absl::Time NextTime() const;

  // What to send, oldest first; valid until the next call.
  absl::Span<const uint8_t> output() const { return output_.NextWrite(); }
  // `count` bytes of it were sent.
  void ConsumeOutput(size_t count, absl::Time now);

  // Nothing is left to do, and the connection can be dropped; end() says why.
  bool done() const { return state_ == State::kEnded && output_.empty(); }
  const EchoEnd& end() const { return end_; }
  // Of kReadOne, once it came.
  const std::string& text() const { return text_; }

 private:
  enum class State {
    kUpgrade,  // The answer to the request has not ended.
    kOpen,     // Frames.
    kClosing,  // Our Close is queued; what comes is thrown away.
    kEnded,    // The stream is over. There is no way out.
  };

  void OnHeadBytes(absl::Span<const uint8_t>* bytes, absl::Time now);
  void OnFrameBytes(absl::Span<const uint8_t>* bytes);
  void OnMessage(const frame::Message& message);
  void OnData(const frame::Message& message);
  void OnClose(absl::Span<const uint8_t> payload);
  void Send(frame::Opcode opcode, absl::Span<const uint8_t> payload);
  void Close(EchoEnd::Reason reason, frame::CloseCode code);
  void End(EchoEnd::Reason reason, absl::Status detail, absl::Time now);
  bool HasRoomForEcho() const;

  const Task task_;
  const Limits limits_;
  const RandomBytes random_;
  const absl::Time deadline_;  // Of the whole connection.
  const auth::WebSocketKey key_;
  auth::ResponseHeadParser head_;
  frame::MessageReader reader_;
  OutputQueue output_;
  std::vector<uint8_t> frame_;  // the one being written
  State state_ = State::kUpgrade;
  EchoEnd end_;
  std::string text_;
  absl::Time last_activity_;
  // Of the end of the stream, once our Close is written, and of what is left to
  // write, once it has ended.
  absl::Time close_deadline_ = absl::InfiniteFuture();
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_WEBSOCKET_ECHO_SESSION_H_
