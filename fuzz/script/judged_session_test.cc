// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/judged_session.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tunnel/session/session.h"
#include "tunnel/session/session_options.h"

namespace ovoc::fuzz {
namespace {

const absl::Time kNow = absl::UnixEpoch() + absl::Hours(1);

tunnel::SessionOptions Options() {
  tunnel::SessionOptions options;
  options.host = "ovoc.example";
  options.output_bytes = 4096;
  return options;
}

absl::Span<const uint8_t> Bytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

constexpr absl::string_view kAnswer =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    "X-Audc-OverlayIP: 169.254.0.2\r\nX-Audc-OverlayPrefix: 18\r\n\r\n";

TEST(JudgedSessionTest, TwoRunsOfTheSameBytesAreTheSame) {
  JudgedSession a(Options(), kNow);
  JudgedSession b(Options(), kNow);
  ASSERT_TRUE(a.created() && b.created());
  a.Consume(SIZE_MAX, kNow);
  b.Consume(SIZE_MAX, kNow);
  a.OnBytes(Bytes(kAnswer), kNow);
  b.OnBytes(Bytes(kAnswer.substr(0, 5)), kNow);
  b.OnBytes(Bytes(kAnswer.substr(5)), kNow);
  a.ExpectSameAs(b);
  a.Close(kNow);
  EXPECT_DEATH(a.ExpectSameAs(b), "promise broken");
  EXPECT_DEATH(a.ExpectAllWritten(), "promise broken");
  a.Consume(SIZE_MAX, kNow);
  a.ExpectAllWritten();
  a.OnStreamEnd(absl::OkStatus());
  EXPECT_EQ(a.session().state(), tunnel::Session::State::kClosed);
}

TEST(JudgedSessionTest, AHostThatIsNoneMakesNoSession) {
  tunnel::SessionOptions options = Options();
  options.host = "no host";
  EXPECT_FALSE(JudgedSession(options, kNow).created());
}

}  // namespace
}  // namespace ovoc::fuzz
