// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_RECORDING_CONNECTION_RECORDER_H_
#define OVOC_CONFORMANCE_RECORDING_CONNECTION_RECORDER_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/response_head.h"
#include "conformance/recording/credential_redactor.h"
#include "conformance/recording/recording.h"

namespace ovoc::conformance {

// kRedactionNote is the "# note:" of every recording made here.
inline constexpr absl::string_view kRedactionNote =
    "the recorder replaced the values of Authorization, Proxy-Authorization, "
    "Cookie and Set-Cookie; it did not change what the packets carry: read "
    "this file before you give it away";

// ConnectionRecorder makes the events of one connection that is passed on, with
// the credentials of both directions replaced (CredentialRedactor). Each call
// returns the text to append to the file now. Only a line end after a replaced
// value is held back. Times are since the connection was made.
class ConnectionRecorder {
 public:
  // `bytes` came from `side`.
  std::string OnBytes(Side side, absl::Span<const uint8_t> bytes,
                      absl::Duration time);

  // That side ended: kEof or kReset. It may send nothing afterwards. After a
  // reset nothing of either side is written.
  std::string OnEnd(Side side, EventKind kind, absl::Duration time);

 private:
  struct Direction {
    CredentialRedactor redactor;
    bool ended = false;
  };

  void Watch(absl::Span<const uint8_t> from_server);

  Direction client_;
  Direction server_;
  auth::ResponseHeadParser head_;  // of the server's first answer
  bool judged_ = false;            // it has ended, or is none
  bool reset_ = false;
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_RECORDING_CONNECTION_RECORDER_H_
