// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/recording.h"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
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
