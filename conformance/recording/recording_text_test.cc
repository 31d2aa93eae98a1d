// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/recording_text.h"

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <random>
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

// The whole file.
std::string Written(const Recording& recording) {
  std::string text = FormatHeading(recording).value_or("");
  for (const RecordedEvent& event : recording.events) {
    absl::StrAppend(&text, FormatEvent(event));
  }
  return text;
}

TEST(RecordingTextTest, ARealRecordingIsWrittenAsItWasRead) {
  for (const char* file :
       {"03-strict-direct", "10-nginx-tun-ws-down",
        "29-direct-hung-then-killed", "05-nginx-wrong-password"}) {
    std::ifstream in(absl::StrCat("testdata/handshakes/", file, ".rec"));
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    const absl::StatusOr<Recording> read = ParseRecording(text);
    ASSERT_TRUE(read.ok()) << file << ": " << read.status();
    EXPECT_EQ(Written(*read), text) << file;
  }
}

// A damaged text is refused, or it is the one form of what was read from it.
bool IsReadAsItStands(const std::string& text) {
  const absl::StatusOr<Recording> read = ParseRecording(text);
  if (read.ok()) {
    EXPECT_EQ(Written(*read), text);
  }
  return read.ok();
}

TEST(RecordingTextTest, OneRecordingHasOneForm) {
  const std::string good =
      "# ovoc-tunnel recording 1\n# peer: OVOC\n# client: device\n"
      "# transport: TLS\n# scenario: login\n# date: 2026-11-24\n# note: one\n"
      "C 0.000000 0a1b\nS 9.500000 ff\nS 10.000001 eof\nC 10.000001 rst\n";
  ASSERT_TRUE(IsReadAsItStands(good));
  size_t accepted = 0;
  size_t refused = 0;
  for (size_t at = 0; at < good.size(); ++at) {
    for (const char byte :
         {'0', '9', 'f', 'F', 'C', 'S', ' ', '.', '#', '\n'}) {
      std::string changed = good;
      changed[at] = byte;
      ++(IsReadAsItStands(changed) ? accepted : refused);
      std::string longer = good;
      longer.insert(at, 1, byte);
      ++(IsReadAsItStands(longer) ? accepted : refused);
    }
    std::string shorter = good;
    shorter.erase(at, 1);
    ++(IsReadAsItStands(shorter) ? accepted : refused);
  }
  EXPECT_GT(accepted, 0u);
  EXPECT_GT(refused, accepted);
}

// Bytes of both sides at any times, then the end of each.
Recording Random(std::mt19937* random) {
  Recording recording = Headed();
  absl::Duration time;
  const size_t events = 1 + (*random)() % 20;
  for (size_t i = 0; i < events; ++i) {
    RecordedEvent event;
    event.side = (*random)() % 2 == 0 ? Side::kClient : Side::kServer;
    event.time = time += absl::Nanoseconds((*random)() % 3000000000);
    event.bytes.resize(1 + (*random)() % 40);
    for (uint8_t& byte : event.bytes) {
      byte = static_cast<uint8_t>((*random)());
    }
    recording.events.push_back(event);
  }
  RecordedEvent end;
  end.time = time;
  end.kind = EventKind::kEof;
  recording.events.push_back(end);
  end.side = Side::kServer;
  end.kind = (*random)() % 2 == 0 ? EventKind::kEof : EventKind::kReset;
  recording.events.push_back(end);
  return recording;
}

TEST(RecordingTextTest, WhatIsWrittenIsReadBack) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    const Recording recording = Random(&random);
    const absl::StatusOr<Recording> read = ParseRecording(Written(recording));
    ASSERT_TRUE(read.ok()) << read.status() << "\n" << Written(recording);
    ASSERT_EQ(read->events.size(), recording.events.size());
    for (size_t i = 0; i < read->events.size(); ++i) {
      EXPECT_EQ(read->events[i].side, recording.events[i].side);
      EXPECT_EQ(read->events[i].kind, recording.events[i].kind);
      EXPECT_EQ(read->events[i].bytes, recording.events[i].bytes);
      EXPECT_EQ(read->events[i].time,
                absl::Trunc(recording.events[i].time, absl::Microseconds(1)));
    }
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

TEST(RecordingTextTest, ARefusalNamesTheHeading) {
  const struct {
    const char* name;
    std::string Recording::* value;
  } kHeadings[] = {{"peer", &Recording::peer},
                   {"client", &Recording::client},
                   {"transport", &Recording::transport},
                   {"scenario", &Recording::scenario},
                   {"date", &Recording::date}};
  for (const auto& heading : kHeadings) {
    Recording recording = Headed();
    recording.*heading.value = "two\nlines";
    EXPECT_EQ(FormatHeading(recording).status().message(),
              absl::StrCat("recording heading \"", heading.name,
                           "\" must be printable ASCII and not empty"));
  }
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
