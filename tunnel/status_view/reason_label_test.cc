// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_view/reason_label.h"

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/session/session_end.h"

namespace ovoc::tunnel {
namespace {

TEST(ReasonLabelTest, KnowsWhyAnAttemptOrATunnelEnds) {
  for (size_t i = 0; i < kEndReasonCount; ++i) {
    const absl::string_view word = Word(static_cast<EndReason>(i));
    EXPECT_EQ(ReasonLabel(word), word);
  }
}

// Of these alone a client without --check and --status ends.
TEST(ReasonLabelTest, KnowsWhyAClientEnds) {
  for (const ExitCode code :
       {ExitCode::kDone, ExitCode::kInternal, ExitCode::kUsage,
        ExitCode::kSettings, ExitCode::kInterface, ExitCode::kSandbox}) {
    EXPECT_EQ(ReasonLabel(Word(code)), Word(code));
  }
}

TEST(ReasonLabelTest, KnowsTheKeepersOwnWords) {
  EXPECT_EQ(ReasonLabel("worker_died"), "worker_died");
  EXPECT_EQ(ReasonLabel("worker_failed"), "worker_failed");
}

// Whether of a later client or of somebody else's file.
TEST(ReasonLabelTest, AnythingElseIsOther) {
  for (const absl::string_view word :
       {"", "Dead_peer", "dead_peer ", " dead_peer", "dead_pee", "dead_peers",
        "of_a_later_client", "x\"} 1\n", "\x1b[2J"}) {
    EXPECT_EQ(ReasonLabel(word), "other") << word;
  }
  EXPECT_EQ(ReasonLabel(std::string("closed\0", 7)), "other");
  EXPECT_EQ(ReasonLabel(std::string(100000, 'x')), "other");
}

// The file's text may go away before the label does.
TEST(ReasonLabelTest, TheLabelDoesNotViewTheFile) {
  std::string word = "timeout";
  const absl::string_view label = ReasonLabel(word);
  EXPECT_NE(label.data(), word.data());
  word = "garbage";
  EXPECT_EQ(label, "timeout");
}

}  // namespace
}  // namespace ovoc::tunnel
