// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/close_frame.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

class CloseFrameTest : public testing::Test {
 protected:
  End Answer(absl::string_view payload) {
    return AnswerClose(
        {reinterpret_cast<const uint8_t*>(payload.data()), payload.size()},
        &output_);
  }

  // The bytes of the queue in hex. The masks are zeros.
  std::string Output() const {
    const absl::Span<const uint8_t> bytes = output_.bytes();
    return absl::BytesToHexString(std::string(bytes.begin(), bytes.end()));
  }

  FrameQueue output_{4096, [](absl::Span<uint8_t> out) {
                       std::fill(out.begin(), out.end(), uint8_t{0});
                     }};
};

// FIN and opcode 8, masked and the length, the mask, the code.
TEST_F(CloseFrameTest, WritesTheCodeWithoutAReason) {
  WriteClose(frame::CloseCode::kNormal, &output_);
  EXPECT_EQ(Output(), "88820000000003e8");
}

TEST_F(CloseFrameTest, WritesTheCodeOfAProtocolError) {
  WriteClose(frame::CloseCode::kProtocolError, &output_);
  EXPECT_EQ(Output(), "88820000000003ea");
}

// RFC 6455 5.5.1 MUST: a Close is answered with a Close
// RFC 6455 5.5.1 MUST NOT: the reason in a Close is shown to users
TEST_F(CloseFrameTest, AnswersWithThePeersCodeAndNotItsReason) {
  const End end = Answer(
      "\x03\xE9"
      "bye");
  EXPECT_EQ(Output(), "88820000000003e9");
  EXPECT_EQ(end.reason, EndReason::kClosedByPeer);
  EXPECT_EQ(end.detail.message(), "Close 1001");
}

TEST_F(CloseFrameTest, AnswersACloseWithoutACodeWithoutOne) {
  const End end = Answer("");
  EXPECT_EQ(Output(), "888000000000");
  EXPECT_EQ(end.reason, EndReason::kClosedByPeer);
  EXPECT_EQ(end.detail.message(), "Close 1005");
}

TEST_F(CloseFrameTest, AnswersThePeersCloseOnce) {
  WriteClose(frame::CloseCode::kNormal, &output_);
  Answer("\x03\xE9");
  EXPECT_EQ(Output(), "88820000000003e8") << "nothing goes behind a Close";
}

}  // namespace
}  // namespace ovoc::tunnel
