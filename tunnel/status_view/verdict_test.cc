// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_view/verdict.h"

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/status_view/status_record.h"

namespace ovoc::tunnel {
namespace {

using Kind = Verdict::Kind;

const absl::Time kWritten = absl::FromUnixSeconds(1795399200);

StatusRecord Written(absl::string_view state) {
  StatusRecord record;
  record.state = std::string(state);
  record.updated = kWritten;
  record.update_period = absl::Seconds(5);
  record.pid = 42;
  return record;
}

TEST(VerdictTest, AFreshFileIsBelieved) {
  for (const int seconds : {-15, 0, 5, 15}) {
    const absl::Time now = kWritten + absl::Seconds(seconds);
    EXPECT_EQ(Judge(Written("up"), now, Writer::kRuns).kind, Kind::kUp);
    EXPECT_EQ(Judge(Written("waiting"), now, Writer::kRuns).kind, Kind::kNotUp);
    EXPECT_EQ(Judge(Written("UP"), now, Writer::kRuns).kind, Kind::kNotUp);
  }
}

TEST(VerdictTest, AnOldFileIsStaleWhateverItSays) {
  const Verdict old =
      Judge(Written("up"), kWritten + absl::Milliseconds(15001), Writer::kRuns);
  EXPECT_EQ(old.kind, Kind::kStale);
  EXPECT_EQ(old.why,
            "it was written 15 s ago, so the client hangs or cannot write it; "
            "see the client's log");
  EXPECT_EQ(
      Judge(Written("waiting"), kWritten + absl::Hours(1), Writer::kRuns).kind,
      Kind::kStale);
}

TEST(VerdictTest, AFileOfTheFutureIsStale) {
  const Verdict ahead =
      Judge(Written("up"), kWritten - absl::Hours(3), Writer::kRuns);
  EXPECT_EQ(ahead.kind, Kind::kStale);
  EXPECT_EQ(ahead.why,
            "it was written 3 h ahead of this machine's clock, which was set "
            "back; see whether the client runs");
}

TEST(VerdictTest, AFileWithoutItsWriterIsStale) {
  const Verdict gone = Judge(Written("up"), kWritten, Writer::kGone);
  EXPECT_EQ(gone.kind, Kind::kStale);
  EXPECT_EQ(gone.why,
            "no process 42 runs, so the client was killed; start it again");
}

TEST(VerdictTest, TheLastWordOfAClientIsNeverStale) {
  StatusRecord record = Written("stopped");
  record.exit_code = 3;
  for (const Writer writer : {Writer::kRuns, Writer::kGone}) {
    const Verdict ended = Judge(record, kWritten + absl::Hours(100), writer);
    EXPECT_EQ(ended.kind, Kind::kEnded);
    EXPECT_EQ(ended.why, "the client ended with exit code 3 (settings)");
  }
  record.state = "up";  // no such file is written
  EXPECT_EQ(Judge(record, kWritten, Writer::kRuns).kind, Kind::kEnded);
}

TEST(VerdictTest, OnlyAFreshTunnelIsASuccess) {
  EXPECT_EQ(ExitCodeFor(Kind::kUp), ExitCode::kDone);
  EXPECT_EQ(ExitCodeFor(Kind::kNotUp), ExitCode::kNotUp);
  EXPECT_EQ(ExitCodeFor(Kind::kEnded), ExitCode::kNotUp);
  EXPECT_EQ(ExitCodeFor(Kind::kStale), ExitCode::kStale);
}

// The writer's own period counts, not a constant of this client.
TEST(VerdictTest, TheLimitIsThreeOfTheFilesPeriods) {
  struct Case {
    int period_s;
    int age_s;
    Kind kind;
  };
  constexpr Case kCases[] = {
      {1, 3, Kind::kUp},        {1, 4, Kind::kStale},
      {60, 180, Kind::kUp},     {60, 181, Kind::kStale},
      {3600, 10800, Kind::kUp}, {3600, 10801, Kind::kStale},
      {1, -3, Kind::kUp},       {1, -4, Kind::kStale},
  };
  for (const Case& c : kCases) {
    StatusRecord record = Written("up");
    record.update_period = absl::Seconds(c.period_s);
    const absl::Time now = kWritten + absl::Seconds(c.age_s);
    EXPECT_EQ(Judge(record, now, Writer::kRuns).kind, c.kind)
        << c.period_s << " " << c.age_s;
  }
}

// A device without a battery for its clock begins in 1970.
TEST(VerdictTest, AFileOfAnotherAgeIsStaleInPlainWords) {
  StatusRecord record = Written("up");
  record.updated = absl::UnixEpoch();
  EXPECT_EQ(Judge(record, kWritten, Writer::kRuns).why,
            "it was written 20780 days 2 h ago, so the client hangs or cannot "
            "write it; see the client's log");
}

// A process that is gone says more than the age of its file.
TEST(VerdictTest, AWriterThatIsGoneIsNamedBeforeTheAge) {
  const Verdict gone =
      Judge(Written("up"), kWritten + absl::Hours(1), Writer::kGone);
  EXPECT_EQ(gone.kind, Kind::kStale);
  EXPECT_EQ(gone.why,
            "no process 42 runs, so the client was killed; start it again");
}

// A later client may end with a code that this one has no word for.
TEST(VerdictTest, AnExitCodeWithoutAWordIsShown) {
  StatusRecord record = Written("stopped");
  record.exit_code = 200;
  EXPECT_EQ(Judge(record, kWritten, Writer::kGone).why,
            "the client ended with exit code 200 (unknown)");
}

}  // namespace
}  // namespace ovoc::tunnel
