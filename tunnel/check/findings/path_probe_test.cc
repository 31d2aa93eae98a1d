// SPDX-License-Identifier: Apache-2.0
#include "tunnel/check/findings/path_probe.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using Verdict = PathFindings::Verdict;

const absl::Time kStart = absl::UnixEpoch() + absl::Seconds(1000);

// When the reply to a packet of that size comes; nullopt: it is lost.
using Path = std::function<std::optional<absl::Duration>(size_t)>;

// What a probe did on a path.
struct Walk {
  PathFindings findings;
  std::vector<size_t> sizes;  // in the order sent
  absl::Duration took;
};

Walk Probe(size_t mtu_bytes, const Path& path) {
  PathProbe probe(mtu_bytes, kStart);
  Walk walk;
  absl::Time now = kStart;
  std::multimap<absl::Time, EchoProbe> replies;  // on their way
  while (!probe.done()) {
    if (const std::optional<EchoProbe> echo = probe.Next(now)) {
      EXPECT_EQ(echo->sequence, walk.sizes.size());
      walk.sizes.push_back(echo->bytes);
      if (const std::optional<absl::Duration> took = path(echo->bytes)) {
        replies.emplace(now + *took, *echo);
      }
      continue;
    }
    if (probe.done()) {
      break;
    }
    if (replies.empty() || replies.begin()->first > probe.NextTime()) {
      now = probe.NextTime();
      continue;
    }
    now = replies.begin()->first;
    const EchoProbe reply = replies.begin()->second;
    replies.erase(replies.begin());
    probe.OnReply(reply.sequence, reply.bytes, now);
  }
  EXPECT_EQ(probe.NextTime(), absl::InfiniteFuture());
  EXPECT_FALSE(probe.Next(now + absl::Hours(1)).has_value());
  EXPECT_LE(walk.sizes.size(), PathProbe::kMaxProbes);
  walk.findings = probe.findings();
  walk.took = now - kStart;
  EXPECT_LE(walk.took, PathProbe::kMaxTime);
  return walk;
}

// Loses what is larger, and nothing else.
Path UpTo(size_t limit, absl::Duration took = absl::Milliseconds(20)) {
  return [limit, took](size_t bytes) {
    return bytes <= limit ? std::optional(took) : std::nullopt;
  };
}

// Loses what is larger, and everything after that.
Path StuckAbove(size_t limit) {
  return [limit, stuck = false](size_t bytes) mutable {
    stuck = stuck || bytes > limit;
    return stuck ? std::nullopt : std::optional(absl::Milliseconds(20));
  };
}

TEST(PathProbeTest, ClimbsToTheMtuWhereEverythingComesBack) {
  const Walk walk = Probe(1500, UpTo(1500));
  EXPECT_EQ(walk.findings.verdict, Verdict::kWhole);
  EXPECT_EQ(walk.findings.largest_bytes, 1500u);
  EXPECT_EQ(walk.findings.lost_bytes, 0u);
  EXPECT_EQ(walk.findings.round_trip, absl::Milliseconds(20));
  EXPECT_EQ(walk.sizes,
            (std::vector<size_t>{84, 494, 1198, 1318, 1378, 1410, 1500}));
  EXPECT_EQ(walk.took, absl::Milliseconds(140));
}

TEST(PathProbeTest, SendsNothingAboveTheMtu) {
  for (const size_t mtu : {size_t{68}, size_t{84}, size_t{494}, size_t{576},
                           size_t{1400}, size_t{1410}}) {
    const Walk walk = Probe(mtu, UpTo(1500));
    EXPECT_EQ(walk.findings.verdict, Verdict::kWhole) << mtu;
    EXPECT_EQ(walk.findings.largest_bytes, mtu);
    EXPECT_EQ(walk.sizes.back(), mtu);
  }
}

TEST(PathProbeTest, GivesUpAfterThreeEchoesWithoutAReply) {
  const Walk walk = Probe(1500, UpTo(0));
  EXPECT_EQ(walk.findings.verdict, Verdict::kNoReply);
  EXPECT_EQ(walk.findings.round_trip, std::nullopt);
  EXPECT_EQ(walk.findings.largest_bytes, 0u);
  EXPECT_EQ(walk.sizes, (std::vector<size_t>{84, 84, 84}));
  EXPECT_EQ(walk.took, absl::Seconds(3));
}

TEST(PathProbeTest, AReplyToAnEarlierEchoOfTheFirstCounts) {
  const Walk walk = Probe(1500, UpTo(1500, absl::Milliseconds(1500)));
  EXPECT_EQ(walk.findings.verdict, Verdict::kWhole);
  EXPECT_EQ(walk.findings.round_trip, absl::Milliseconds(1500));
  EXPECT_EQ(walk.sizes[1], 84u) << "the first one was late";
  EXPECT_EQ(walk.sizes[2], 494u);
}

TEST(PathProbeTest, FindsTheLimitToTheByte) {
  for (size_t limit = 84; limit < 1500; limit += 7) {
    const Walk walk = Probe(1500, UpTo(limit));
    ASSERT_EQ(walk.findings.verdict, Verdict::kSmaller) << limit;
    ASSERT_EQ(walk.findings.largest_bytes, limit);
    ASSERT_EQ(walk.findings.lost_bytes, limit + 1);
  }
}

// TCP repeats the segment for ever, and all that comes behind it waits.
TEST(PathProbeTest, SaysThatTheConnectionIsStuckBehindALargePacket) {
  struct Case {
    size_t limit, largest, lost;
  };
  constexpr Case kCases[] = {
      {1410, 1410, 1500}, {1400, 1378, 1410}, {1320, 1318, 1378},
      {1200, 1198, 1318}, {500, 494, 1198},   {90, 84, 494},
  };
  for (const Case& c : kCases) {
    const Walk walk = Probe(1500, StuckAbove(c.limit));
    EXPECT_EQ(walk.findings.verdict, Verdict::kStuck) << c.limit;
    EXPECT_EQ(walk.findings.largest_bytes, c.largest);
    EXPECT_EQ(walk.findings.lost_bytes, c.lost);
    EXPECT_EQ(walk.sizes.back(), 84u) << "to tell it from a smaller limit";
    EXPECT_LT(walk.took, absl::Seconds(5));
  }
}

TEST(PathProbeTest, OneLostPacketIsNoLimit) {
  for (int lost = 1; lost < 8; ++lost) {
    int count = 0;
    const Walk walk = Probe(1500, [&](size_t) {
      return ++count == lost ? std::nullopt
                             : std::optional(absl::Milliseconds(20));
    });
    EXPECT_EQ(walk.findings.verdict, Verdict::kWhole) << lost;
    EXPECT_EQ(walk.findings.largest_bytes, 1500u) << lost;
  }
}

// A segment that TCP had to repeat twice, and what waited behind it.
TEST(PathProbeTest, AReplyThatIsLateIsNoLimit) {
  const Walk walk = Probe(1500, [](size_t bytes) {
    return std::optional(bytes == 1318 ? absl::Seconds(2)
                                       : absl::Milliseconds(20));
  });
  EXPECT_EQ(walk.findings.verdict, Verdict::kWhole);
  EXPECT_EQ(walk.findings.largest_bytes, 1500u);
  EXPECT_EQ(walk.findings.lost_bytes, 0u);
}

TEST(PathProbeTest, ASlowPathIsNotTakenForASmallOne) {
  const Walk walk = Probe(1500, UpTo(1500, absl::Milliseconds(950)));
  EXPECT_EQ(walk.findings.verdict, Verdict::kWhole);
  EXPECT_EQ(walk.sizes.size(), 7u);
}

TEST(PathProbeTest, EndsInTimeOnAPathThatIsTooSlow) {
  const Walk walk = Probe(1500, UpTo(1500, absl::Milliseconds(2900)));
  EXPECT_EQ(walk.findings.verdict, Verdict::kUnsettled);
  EXPECT_EQ(walk.took, PathProbe::kMaxTime);
  EXPECT_EQ(walk.findings.largest_bytes, 1378u);
  EXPECT_EQ(walk.findings.lost_bytes, 0u) << "there was no time to wait for it";
}

TEST(PathProbeTest, IgnoresRepliesToWhatWasNotSent) {
  PathProbe probe(1500, kStart);
  probe.OnReply(0, 84, kStart);  // before anything was sent
  ASSERT_TRUE(probe.Next(kStart).has_value());
  const absl::Time later = kStart + absl::Milliseconds(5);
  probe.OnReply(1, 84, later);      // the next number
  probe.OnReply(65535, 84, later);  // any number
  probe.OnReply(0, 83, later);      // another size
  probe.OnReply(0, 1500, later);
  EXPECT_EQ(probe.findings().round_trip, std::nullopt);
  EXPECT_EQ(probe.findings().largest_bytes, 0u);
  EXPECT_FALSE(probe.Next(later).has_value()) << "it still waits";
  probe.OnReply(0, 84, later);
  EXPECT_EQ(probe.findings().round_trip, absl::Milliseconds(5));
  EXPECT_EQ(probe.Next(later)->bytes, 494u);
  probe.OnReply(0, 84, later);  // the same once more
  EXPECT_FALSE(probe.Next(later).has_value());
}

}  // namespace
}  // namespace ovoc::tunnel
