// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_WEBSOCKET_ECHO_END_H_
#define OVOC_CONFORMANCE_WEBSOCKET_ECHO_END_H_

#include <string>

#include "absl/status/status.h"
#include "frame/close_code.h"
#include "frame/frame_error.h"

namespace ovoc::conformance {

// EchoEnd is how a connection of the echo client ended.
struct EchoEnd {
  enum class Reason {
    kStreamEnd,     // The stream ended without a Close of either side.
    kServerClosed,  // The server's Close was answered.
    kWeClosed,      // We had what we wanted and sent Close.
    kBrokenRule,    // `error` was broken; we sent Close.
    kTimeout,       // A limit was reached; `detail` says which.
    kRefused,       // The answer to our request was; `detail` says why.
    kNotConnected,  // There was no connection; `detail` says why.
  };

  Reason reason = Reason::kStreamEnd;
  frame::FrameError error = frame::FrameError::kNone;  // Of kBrokenRule.
  // The code of the Close received or, when we closed first, sent.
  frame::CloseCode code = frame::CloseCode::kNoStatus;
  // May tell more of the end of the stream.
  absl::Status detail = absl::OkStatus();
};

// One line without what the server sent: "closed by the server, code 1000".
std::string Describe(const EchoEnd& end);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_WEBSOCKET_ECHO_END_H_
