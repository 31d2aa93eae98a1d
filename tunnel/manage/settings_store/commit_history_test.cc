// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/settings_store/commit_history.h"

#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

const absl::Time kTime = absl::FromUnixSeconds(1'764'600'000);

TEST(CommitHistoryTest, NumbersGoUpAndTheNewestIsFirst) {
  CommitHistory history;
  EXPECT_EQ(history.OldestNumber(), 0U);
  EXPECT_FALSE(history.Back(0).has_value());
  EXPECT_EQ(history.Add(kTime, "root", "first"), 1U);
  EXPECT_EQ(history.Add(kTime + absl::Seconds(1), "eve", ""), 2U);
  EXPECT_EQ(history.Back(0)->number, 2U);
  EXPECT_EQ(history.Back(0)->who, "eve");
  EXPECT_EQ(history.Back(1)->comment, "first");
  EXPECT_EQ(history.Back(1)->time, kTime);
  EXPECT_FALSE(history.Back(2).has_value());
}

TEST(CommitHistoryTest, TenCanBeGoneBackTo) {
  CommitHistory history;
  for (int i = 0; i < 30; ++i) {
    history.Add(kTime, "root", "");
  }
  EXPECT_EQ(history.commits().size(), 11U);
  EXPECT_EQ(history.Back(10)->number, 20U);
  EXPECT_EQ(history.OldestNumber(), 20U);
  EXPECT_FALSE(history.Back(11).has_value());
}

TEST(CommitHistoryTest, TheTextHasALineForEachAndIsReadAgain) {
  CommitHistory history;
  history.Add(kTime, "root (uid 0)", "first");
  history.Add(kTime + absl::Hours(1), "eve (uid 7)", "two words");
  const std::string text = history.ToText();
  EXPECT_EQ(text,
            "2\t2025-12-01T15:40:00+00:00\teve (uid 7)\ttwo words\n"
            "1\t2025-12-01T14:40:00+00:00\troot (uid 0)\tfirst\n");
  absl::StatusOr<CommitHistory> read = CommitHistory::FromText(text);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->ToText(), text);
  EXPECT_EQ(read->Add(kTime, "", ""), 3U);
}

TEST(CommitHistoryTest, AnEmptyTextIsAnEmptyHistory) {
  ASSERT_TRUE(CommitHistory::FromText("").ok());
  EXPECT_TRUE(CommitHistory::FromText("")->commits().empty());
}

TEST(CommitHistoryTest, TheLargestHistoryFitsItsFile) {
  CommitHistory history;
  const std::string text(1000, 'x');
  for (int i = 0; i < 11; ++i) {
    history.Add(kTime, text, text);
  }
  EXPECT_LE(history.ToText().size(), kMaxHistoryBytes);
  EXPECT_TRUE(CommitHistory::FromText(history.ToText()).ok());
}

TEST(CommitHistoryTest, NoByteCanForgeALine) {
  CommitHistory history;
  history.Add(kTime, "a\tb", "c\nd\x1b\xc3");
  EXPECT_EQ(history.Back(0)->who, "a?b");
  EXPECT_EQ(history.Back(0)->comment, "c?d??");
}

TEST(CommitHistoryTest, AnotherTextIsRefusedWithItsLine) {
  const std::string good = "2\t2025-12-01T14:40:00+00:00\ta\tb\n";
  const struct {
    const char* name;
    std::string line;
  } kCases[] = {
      {"no tabs", "1 2025-12-01T14:40:00+00:00 a b\n"},
      {"no number", "x\t2025-12-01T14:40:00+00:00\ta\tb\n"},
      {"number 0", "0\t2025-12-01T14:40:00+00:00\ta\tb\n"},
      {"no time", "1\tyesterday\ta\tb\n"},
      {"a field more", "1\t2025-12-01T14:40:00+00:00\ta\tb\tc\n"},
      {"the same number", good},
      {"a newer one behind", "3\t2025-12-01T14:40:00+00:00\ta\tb\n"},
      {"a control byte", "1\t2025-12-01T14:40:00+00:00\ta\x1b\tb\n"},
  };
  for (const auto& c : kCases) {
    const absl::StatusOr<CommitHistory> read =
        CommitHistory::FromText(good + c.line);
    EXPECT_EQ(read.status().message(), "line 2 is none of the list of commits")
        << c.name;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
