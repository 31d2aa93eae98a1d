// SPDX-License-Identifier: Apache-2.0
#include "conformance/crowd/wait_rule.h"

#include <cstring>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

using tunnel::ReconnectPolicy;
using Failure = ReconnectPolicy::Failure;

constexpr absl::Duration kNotUp = absl::ZeroDuration();
constexpr absl::Duration kLongUp = absl::Hours(1);

// Draws the upper end of every range.
void Largest(absl::Span<uint8_t> out) { memset(out.data(), 0xff, out.size()); }

std::vector<absl::Duration> Waits(WaitRule& rule,
                                  std::vector<absl::Duration> times_up) {
  std::vector<absl::Duration> waits;
  for (absl::Duration time_up : times_up) {
    waits.push_back(rule.Next(time_up));
  }
  return waits;
}

std::vector<absl::Duration> InSeconds(const std::vector<int>& seconds) {
  std::vector<absl::Duration> waits;
  for (int each : seconds) {
    waits.push_back(absl::Seconds(each));
  }
  return waits;
}

TEST(WaitRuleTest, EachRuleWaitsAsItSays) {
  const ReconnectPolicy::Options options;
  const struct {
    const char* name;
    MakeRule make;
    std::vector<int>
        seconds;  // after a loss, three failures, a loss, a failure
  } kCases[] = {
      {"a path that is lost has the policy's short first wait",
       PolicyRule(options, Failure::kTransient, Largest),
       {1, 2, 4, 8, 1, 2}},
      {"a server that stops has its devices back over the spread",
       PolicyRule(options, Failure::kServerEnded, Largest),
       {10, 1, 2, 4, 10, 1}},
      {"a loss has a ceiling of its own, failures the policy's",
       LossRule(absl::Seconds(30), options, Largest),
       {30, 1, 2, 4, 30, 1}},
      {"a fixed wait is always the same",
       FixedRule(absl::Seconds(5)),
       {5, 5, 5, 5, 5, 5}},
      {"doubling begins anew after a loss and ends at the cap",
       DoublingRule(absl::Seconds(1), absl::Seconds(3)),
       {1, 2, 3, 3, 1, 2}},
  };
  for (const auto& c : kCases) {
    const std::unique_ptr<WaitRule> rule = c.make();
    EXPECT_EQ(Waits(*rule, {kLongUp, kNotUp, kNotUp, kNotUp, kLongUp, kNotUp}),
              InSeconds(c.seconds))
        << c.name;
  }
}

TEST(WaitRuleTest, ATextNamesARule) {
  const struct {
    const char* text;
    std::vector<int> seconds;  // after a loss, two failures
  } kCases[] = {
      {"ours", {10, 1, 2}},        {"ours:30s", {30, 1, 2}},
      {"policy:5s:8s", {5, 8, 8}}, {"loss:30s:2s:60s", {30, 2, 4}},
      {"fixed:1m", {60, 60, 60}},  {"doubling:3s:10s", {3, 6, 10}},
  };
  for (const auto& c : kCases) {
    const absl::StatusOr<MakeRule> make = ParseRule(c.text, Largest);
    ASSERT_TRUE(make.ok()) << c.text;
    EXPECT_EQ(Waits(*(*make)(), {kLongUp, kNotUp, kNotUp}),
              InSeconds(c.seconds))
        << c.text;
  }
  for (const char* text : {"", "theirs", "ours:1s:2s", "policy:1s", "fixed:5",
                           "fixed:-5s", "loss:30s:1s", "doubling:1s:60s:2s"}) {
    EXPECT_FALSE(ParseRule(text, Largest).ok()) << text;
  }
}

// Of any draw: more than nothing, and at most the upper end of each turn.
TEST(WaitRuleTest, NoWaitIsLongerThanTheRuleSays) {
  const struct {
    const char* text;
    std::vector<int> ends;  // seconds, after a loss, then after failures
  } kCases[] = {
      {"ours", {10, 1, 2, 4, 8, 16, 32, 60, 60}},
      {"ours:2s", {2, 1, 2, 4, 8, 16, 32, 60, 60}},
      {"policy:5s:60s", {5, 10, 20, 40, 60, 60, 60}},
      {"policy:9s:9s", {9, 9, 9}},
      {"loss:30s:2s:10s", {30, 2, 4, 8, 10, 10}},
      {"fixed:7s", {7, 7, 7}},
      {"doubling:3s:20s", {3, 6, 12, 20, 20}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.text);
    const absl::StatusOr<MakeRule> make = ParseRule(c.text, SeededRandom(5));
    ASSERT_TRUE(make.ok()) << make.status();
    for (int device = 0; device < 200; ++device) {
      const std::unique_ptr<WaitRule> rule = (*make)();
      absl::Duration time_up = kLongUp;
      for (int end : c.ends) {
        const absl::Duration wait = rule->Next(time_up);
        ASSERT_GT(wait, absl::ZeroDuration());
        ASSERT_LE(wait, absl::Seconds(end));
        time_up = kNotUp;
      }
    }
  }
}

TEST(WaitRuleTest, ATextThatNamesNoneIsShownWithTheForms) {
  for (const char* text :
       {"", ":", "ours:", "ours:0s", "ours:-1s", "OURS", " ours", "ours ",
        "policy:1s:0s", "fixed", "fixed:", "fixed:1s:1s", "doubling:1s",
        "loss:1s:1s:1s:1s", "fixed:1", "fixed:1s "}) {
    const absl::StatusOr<MakeRule> make = ParseRule(text, Largest);
    ASSERT_FALSE(make.ok()) << text;
    EXPECT_EQ(make.status().message(),
              absl::StrCat(
                  "rule \"", text,
                  "\" is not valid; give ours, ours:SPREAD, policy:FIRST:CAP, "
                  "loss:CEILING:FIRST:CAP, fixed:WAIT or "
                  "doubling:FIRST:CAP"));
  }
}

TEST(WaitRuleTest, ADeviceHasItsOwnSeries) {
  const MakeRule make = DoublingRule(absl::Seconds(1), absl::Seconds(60));
  const std::unique_ptr<WaitRule> one = make();
  one->Next(kNotUp);
  one->Next(kNotUp);
  EXPECT_EQ(make()->Next(kNotUp), absl::Seconds(1));
}

TEST(WaitRuleTest, TheJitterOfALossIsFull) {
  const MakeRule make =
      LossRule(absl::Seconds(30), ReconnectPolicy::Options(), SeededRandom(1));
  std::vector<int> thirds(3);
  for (int i = 0; i < 3000; ++i) {
    const absl::Duration wait = make()->Next(kLongUp);
    ASSERT_GT(wait, absl::ZeroDuration());
    ASSERT_LT(wait, absl::Seconds(30));  // the end itself: once in 2^32
    ++thirds[static_cast<size_t>(wait / absl::Seconds(10))];
  }
  for (int count : thirds) {
    EXPECT_NEAR(count, 1000, 130);  // five standard deviations
  }
}

TEST(WaitRuleTest, ASeedDecidesTheBytesAndACopyGoesOnInTheStream) {
  std::vector<uint8_t> whole(24);
  SeededRandom(7)(absl::MakeSpan(whole));
  std::vector<uint8_t> pieces(24);
  const ReconnectPolicy::RandomBytes first = SeededRandom(7);
  const ReconnectPolicy::RandomBytes copy = first;
  first(absl::MakeSpan(pieces).first(16));
  copy(absl::MakeSpan(pieces).subspan(16));
  EXPECT_EQ(pieces, whole);
  std::vector<uint8_t> other(24);
  SeededRandom(8)(absl::MakeSpan(other));
  EXPECT_NE(other, whole);
}

}  // namespace
}  // namespace ovoc::conformance
