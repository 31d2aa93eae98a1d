// SPDX-License-Identifier: Apache-2.0
#include "tunnel/retry/end_cause.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/cord.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

TEST(EndCauseTest, EachCauseStaysWithItsStatus) {
  for (int i = 0; i <= static_cast<int>(kLastEndCause); ++i) {
    const auto cause = static_cast<EndCause>(i);
    const absl::Status why =
        WithCause(absl::UnavailableError("connect: refused"), cause);
    EXPECT_EQ(CauseOf(why), cause);
    EXPECT_EQ(why.code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(why.message(), "connect: refused");
    const absl::StatusOr<int> passed_on = why;
    EXPECT_EQ(CauseOf(passed_on.status()), cause);
  }
}

TEST(EndCauseTest, TheLastCauseReplacesTheOthers) {
  absl::Status why =
      WithCause(absl::UnavailableError("a"), EndCause::kPortClosed);
  why = WithCause(why, EndCause::kPrivateAddress);
  EXPECT_EQ(CauseOf(why), EndCause::kPrivateAddress);
}

TEST(EndCauseTest, AStatusWithoutACauseHasNone) {
  EXPECT_EQ(WithCause(WithCause(absl::UnavailableError("a"), EndCause::kBusy),
                      EndCause::kUnknown),
            absl::UnavailableError("a"));
  EXPECT_EQ(CauseOf(absl::UnavailableError("a")), EndCause::kUnknown);
  EXPECT_EQ(CauseOf(absl::OkStatus()), EndCause::kUnknown);
  EXPECT_EQ(CauseOf(WithCause(absl::OkStatus(), EndCause::kBusy)),
            EndCause::kUnknown);
}

// Another library's payload is not taken for a cause.
TEST(EndCauseTest, AForeignPayloadIsNoCause) {
  absl::Status why = absl::UnavailableError("a");
  why.SetPayload("somebody/else", absl::Cord("\x02"));
  EXPECT_EQ(CauseOf(why), EndCause::kUnknown);
  why.SetPayload("ovoc/end_cause", absl::Cord("\x02\x03"));
  EXPECT_EQ(CauseOf(why), EndCause::kUnknown);
}

}  // namespace
}  // namespace ovoc::tunnel
