// SPDX-License-Identifier: Apache-2.0
#include "frame/frame_error.h"

#include <cstdint>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::frame {
namespace {

struct ErrorCase {
  FrameError error;
  uint16_t close_code;
  absl::string_view section;
};

// Stated here a second time on purpose: the code is what the peer sees.
constexpr ErrorCase kCases[] = {
    {FrameError::kReservedBits, 1002, "RFC 6455 5.2"},
    {FrameError::kReservedOpcode, 1002, "RFC 6455 5.2"},
    {FrameError::kMaskedFrame, 1002, "RFC 6455 5.1"},
    {FrameError::kUnmaskedFrame, 1002, "RFC 6455 5.1"},
    {FrameError::kFragmentedControl, 1002, "RFC 6455 5.5"},
    {FrameError::kControlTooLong, 1002, "RFC 6455 5.5"},
    {FrameError::kNonMinimalLength, 1002, "RFC 6455 5.2"},
    {FrameError::kLengthTopBit, 1002, "RFC 6455 5.2"},
    {FrameError::kLengthTooLarge, 1009, "RFC 6455 10.4"},
    {FrameError::kMessageTooLarge, 1009, "RFC 6455 10.4"},
    {FrameError::kUnexpectedContinuation, 1002, "RFC 6455 5.4"},
    {FrameError::kExpectedContinuation, 1002, "RFC 6455 5.4"},
    {FrameError::kInvalidUtf8, 1007, "RFC 6455 8.1"},
    {FrameError::kInvalidClosePayload, 1002, "RFC 6455 5.5.1"},
    {FrameError::kInvalidCloseCode, 1002, "RFC 6455 7.4"},
    {FrameError::kInvalidCloseReason, 1007, "RFC 6455 8.1"},
};

TEST(FrameErrorTest, HasACloseCodeForEveryRule) {
  for (const ErrorCase& test : kCases) {
    EXPECT_EQ(static_cast<uint16_t>(CloseCodeFor(test.error)), test.close_code)
        << Describe(test.error);
  }
}

TEST(FrameErrorTest, NamesTheRuleAndTheSectionInOneLine) {
  for (const ErrorCase& test : kCases) {
    const absl::string_view text = Describe(test.error);
    EXPECT_TRUE(absl::StrContains(text, test.section)) << text;
    EXPECT_FALSE(absl::StrContains(text, "\n")) << text;
  }
}

TEST(FrameErrorTest, DescribesEachRuleDifferently) {
  std::set<std::string> texts = {std::string(Describe(FrameError::kNone))};
  for (const ErrorCase& test : kCases) {
    texts.insert(std::string(Describe(test.error)));
  }
  EXPECT_EQ(texts.size(), static_cast<size_t>(kFrameErrorCount));
}

TEST(FrameErrorTest, ClosesNormallyWithoutAnError) {
  EXPECT_EQ(CloseCodeFor(FrameError::kNone), CloseCode::kNormal);
  EXPECT_EQ(Describe(FrameError::kNone), "no error");
}

}  // namespace
}  // namespace ovoc::frame
