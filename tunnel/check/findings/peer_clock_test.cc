// SPDX-License-Identifier: Apache-2.0
#include "tunnel/check/findings/peer_clock.h"

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

// `date -u -d '2026-12-01 00:00:00' +%s`
const absl::Time kServer = absl::FromUnixSeconds(1796083200);

TEST(PeerClockTest, SaysInWholeSecondsWhereTheServersClockIs) {
  struct Case {
    absl::Duration difference;
    absl::string_view text;
  };
  constexpr Case kCases[] = {
      {absl::ZeroDuration(), "the same as this machine's"},
      {absl::Milliseconds(999), "the same as this machine's"},
      {absl::Milliseconds(-999), "the same as this machine's"},
      {absl::Seconds(2), "2 s ahead of this machine's"},
      {absl::Milliseconds(-2999), "2 s behind this machine's"},
      {absl::Hours(-24), "86400 s behind this machine's"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(DescribeClock(c.difference), c.text);
  }
}

TEST(PeerClockTest, WarnsBeyondAMinuteInEitherDirection) {
  for (const int sign : {1, -1}) {
    EXPECT_EQ(ClockWarning(kServer, sign * absl::Seconds(60)), "");
    EXPECT_NE(ClockWarning(kServer, sign * absl::Milliseconds(60001)), "");
  }
  EXPECT_EQ(ClockWarning(kServer, absl::Hours(1)),
            "the server's clock (Date: 2026-12-01T00:00:00Z) is 3600 s ahead "
            "of this machine's; set the one that is wrong, since certificates "
            "and logs depend on it");
}

}  // namespace
}  // namespace ovoc::tunnel
