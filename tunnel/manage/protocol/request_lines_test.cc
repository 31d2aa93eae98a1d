// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/protocol/request_lines.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tunnel/manage/protocol/agent_request.h"

namespace ovoc::tunnel {
namespace {

using testing::ElementsAre;
using Result = RequestLines::Result;

constexpr absl::Time kStart = absl::UnixEpoch();

std::vector<std::string> All(RequestLines* lines) {
  std::vector<std::string> all;
  std::string line;
  while (lines->Next(kStart, &line) == Result::kLine) {
    all.push_back(line);
  }
  return all;
}

TEST(RequestLinesTest, LinesComeWhereverTheyAreCut) {
  const std::string text = "one\n\ntwo\r\nthree";
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    RequestLines lines(kStart);
    lines.Add(absl::string_view(text).substr(0, cut));
    std::vector<std::string> all = All(&lines);
    lines.Add(absl::string_view(text).substr(cut));
    for (const std::string& line : All(&lines)) {
      all.push_back(line);
    }
    EXPECT_THAT(all, ElementsAre("one", "", "two\r")) << cut;
  }
}

TEST(RequestLinesTest, NoMoreIsReadBeforeALineIsTaken) {
  RequestLines lines(kStart);
  EXPECT_TRUE(lines.WantsMore());
  lines.Add("a");
  EXPECT_TRUE(lines.WantsMore());
  lines.Add("b\nc");
  EXPECT_FALSE(lines.WantsMore());
  std::string line;
  EXPECT_EQ(lines.Next(kStart, &line), Result::kLine);
  EXPECT_EQ(line, "ab");
  EXPECT_TRUE(lines.WantsMore());
  EXPECT_EQ(lines.Next(kStart, &line), Result::kNeedMore);
}

TEST(RequestLinesTest, ALongLineEndsTheSession) {
  std::string line;
  RequestLines fits(kStart);
  fits.Add(absl::StrCat(std::string(kMaxRequestBytes, 'x'), "\n"));
  EXPECT_EQ(fits.Next(kStart, &line), Result::kLine);
  EXPECT_EQ(line.size(), kMaxRequestBytes);
  RequestLines whole(kStart);
  whole.Add(absl::StrCat(std::string(kMaxRequestBytes + 1, 'x'), "\n"));
  EXPECT_EQ(whole.Next(kStart, &line), Result::kTooLong);
  RequestLines open(kStart);
  open.Add(std::string(kMaxRequestBytes + 1, 'x'));
  EXPECT_EQ(open.Next(kStart, &line), Result::kTooLong);
  open.Add("\nhello\n");
  EXPECT_EQ(open.Next(kStart, &line), Result::kTooLong) << "it stays so";
  EXPECT_FALSE(open.WantsMore());
}

TEST(RequestLinesTest, ABurstIsTakenAtOnceAndThenOneAPeriod) {
  RequestLines lines(kStart);
  std::string text;
  for (int i = 0; i < 2 * kMaxRequestBurst; ++i) {
    absl::StrAppend(&text, i, "\n");
  }
  lines.Add(text);
  std::string line;
  for (int i = 0; i < kMaxRequestBurst; ++i) {
    ASSERT_EQ(lines.Next(kStart, &line), Result::kLine);
    EXPECT_EQ(line, absl::StrCat(i));
  }
  EXPECT_EQ(lines.Next(kStart, &line), Result::kWait);
  EXPECT_EQ(lines.NextTime(), kStart + kRequestPeriod);
  const absl::Time later = kStart + kRequestPeriod;
  EXPECT_EQ(lines.Next(later, &line), Result::kLine);
  EXPECT_EQ(line, absl::StrCat(kMaxRequestBurst));
  EXPECT_EQ(lines.Next(later, &line), Result::kWait);
}

TEST(RequestLinesTest, AnIdleSessionSavesUpOneBurst) {
  RequestLines lines(kStart);
  const absl::Time late = kStart + absl::Hours(24 * 365 * 200);
  std::string line;
  std::string text;
  for (int i = 0; i <= kMaxRequestBurst; ++i) {
    absl::StrAppend(&text, "x\n");
  }
  lines.Add(text);
  for (int i = 0; i < kMaxRequestBurst; ++i) {
    ASSERT_EQ(lines.Next(late, &line), Result::kLine);
  }
  EXPECT_EQ(lines.Next(late, &line), Result::kWait);
}

TEST(RequestLinesTest, AWipedTextIsEmpty) {
  std::string text = "secret";
  WipeText(&text);
  EXPECT_EQ(text, "");
  WipeText(&text);
}

}  // namespace
}  // namespace ovoc::tunnel
