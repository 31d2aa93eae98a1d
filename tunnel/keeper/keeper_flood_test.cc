// SPDX-License-Identifier: Apache-2.0
//
// Workers that say more than their budget.

#include <seccomp.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tunnel/keeper/testing/keeper_fixture.h"
#include "tunnel/report/testing/memory_sink.h"
#include "tunnel/sandbox/filter_violation.h"

namespace ovoc::tunnel {
namespace {

using KeeperFloodTest = KeeperTest;

// The clock moves by a nanosecond each time that the keeper looks at it, which
// it does a few times for each turn of its loop.
TEST_F(KeeperFloodTest, DoesNotSpinOnAChannelThatWasClosedAfterAFlood) {
  absl::Time closed;
  script_
      ->When(Workers(1), Advance(absl::Hours(1)))  // no deadline is near
      .When(
          [&, said = 0]() mutable {
            while (said < 201 &&
                   worker()
                       .end
                       .Send(WorkerMessage(LogRecord{LogLevel::kInfo, "n=1"}),
                             kNoWait)
                       .ok()) {
              ++said;
            }
            return said == 201 && CountLines(log_, "n=1") == 200;
          },
          [&] {
            worker().end = Channel(netif::UniqueFd());
            closed = now_;
          })
      .When(Turns(3), [&] {
        EXPECT_LT(now_ - closed, absl::Nanoseconds(200));
        Die(kKilled);
      });
  script_->When(Workers(2), Nothing());
  StopInOrder();
  RunToTheEnd();
}

TEST_F(KeeperFloodTest, TakesAFloodAtTheRateOfTheBudgetAndLosesNothing) {
  constexpr int kFlood = 300;  // the burst is 200
  int said = 0;
  const auto flood = [&] {
    while (said < kFlood &&
           worker()
               .end
               .Send(WorkerMessage(LogRecord{LogLevel::kInfo,
                                             absl::StrCat("flood=", said)}),
                     kNoWait)
               .ok()) {
      ++said;
    }
  };
  const auto taken = [&](int count) {
    return [this, flood, count] {
      flood();
      return CountLines(log_, "flood=") == count;
    };
  };
  script_->When(Workers(1), flood)
      .When(taken(200), Nothing())
      .When(Turns(5),
            [&] {
              EXPECT_EQ(CountLines(log_, "flood="), 200) << "no more for now";
              now_ += absl::Seconds(1);
            })
      .When(taken(250), Nothing())
      .When(Turns(5),
            [&] {
              EXPECT_EQ(CountLines(log_, "flood="), 250);
              now_ += absl::Seconds(1);
            })
      .When(taken(kFlood), Nothing());
  StopInOrder();
  RunToTheEnd();
  ASSERT_GT(log_.size(), static_cast<size_t>(kFlood));
  for (int i = 0; i < kFlood; ++i) {
    EXPECT_EQ(log_[static_cast<size_t>(i)],
              absl::StrCat("info from=worker flood=", i));
  }
}

TEST_F(KeeperFloodTest, TakesTheLastWordsOfAFloodToo) {
  int said = 0;
  script_
      ->When(
          [&] {
            while (!workers_.empty() && said < 250 &&
                   worker()
                       .end
                       .Send(WorkerMessage(LogRecord{LogLevel::kInfo, "n=1"}),
                             kNoWait)
                       .ok()) {
              ++said;
            }
            return said == 250;
          },
          [this] {
            Say(FilterViolation{SCMP_SYS(openat)});
            Die(Exited(kViolationExitCode));
          })
      .When(Workers(2), Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(CountLines(log_, "n=1"), 250);
  EXPECT_TRUE(absl::StrContains(Line("worker_died"), " at openat\""));
}

}  // namespace
}  // namespace ovoc::tunnel
