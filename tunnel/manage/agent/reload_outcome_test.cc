// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/reload_outcome.h"

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using Result = ReloadOutcome::Result;

const absl::Time kSent = absl::FromUnixSeconds(1000);

EventRecord Event(int seconds, absl::string_view name,
                  absl::string_view text = "") {
  return {.time = kSent + absl::Seconds(seconds),
          .level = "info",
          .event = std::string(name),
          .text = std::string(text)};
}

TEST(ReloadOutcomeTest, NothingIsKnownBeforeTheClientHasRead) {
  StatusRecord record;
  EXPECT_EQ(OutcomeOf(record, kSent).result, Result::kWaits);
  record.events = {Event(-1, "reload", "result=ok tunnel=kept"),
                   Event(1, "tunnel_up")};
  EXPECT_EQ(OutcomeOf(record, kSent).result, Result::kWaits);
}

TEST(ReloadOutcomeTest, ARefusalHasItsReason) {
  StatusRecord record;
  record.reload_refused = "a.ini:1: WSTunMtu: too large";
  record.events = {Event(0, "reload", "result=refused detail=x")};
  const ReloadOutcome outcome = OutcomeOf(record, kSent);
  EXPECT_EQ(outcome.result, Result::kRefused);
  EXPECT_EQ(outcome.detail, "a.ini:1: WSTunMtu: too large");
}

TEST(ReloadOutcomeTest, ATunnelMayBeKept) {
  StatusRecord record;
  record.events = {Event(0, "reload", "result=ok tunnel=kept changed=x")};
  EXPECT_EQ(OutcomeOf(record, kSent).result, Result::kKept);
}

TEST(ReloadOutcomeTest, ANewTunnelIsUpOrNot) {
  StatusRecord record;
  record.events = {Event(0, "reload", "result=ok tunnel=new"),
                   Event(1, "tunnel_down")};
  EXPECT_EQ(OutcomeOf(record, kSent).result, Result::kWaits);
  record.events.push_back(Event(2, "tunnel_up"));
  EXPECT_EQ(OutcomeOf(record, kSent).result, Result::kUp);
  record.events.back() = Event(2, "attempt_failed", "reason=refused");
  record.events.push_back(Event(3, "tunnel_up"));
  const ReloadOutcome outcome = OutcomeOf(record, kSent);
  EXPECT_EQ(outcome.result, Result::kNotUp) << "the first counts";
  EXPECT_EQ(outcome.detail, "reason=refused");
}

TEST(ReloadOutcomeTest, EachResultHasAWord) {
  EXPECT_EQ(Word(Result::kWaits), "waits");
  EXPECT_EQ(Word(Result::kRefused), "refused");
  EXPECT_EQ(Word(Result::kKept), "kept");
  EXPECT_EQ(Word(Result::kUp), "up");
  EXPECT_EQ(Word(Result::kNotUp), "not_up");
}

}  // namespace
}  // namespace ovoc::tunnel
