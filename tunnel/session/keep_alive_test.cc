// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/keep_alive.h"

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using Action = KeepAlive::Action;

absl::Time At(double seconds) {
  return absl::UnixEpoch() + absl::Seconds(1000) + absl::Seconds(seconds);
}

KeepAlive Fresh() { return KeepAlive(KeepAlive::Options(), At(0)); }

TEST(KeepAliveTest, IsQuietBeforeTheFirstPingIsDue) {
  const KeepAlive alive = Fresh();
  EXPECT_EQ(alive.Poll(At(0)), Action::kNone);
  EXPECT_EQ(alive.Poll(At(16.999)), Action::kNone);
  EXPECT_EQ(alive.NextTime(), At(17));
}

TEST(KeepAliveTest, GoesOnWithOtherTimesFromWhatWasHeardBefore) {
  KeepAlive alive = Fresh();
  alive.OnReceived(At(2));
  KeepAlive::Options options;
  options.ping_after = absl::Seconds(5);
  options.dead_after = absl::Seconds(20);
  alive.Tune(options);
  EXPECT_EQ(alive.NextTime(), At(5));
  alive.OnPing(At(5));
  EXPECT_EQ(alive.Poll(At(21.9)), Action::kPing);
  EXPECT_EQ(alive.Poll(At(22)), Action::kDead);
}

TEST(KeepAliveTest, PingsAfterSeventeenSecondsWithoutSending) {
  KeepAlive alive = Fresh();
  alive.OnReceived(At(10));
  EXPECT_EQ(alive.Poll(At(17)), Action::kPing);
}

TEST(KeepAliveTest, SendingPutsThePingOffWhileThePeerIsHeard) {
  KeepAlive alive = Fresh();
  alive.OnSent(At(10));
  alive.OnReceived(At(12));
  EXPECT_EQ(alive.Poll(At(26.9)), Action::kNone);
  EXPECT_EQ(alive.NextTime(), At(27));
}

TEST(KeepAliveTest, PingsADeviceThatOnlySendsToo) {
  KeepAlive alive = Fresh();
  for (int second = 1; second <= 17; ++second) {
    alive.OnSent(At(second));
  }
  EXPECT_EQ(alive.Poll(At(17)), Action::kPing);
}

TEST(KeepAliveTest, PingsAgainAtTheSameDistanceInASilence) {
  KeepAlive alive = Fresh();
  alive.OnPing(At(17));
  EXPECT_EQ(alive.Poll(At(33.9)), Action::kNone);
  EXPECT_EQ(alive.Poll(At(34)), Action::kPing);
}

TEST(KeepAliveTest, IsDeadAfterSixtySecondsOfSilenceWithPings) {
  KeepAlive alive = Fresh();
  alive.OnPing(At(17));
  alive.OnPing(At(34));
  alive.OnPing(At(51));
  EXPECT_EQ(alive.NextTime(), At(60));
  EXPECT_EQ(alive.Poll(At(59.9)), Action::kNone);
  EXPECT_EQ(alive.Poll(At(60)), Action::kDead);
}

TEST(KeepAliveTest, IsDeadInTheSameTimeWhileTheDeviceKeepsSending) {
  KeepAlive alive = Fresh();
  alive.OnPing(At(17));
  for (int second = 18; second <= 60; ++second) {
    alive.OnSent(At(second));
    if (alive.Poll(At(second)) == Action::kPing) {
      alive.OnPing(At(second));
    }
  }
  EXPECT_EQ(alive.Poll(At(60)), Action::kDead);
}

TEST(KeepAliveTest, SilenceWithoutAPingIsNotDeath) {
  // The process was stopped for a minute: it asks before it gives up.
  KeepAlive alive = Fresh();
  EXPECT_EQ(alive.Poll(At(100)), Action::kPing);
  // And then it gives the peer the time to answer.
  alive.OnPing(At(100));
  EXPECT_EQ(alive.NextTime(), At(104));
  EXPECT_EQ(alive.Poll(At(103.9)), Action::kNone);
  EXPECT_EQ(alive.Poll(At(104)), Action::kDead);
  alive.OnReceived(At(104));
  EXPECT_EQ(alive.Poll(At(104)), Action::kNone);
}

TEST(KeepAliveTest, AnyFrameProvesLife) {
  KeepAlive alive = Fresh();
  alive.OnPing(At(17));
  alive.OnPing(At(34));
  alive.OnReceived(At(59));
  EXPECT_EQ(alive.Poll(At(60)), Action::kPing);
  alive.OnPing(At(60));
  EXPECT_EQ(alive.Poll(At(118.9)), Action::kPing);
  EXPECT_EQ(alive.Poll(At(119)), Action::kDead);
}

TEST(KeepAliveTest, ADeviceThatOnlyReceivesAsksOnceWhenPacketsStop) {
  KeepAlive alive = Fresh();
  for (int second = 1; second <= 10; ++second) {
    alive.OnReceived(At(second));
    alive.OnPacketReceived();
  }
  EXPECT_EQ(alive.NextTime(), At(14));
  EXPECT_EQ(alive.Poll(At(13.9)), Action::kNone);
  EXPECT_EQ(alive.Poll(At(14)), Action::kPing);
  alive.OnPing(At(14));
  // The answer is no packet: the next ping is the ordinary one.
  alive.OnReceived(At(14.1));
  EXPECT_EQ(alive.NextTime(), At(31));
}

TEST(KeepAliveTest, ADeviceThatAnswersPacketsNeedNotAsk) {
  KeepAlive alive = Fresh();
  alive.OnReceived(At(10));
  alive.OnPacketReceived();
  alive.OnSent(At(10.1));
  EXPECT_EQ(alive.NextTime(), At(27));
}

TEST(KeepAliveTest, TakesItsDistancesFromTheOptions) {
  KeepAlive alive({absl::Seconds(5), absl::Seconds(9), absl::Seconds(2)},
                  At(0));
  EXPECT_EQ(alive.NextTime(), At(5));
  alive.OnPing(At(5));
  EXPECT_EQ(alive.NextTime(), At(9));
  EXPECT_EQ(alive.Poll(At(9)), Action::kDead);
}

}  // namespace
}  // namespace ovoc::tunnel
