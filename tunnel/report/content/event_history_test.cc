// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/content/event_history.h"

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tunnel/report/content/log_line.h"

namespace ovoc::tunnel {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1795399200);

Event EventOf(absl::string_view line) {
  EventHistory history;
  history.Add(LogLevel::kInfo, kNow, line);
  EXPECT_EQ(history.events().size(), 1u);
  return history.events().back();
}

TEST(EventHistoryTest, TakesALineApart) {
  struct Case {
    absl::string_view line;
    absl::string_view name;
    absl::string_view text;
  };
  const Case kCases[] = {
      {"event=start version=1.0 server=a", "start", "version=1.0 server=a"},
      {"event=status_file_works", "status_file_works", ""},
      {"from=worker event=logged_in ms=3", "logged_in", "from=worker ms=3"},
      {"from=worker event=x", "x", "from=worker"},
  };
  for (const Case& c : kCases) {
    const Event event = EventOf(c.line);
    EXPECT_EQ(event.name, c.name);
    EXPECT_EQ(event.text, c.text);
    EXPECT_EQ(event.time, kNow);
    EXPECT_EQ(event.level, LogLevel::kInfo);
  }
}

// A worker in somebody else's hands may log any printable line.
TEST(EventHistoryTest, ALineWithoutAProperNameIsKeptAsItIs) {
  for (const absl::string_view line :
       {"from=worker reason=x", "from=worker event=", "from=worker event= x",
        "from=worker event=UP x", "from=worker event=a\"b x",
        "from=worker event=abcdefghijklmnopqrstuvwxyz_1234567 x", "plain"}) {
    const Event event = EventOf(line);
    EXPECT_EQ(event.name, "") << line;
    EXPECT_EQ(event.text, line);
  }
}

TEST(EventHistoryTest, AWorkersLineKeepsItsMark) {
  EXPECT_EQ(EventOf("from=worker event=exit code=0").text,
            "from=worker code=0");
  EXPECT_EQ(EventOf("event=exit code=0 from=worker").text,
            "code=0 from=worker");
  EXPECT_EQ(EventOf("from=worker from=worker event=exit").name, "");
}

TEST(EventHistoryTest, CutsALongText) {
  const std::string longest(256, 'x');
  EXPECT_EQ(EventOf("event=a " + longest).text, longest);
  EXPECT_EQ(EventOf("event=a " + longest + "y").text,
            std::string(253, 'x') + "...");
  const std::string worst =
      absl::StrCat(kRelayMark, std::string(kMaxLogLineBytes, '"'));
  EXPECT_EQ(EventOf(worst).text.size(), kMaxEventTextBytes);
}

TEST(EventHistoryTest, KeepsTheLastSixtyFour) {
  EventHistory history;
  for (int i = 0; i < 1000; ++i) {
    history.Add(LogLevel::kError, kNow + absl::Seconds(i),
                absl::StrCat("event=e n=", i));
    EXPECT_LE(history.events().size(), 64u);
  }
  ASSERT_EQ(history.events().size(), 64u);
  EXPECT_EQ(history.events().front().text, "n=936");
  EXPECT_EQ(history.events().back().text, "n=999");
  EXPECT_EQ(history.events().back().time, kNow + absl::Seconds(999));
  EXPECT_EQ(history.count(), 1000u);
}

TEST(EventHistoryTest, TakesInfoAndAbove) {
  EventHistory history;
  for (const LogLevel level : {LogLevel::kDebug, LogLevel::kInfo,
                               LogLevel::kWarning, LogLevel::kError}) {
    history.Add(level, kNow, absl::StrCat("event=", LogLevelName(level)));
  }
  ASSERT_EQ(history.events().size(), 3u);
  EXPECT_EQ(history.events().front().name, "info");
  EXPECT_EQ(history.count(), 3u);
}

}  // namespace
}  // namespace ovoc::tunnel
