// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/recording.h"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

constexpr absl::string_view kHeading =
    "# ovoc-tunnel recording 1\n"
    "# peer: a server\n"
    "# client: a client\n"
    "# transport: tcp\n"
    "# scenario: nothing much\n"
    "# date: 2026-11-22\n";

std::string Text(absl::string_view events) {
  return absl::StrCat(kHeading, events);
}

TEST(RecordingTest, ReadsHeadingNotesAndEveryKindOfEvent) {
  const absl::StatusOr<Recording> recording =
      ParseRecording(Text("# note: first\n"
                          "# note: second\n"
                          "C 0.000000 47455420\n"
                          "S 0.003211 48\n"
                          "C 17.000001 8900\n"
                          "S 61.002000 eof\n"
                          "C 61.002000 rst\n"));
  ASSERT_TRUE(recording.ok()) << recording.status();
  EXPECT_EQ(recording->peer, "a server");
  EXPECT_EQ(recording->client, "a client");
  EXPECT_EQ(recording->transport, "tcp");
  EXPECT_EQ(recording->scenario, "nothing much");
  EXPECT_EQ(recording->date, "2026-11-22");
  EXPECT_EQ(recording->notes, (std::vector<std::string>{"first", "second"}));
  ASSERT_EQ(recording->events.size(), 5u);
  EXPECT_EQ(recording->events[0].side, Side::kClient);
  EXPECT_EQ(recording->events[0].kind, EventKind::kBytes);
  EXPECT_EQ(recording->events[1].side, Side::kServer);
  EXPECT_EQ(recording->events[1].time, absl::Microseconds(3211));
  EXPECT_EQ(recording->events[2].time, absl::Microseconds(17000001));
  EXPECT_EQ(recording->events[3].kind, EventKind::kEof);
  EXPECT_TRUE(recording->events[3].bytes.empty());
  EXPECT_EQ(recording->events[4].kind, EventKind::kReset);
}

TEST(RecordingTest, JoinsTheBytesOfOneSide) {
  const absl::StatusOr<Recording> recording =
      ParseRecording(Text("C 0.000000 0102\nS 0.000001 ff\nC 0.000002 03\n"));
  ASSERT_TRUE(recording.ok()) << recording.status();
  EXPECT_EQ(recording->BytesOf(Side::kClient), (std::vector<uint8_t>{1, 2, 3}));
  EXPECT_EQ(recording->BytesOf(Side::kServer), (std::vector<uint8_t>{0xff}));
}

TEST(RecordingTest, RefusesAnythingElseAndNamesTheLine) {
  const struct {
    const char* name;
    std::string text;
    const char* message;
  } kCases[] = {
      {"nothing", "", "line 1:"},
      {"another version", "# ovoc-tunnel recording 2\n", "line 1:"},
      {"CR", "# ovoc-tunnel recording 1\r\n", "line 1:"},
      {"heading cut short",
       "# ovoc-tunnel recording 1\n# peer: a\n# client: b\n", "line 4:"},
      {"heading out of order", "# ovoc-tunnel recording 1\n# client: a\n",
       "line 2:"},
      {"empty heading", "# ovoc-tunnel recording 1\n# peer: \n", "line 2:"},
      {"no event", Text(""), "line 7: there is no event"},
      {"no event but a note", Text("# note: a\n"), "line 8: there is no event"},
      {"another comment", Text("# remark: a\nC 0.000000 00\n"), "line 7:"},
      {"empty note", Text("# note: \nC 0.000000 00\n"), "line 7:"},
      {"note after an event", Text("C 0.000000 00\n# note: a\n"),
       "line 8: a heading line after the first event"},
      {"no last newline", Text("C 0.000000 00"),
       "line 7: the last line has no line end"},
      {"empty line", Text("\n"), "line 7:"},
      {"another side", Text("X 0.000000 00\n"), "line 7:"},
      {"no space after the side", Text("C0.000000 00\n"), "line 7:"},
      {"no bytes", Text("C 0.000000\n"), "line 7:"},
      {"empty bytes", Text("C 0.000000 \n"), "line 7:"},
      {"five digits", Text("C 0.00000 00\n"), "line 7:"},
      {"seven digits", Text("C 0.0000000 00\n"), "line 7:"},
      {"no seconds", Text("C .000000 00\n"), "line 7:"},
      {"a leading zero", Text("C 00.000000 00\n"), "line 7:"},
      {"no dot", Text("C 0000000 00\n"), "line 7:"},
      {"negative", Text("C -1.000000 00\n"), "line 7:"},
      {"endless seconds", Text("C 1234567.000000 00\n"), "line 7:"},
      {"signed fraction", Text("C 1.+00000 00\n"), "line 7:"},
      {"odd hex", Text("C 0.000000 000\n"), "line 7:"},
      {"upper case", Text("C 0.000000 AA\n"), "line 7:"},
      {"not hex", Text("C 0.000000 0g\n"), "line 7:"},
      {"trailing space", Text("C 0.000000 00 \n"), "line 7:"},
      {"two spaces", Text("C 0.000000  00\n"), "line 7:"},
      {"EOF in capitals", Text("C 0.000000 EOF\n"), "line 7:"},
      {"time runs back", Text("C 1.000000 00\nS 0.999999 00\n"),
       "line 8: the time is earlier than that of the line before"},
      {"bytes after eof", Text("C 0.000000 eof\nC 0.000000 00\n"),
       "line 8: an event after"},
      {"two eofs", Text("C 0.000000 eof\nC 0.000000 eof\n"),
       "line 8: an event after"},
      {"other side after rst", Text("S 0.000000 rst\nC 0.000000 00\n"),
       "line 8: an event after"},
  };
  for (const auto& c : kCases) {
    const absl::StatusOr<Recording> recording = ParseRecording(c.text);
    EXPECT_FALSE(recording.ok()) << c.name;
    EXPECT_TRUE(absl::StrContains(recording.status().message(), c.message))
        << c.name << ": " << recording.status();
  }
}

TEST(RecordingTest, OnlyWholeLinesOfAGoodFileAreAGoodFile) {
  const std::string text = Text("C 0.000000 0102\nS 0.000001 eof\n");
  for (size_t cut = 0; cut < text.size(); ++cut) {
    const bool whole = cut > kHeading.size() && text[cut - 1] == '\n';
    EXPECT_EQ(ParseRecording(text.substr(0, cut)).ok(), whole) << cut;
  }
}

// A recording of these lines is refused for the one of this number, from 1.
void ExpectRefusedAt(const std::vector<std::string>& lines, size_t number) {
  const absl::StatusOr<Recording> recording =
      ParseRecording(absl::StrCat(absl::StrJoin(lines, "\n"), "\n"));
  const std::string want = absl::StrCat("recording line ", number, ": ");
  EXPECT_TRUE(absl::StartsWith(recording.status().message(), want))
      << "want \"" << want << "\", got " << recording.status();
}

TEST(RecordingTest, EachHeadingLineIsNeededOnceAndInItsPlace) {
  const std::vector<std::string> good = {"# ovoc-tunnel recording 1",
                                         "# peer: a server",
                                         "# client: a client",
                                         "# transport: tcp",
                                         "# scenario: nothing much",
                                         "# date: 2026-11-22",
                                         "C 0.000000 0102"};
  constexpr size_t kHeadingLines = 6;
  for (size_t i = 0; i < kHeadingLines; ++i) {
    SCOPED_TRACE(good[i]);
    const auto place = static_cast<std::ptrdiff_t>(i);
    std::vector<std::string> missing = good;
    missing.erase(missing.begin() + place);
    ExpectRefusedAt(missing, i + 1);
    std::vector<std::string> repeated = good;
    repeated.insert(repeated.begin() + place, good[i]);
    ExpectRefusedAt(repeated, i + 2);
    std::vector<std::string> swapped = good;
    std::swap(swapped[i], swapped[i + 1]);
    ExpectRefusedAt(swapped, i + 1);
    std::vector<std::string> indented = good;
    indented[i].insert(0, " ");
    ExpectRefusedAt(indented, i + 1);
  }
}

TEST(RecordingTest, AnEndIsOfOneSideAndAResetOfBoth) {
  const struct {
    const char* name;
    const char* events;
    bool good;
  } kCases[] = {
      {"the other side goes on after an eof",
       "C 0.000000 eof\nS 0.000001 00\nS 0.000002 eof\n", true},
      {"the other side resets after an eof", "C 0.000000 eof\nS 0.000001 rst\n",
       true},
      {"a reset after the same side's eof", "C 0.000000 eof\nC 0.000001 rst\n",
       false},
      {"bytes after both eofs",
       "S 0.000000 eof\nC 0.000000 eof\nS 0.000001 00\n", false},
      {"an eof of the other side after a reset",
       "S 0.000000 rst\nC 0.000001 eof\n", false},
      {"two resets", "S 0.000000 rst\nC 0.000001 rst\n", false},
  };
  for (const auto& c : kCases) {
    const absl::StatusOr<Recording> recording = ParseRecording(Text(c.events));
    EXPECT_EQ(recording.ok(), c.good) << c.name << ": " << recording.status();
  }
}

TEST(RecordingTest, TimesReachToTheLastMicrosecondOfSixDigitsOfSeconds) {
  const absl::StatusOr<Recording> recording =
      ParseRecording(Text("C 0.000000 00\nC 0.000001 00\nS 999999.999999 00\n"
                          "C 999999.999999 00\n"));
  ASSERT_TRUE(recording.ok()) << recording.status();
  EXPECT_EQ(recording->events[0].time, absl::ZeroDuration());
  EXPECT_EQ(recording->events[1].time, absl::Microseconds(1));
  EXPECT_EQ(recording->events[2].time,
            absl::Seconds(1000000) - absl::Microseconds(1));
  EXPECT_EQ(recording->events[3].time, recording->events[2].time);
  EXPECT_FALSE(ParseRecording(Text("C 1000000.000000 00\n")).ok());
}

TEST(RecordingTest, EveryByteHasItsTwoDigits) {
  std::string hex;
  std::vector<uint8_t> bytes;
  for (unsigned byte = 0; byte <= 0xff; ++byte) {
    absl::StrAppend(&hex, absl::Hex(byte, absl::kZeroPad2));
    bytes.push_back(static_cast<uint8_t>(byte));
  }
  const absl::StatusOr<Recording> recording =
      ParseRecording(Text(absl::StrCat("S 0.000000 ", hex, "\n")));
  ASSERT_TRUE(recording.ok()) << recording.status();
  EXPECT_EQ(recording->BytesOf(Side::kServer), bytes);
  EXPECT_TRUE(recording->BytesOf(Side::kClient).empty());
}

TEST(RecordingTest, ACarriageReturnIsRefusedWhereverItStands) {
  const std::string good = Text("# note: a\nC 0.000000 0102\nS 0.000001 eof\n");
  ASSERT_TRUE(ParseRecording(good).ok());
  for (size_t at = 0; at <= good.size(); ++at) {
    std::string text = good;
    text.insert(at, "\r");
    EXPECT_FALSE(ParseRecording(text).ok()) << at;
  }
}

// What is in the file may be a credential that somebody wrote into it.
TEST(RecordingTest, ARefusalShowsNothingOfTheLine) {
  for (const char* events :
       {"c2VjcmV0\n", "# remark: c2VjcmV0\n", "C c2VjcmV0 00\n",
        "C 0.000000 c2VjcmV0\n", "C 0.000000 00\nS c2VjcmV0\n",
        "C 0.000000 00 c2VjcmV0\n", "C 0.000000 00\n# note: c2VjcmV0\n"}) {
    const absl::StatusOr<Recording> recording = ParseRecording(Text(events));
    ASSERT_FALSE(recording.ok()) << events;
    EXPECT_FALSE(absl::StrContains(recording.status().message(), "c2V"))
        << recording.status();
  }
}

TEST(RecordingTest, ReadsEveryRecordedConnection) {
  size_t files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator("testdata/handshakes")) {
    if (entry.path().extension() != ".rec") {
      continue;
    }
    ++files;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in),
                           std::istreambuf_iterator<char>()};
    const absl::StatusOr<Recording> recording = ParseRecording(text);
    ASSERT_TRUE(recording.ok()) << entry.path() << ": " << recording.status();
    EXPECT_TRUE(absl::StartsWith(recording->peer, "tun-ws 1.0-beta"));
    const std::vector<uint8_t> sent = recording->BytesOf(Side::kClient);
    ASSERT_GE(sent.size(), 4u) << entry.path();
    EXPECT_EQ(std::string(sent.begin(), sent.begin() + 4), "GET ");
  }
  EXPECT_EQ(files, 29u);
}

}  // namespace
}  // namespace ovoc::conformance
