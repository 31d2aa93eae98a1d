// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/ping_answer.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using Bytes = std::vector<uint8_t>;

class PingAnswerTest : public testing::Test {
 protected:
  void Ping(absl::string_view payload) {
    answer_.OnPing(
        {reinterpret_cast<const uint8_t*>(payload.data()), payload.size()});
  }

  // Takes what is queued. The masks are zeros, so the payload is as it was.
  std::string TakeOutput() {
    std::string text;
    while (output_.size() > 0) {
      const absl::Span<const uint8_t> bytes = output_.bytes();
      text.append(bytes.begin(), bytes.end());
      output_.Consume(bytes.size());
    }
    return text;
  }

  // What goes ahead has no more room for a control frame.
  void FillOutput() {
    const Bytes payload(frame::kMaxControlPayloadBytes);
    while (output_.HasRoomForControl()) {
      ASSERT_TRUE(output_.WriteControl(frame::Opcode::kPing, payload));
    }
  }

  FrameQueue output_{4096, [](absl::Span<uint8_t> out) {
                       std::fill(out.begin(), out.end(), uint8_t{0});
                     }};
  PingAnswer answer_;
};

TEST_F(PingAnswerTest, OwesNothingBeforeAPing) {
  EXPECT_FALSE(answer_.Write(&output_));
  EXPECT_EQ(output_.size(), 0u);
  EXPECT_EQ(answer_.pings_received(), 0u);
}

// RFC 6455 5.5.2 MUST: a Ping is answered with a Pong
// RFC 6455 5.5.3 MUST: the Pong has the application data of the Ping
TEST_F(PingAnswerTest, AnswersOnceWithThePayloadOfThePing) {
  Ping("abc");
  EXPECT_TRUE(answer_.Write(&output_));
  // FIN and opcode 10, masked and 3 bytes, the mask, the payload.
  EXPECT_EQ(TakeOutput(), std::string("\x8A\x83\0\0\0\0abc", 9));
  EXPECT_FALSE(answer_.Write(&output_));
  EXPECT_EQ(answer_.pings_received(), 1u);
  EXPECT_EQ(answer_.pings_unanswered(), 0u);
}

TEST_F(PingAnswerTest, AnswersAnEmptyPingWithAnEmptyPong) {
  Ping("");
  EXPECT_TRUE(answer_.Write(&output_));
  EXPECT_EQ(TakeOutput(), std::string("\x8A\x80\0\0\0\0", 6));
}

TEST_F(PingAnswerTest, AnswersTheLongestPing) {
  const std::string payload(frame::kMaxControlPayloadBytes, 'x');
  Ping(payload);
  EXPECT_TRUE(answer_.Write(&output_));
  EXPECT_EQ(TakeOutput().substr(6), payload);
}

TEST_F(PingAnswerTest, WaitsForRoom) {
  FillOutput();
  Ping("abc");
  EXPECT_FALSE(answer_.Write(&output_));
  TakeOutput();
  EXPECT_TRUE(answer_.Write(&output_));
  EXPECT_EQ(TakeOutput().substr(6), "abc");
}

TEST_F(PingAnswerTest, AnswersTheLatestOfManyAndCountsTheOthers) {
  Ping("first, which is longer");
  Ping("second");
  Ping("last");
  EXPECT_TRUE(answer_.Write(&output_));
  EXPECT_EQ(TakeOutput().substr(6), "last");
  EXPECT_EQ(answer_.pings_received(), 3u);
  EXPECT_EQ(answer_.pings_unanswered(), 2u);
}

TEST_F(PingAnswerTest, AnswersNothingBehindAClose) {
  ASSERT_TRUE(output_.WriteControl(frame::Opcode::kClose, {}));
  Ping("abc");
  EXPECT_FALSE(answer_.Write(&output_));
}

}  // namespace
}  // namespace ovoc::tunnel
