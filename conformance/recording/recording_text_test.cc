// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/recording_text.h"

#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "conformance/recording/recording.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

Recording Headed() {
  Recording recording;
  recording.peer = "OVOC";
  recording.client = "device";
  recording.transport = "TLS";
  recording.scenario = "login";
  recording.date = "2026-11-24";
  return recording;
}

TEST(RecordingTextTest, ARealRecordingIsWrittenAsItWasRead) {
  for (const char* file :
       {"03-strict-direct", "10-nginx-tun-ws-down",
        "29-direct-hung-then-killed", "05-nginx-wrong-password"}) {
    std::ifstream in(absl::StrCat("testdata/handshakes/", file, ".rec"));
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    const absl::StatusOr<Recording> read = ParseRecording(text);
    ASSERT_TRUE(read.ok()) << file << ": " << read.status();
    std::string written = FormatHeading(*read).value_or("");
    for (const RecordedEvent& event : read->events) {
      absl::StrAppend(&written, FormatEvent(event));
    }
    EXPECT_EQ(written, text) << file;
  }
}

TEST(RecordingTextTest, NotesFollowTheFiveLines) {
  Recording recording = Headed();
  recording.notes = {"one", "two"};
  EXPECT_EQ(FormatHeading(recording).value_or(""),
            "# ovoc-tunnel recording 1\n# peer: OVOC\n# client: device\n"
            "# transport: TLS\n# scenario: login\n# date: 2026-11-24\n"
            "# note: one\n# note: two\n");
}

TEST(RecordingTextTest, AHeadingThatCouldForgeALineIsRefused) {
  for (const char* bad : {"", "a\nC 0.000000 00", "a\rb", "a\tb", "\xc3\xa4"}) {
    Recording recording = Headed();
    recording.scenario = bad;
    EXPECT_EQ(
        FormatHeading(recording).status().message(),
        "recording heading \"scenario\" must be printable ASCII and not empty");
    recording = Headed();
    recording.notes = {"good", bad};
    EXPECT_FALSE(FormatHeading(recording).ok());
  }
}

TEST(RecordingTextTest, EventsHaveSixDigitsAndLowerCaseHex) {
  RecordedEvent event;
  event.time = absl::Seconds(61) + absl::Nanoseconds(2345);
  event.bytes = {0x00, 0xAB, 0xff};
  EXPECT_EQ(FormatEvent(event), "C 61.000002 00abff\n");
  event.side = Side::kServer;
  event.bytes.clear();
  event.kind = EventKind::kEof;
  EXPECT_EQ(FormatEvent(event), "S 61.000002 eof\n");
  event.kind = EventKind::kReset;
  event.time = absl::ZeroDuration();
  EXPECT_EQ(FormatEvent(event), "S 0.000000 rst\n");
}

TEST(RecordingTextTest, AnEventOfNoBytesIsNoLine) {
  EXPECT_EQ(FormatEvent(RecordedEvent()), "");
}

}  // namespace
}  // namespace ovoc::conformance
