// SPDX-License-Identifier: Apache-2.0
#include "tunnel/check/findings/path_words.h"

#include <cstddef>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using Verdict = PathFindings::Verdict;

constexpr Verdict kVerdicts[] = {Verdict::kNoReply, Verdict::kWhole,
                                 Verdict::kSmaller, Verdict::kStuck,
                                 Verdict::kUnsettled};

PathFindings Path(Verdict verdict, size_t largest, size_t lost) {
  PathFindings path;
  path.verdict = verdict;
  path.largest_bytes = largest;
  path.lost_bytes = lost;
  return path;
}

TEST(PathWordsTest, EachVerdictHasAWordOfItsOwn) {
  std::set<absl::string_view> words;
  for (const Verdict verdict : kVerdicts) {
    words.insert(Word(verdict));
  }
  EXPECT_EQ(words, (std::set<absl::string_view>{"no_reply", "smaller", "stuck",
                                                "unsettled", "whole"}));
}

TEST(PathWordsTest, SaysUpToWhichSizePacketsComeBack) {
  EXPECT_EQ(DescribePath(Path(Verdict::kNoReply, 0, 0), 1500), "");
  EXPECT_EQ(DescribePath(Path(Verdict::kWhole, 1400, 0), 1400),
            "packets of up to 1400 bytes come back (WSTunMtu)");
  EXPECT_EQ(DescribePath(Path(Verdict::kSmaller, 1399, 1400), 1500),
            "packets of up to 1399 bytes come back");
  EXPECT_EQ(DescribePath(Path(Verdict::kStuck, 1318, 1378), 1500),
            "packets of up to 1318 bytes come back");
  EXPECT_TRUE(
      absl::StartsWith(DescribePath(Path(Verdict::kUnsettled, 494, 0), 1500),
                       "packets of at least 494 bytes come back"));
}

TEST(PathWordsTest, WarnsOfNothingWhereNothingIsWrong) {
  EXPECT_FALSE(PathWarning(Path(Verdict::kWhole, 1500, 0), 1500).has_value());
  // A slow path is no mistake of anybody's.
  EXPECT_FALSE(
      PathWarning(Path(Verdict::kUnsettled, 494, 0), 1500).has_value());
}

TEST(PathWordsTest, WarnsWithWhatToDo) {
  const auto silent = PathWarning(Path(Verdict::kNoReply, 0, 0), 1500);
  ASSERT_TRUE(silent.has_value());
  EXPECT_EQ(silent->name, "no_echo");
  EXPECT_TRUE(absl::StartsWith(silent->text,
                               "169.254.0.1 answers no echo through the "
                               "tunnel; "));
  const auto smaller = PathWarning(Path(Verdict::kSmaller, 1399, 1400), 1500);
  ASSERT_TRUE(smaller.has_value());
  EXPECT_EQ(smaller->name, "packet_size");
  EXPECT_EQ(smaller->text,
            "packets of more than 1399 bytes get lost behind the tunnel, but "
            "WSTunMtu is 1500; set WSTunMtu = 1399");
  // 576 is the smallest WSTunMtu.
  const auto tiny = PathWarning(Path(Verdict::kSmaller, 575, 576), 1500);
  ASSERT_TRUE(tiny.has_value());
  EXPECT_TRUE(absl::EndsWith(tiny->text, "WSTunMtu cannot be so small"));
  const auto stuck = PathWarning(Path(Verdict::kStuck, 1318, 1378), 1500);
  ASSERT_TRUE(stuck.has_value());
  EXPECT_EQ(stuck->name, "path_mtu");
  EXPECT_TRUE(absl::StrContains(stuck->text, " a packet of 1378 bytes "));
  EXPECT_TRUE(absl::StrContains(stuck->text, "set net.ipv4.tcp_mtu_probing=1"));
}

}  // namespace
}  // namespace ovoc::tunnel
