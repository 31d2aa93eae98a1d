// SPDX-License-Identifier: Apache-2.0
#include "conformance/websocket/echo_end.h"

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

using Reason = EchoEnd::Reason;
using frame::CloseCode;
using frame::FrameError;

TEST(EchoEndTest, SaysInOneLineHowItEnded) {
  struct Row {
    EchoEnd end;
    absl::string_view text;
  };
  const Row kRows[] = {
      {{}, "the stream ended without a Close"},
      {{.detail = absl::UnavailableError("read: Connection reset by peer")},
       "the stream ended without a Close (read: Connection reset by peer)"},
      {{.reason = Reason::kServerClosed, .code = CloseCode::kNormal},
       "closed by the server, code 1000"},
      {{.reason = Reason::kServerClosed}, "closed by the server, no code"},
      {{.reason = Reason::kWeClosed, .code = CloseCode::kNormal},
       "closed by us, code 1000"},
      {{.reason = Reason::kBrokenRule,
        .error = FrameError::kMaskedFrame,
        .code = CloseCode::kProtocolError},
       "failed by us: server masked a frame (RFC 6455 5.1), code 1002"},
      {{.reason = Reason::kTimeout,
        .detail =
            absl::DeadlineExceededError("the case was not over within 1m")},
       "given up (the case was not over within 1m)"},
      {{.reason = Reason::kRefused,
        .detail = absl::InvalidArgumentError("upgrade response: x")},
       "not opened (upgrade response: x)"},
      {{.reason = Reason::kNotConnected, .detail = absl::UnavailableError("y")},
       "not connected (y)"},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(Describe(row.end), row.text);
  }
}

}  // namespace
}  // namespace ovoc::conformance
