// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/connection_recorder.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "conformance/recording/recording.h"
#include "conformance/recording/recording_text.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

constexpr absl::string_view kRequest =
    "GET /tun HTTP/1.1\r\nAuthorization: Basic c2VjcmV0\r\n\r\n";
constexpr absl::string_view kRedacted =
    "GET /tun HTTP/1.1\r\nAuthorization: Basic cmVwbGFjZWQ6cmVwbGFjZWQ=\r\n"
    "\r\n";
constexpr absl::string_view kUpgraded =
    "HTTP/1.1 101 Switching Protocols\r\nSet-Cookie: c2VjcmV0\r\n\r\n";
// A frame whose payload looks like a header line.
constexpr absl::string_view kFrame = "\x82\x13\r\nAuthorization: x\r\n";

absl::Span<const uint8_t> Bytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

// What `events` are read back as, under a heading.
Recording Read(absl::string_view events) {
  Recording heading;
  heading.peer = heading.client = heading.transport = heading.scenario =
      heading.date = "x";
  heading.notes = {std::string(kRedactionNote)};
  const absl::StatusOr<Recording> recording =
      ParseRecording(absl::StrCat(FormatHeading(heading).value_or(""), events));
  EXPECT_TRUE(recording.ok()) << recording.status() << "\n" << events;
  return recording.ok() ? *recording : Recording();
}

std::string TextOf(const Recording& recording, Side side) {
  const std::vector<uint8_t> bytes = recording.BytesOf(side);
  return std::string(bytes.begin(), bytes.end());
}

TEST(ConnectionRecorderTest, CredentialsAreReplacedCutAnywhere) {
  for (size_t cut = 0; cut <= kRequest.size(); ++cut) {
    ConnectionRecorder recorder;
    const absl::Duration now = absl::Seconds(1);
    std::string text = absl::StrCat(
        recorder.OnBytes(Side::kClient, Bytes(kRequest.substr(0, cut)), now),
        recorder.OnBytes(Side::kClient, Bytes(kRequest.substr(cut)), now),
        recorder.OnBytes(Side::kServer, Bytes(kUpgraded), now),
        recorder.OnBytes(Side::kClient, Bytes(kFrame), now),
        recorder.OnBytes(Side::kServer, Bytes(kFrame), now),
        recorder.OnEnd(Side::kServer, EventKind::kEof, now),
        recorder.OnEnd(Side::kClient, EventKind::kEof, now));
    const Recording recording = Read(text);
    EXPECT_EQ(TextOf(recording, Side::kClient),
              absl::StrCat(kRedacted, kFrame));
    EXPECT_EQ(TextOf(recording, Side::kServer),
              absl::StrCat("HTTP/1.1 101 Switching Protocols\r\n"
                           "Set-Cookie: replaced=replaced\r\n\r\n",
                           kFrame));
    ASSERT_GE(recording.events.size(), 2u);
    EXPECT_EQ(recording.events.back().kind, EventKind::kEof);
    EXPECT_FALSE(absl::StrContains(text, "63325675636d5630")) << cut;
  }
}

TEST(ConnectionRecorderTest, A101ThatComesInBytesIsSeen) {
  ConnectionRecorder recorder;
  std::string text =
      recorder.OnBytes(Side::kClient, Bytes(kRequest), absl::ZeroDuration());
  for (const char& byte : kUpgraded) {
    text += recorder.OnBytes(Side::kServer, Bytes({&byte, 1}),
                             absl::ZeroDuration());
  }
  text += recorder.OnBytes(Side::kClient, Bytes(kFrame), absl::ZeroDuration());
  EXPECT_TRUE(absl::EndsWith(TextOf(Read(text), Side::kClient), kFrame));
}

TEST(ConnectionRecorderTest, AfterARefusalTheNextRequestIsRedactedToo) {
  for (absl::string_view answer :
       {"HTTP/1.1 401 x\r\nContent-Length: 0\r\n\r\n", "\x82\x00",
        "HTTP/1.1 100 x\r\n\r\nHTTP/1.1 101 y\r\n\r\n"}) {
    ConnectionRecorder recorder;
    const absl::Duration now = absl::ZeroDuration();
    const std::string text =
        absl::StrCat(recorder.OnBytes(Side::kClient, Bytes(kRequest), now),
                     recorder.OnBytes(Side::kServer, Bytes(answer), now),
                     recorder.OnBytes(Side::kClient, Bytes(kRequest), now));
    EXPECT_EQ(TextOf(Read(text), Side::kClient),
              absl::StrCat(kRedacted, kRedacted));
  }
}

TEST(ConnectionRecorderTest, EachSideEndsOnce) {
  ConnectionRecorder recorder;
  const absl::Duration now = absl::Microseconds(7);
  EXPECT_EQ(recorder.OnBytes(Side::kServer, Bytes("a"), now),
            "S 0.000007 61\n");
  EXPECT_EQ(recorder.OnEnd(Side::kServer, EventKind::kEof, now),
            "S 0.000007 eof\n");
  EXPECT_EQ(recorder.OnBytes(Side::kServer, Bytes("a"), now), "");
  EXPECT_EQ(recorder.OnEnd(Side::kServer, EventKind::kReset, now), "");
  EXPECT_EQ(recorder.OnBytes(Side::kClient, Bytes("b"), now),
            "C 0.000007 62\n");
  EXPECT_EQ(recorder.OnEnd(Side::kClient, EventKind::kReset, now),
            "C 0.000007 rst\n");
}

TEST(ConnectionRecorderTest, NothingFollowsAReset) {
  ConnectionRecorder recorder;
  const absl::Duration now = absl::ZeroDuration();
  EXPECT_EQ(recorder.OnEnd(Side::kServer, EventKind::kReset, now),
            "S 0.000000 rst\n");
  EXPECT_EQ(recorder.OnBytes(Side::kClient, Bytes("b"), now), "");
  EXPECT_EQ(recorder.OnEnd(Side::kClient, EventKind::kEof, now), "");
}

TEST(ConnectionRecorderTest, AHeldLineEndIsWrittenAtTheEnd) {
  ConnectionRecorder recorder;
  const absl::Duration now = absl::ZeroDuration();
  std::string text = recorder.OnBytes(
      Side::kClient, Bytes("GET / HTTP/1.1\r\nAuthorization: x\r\n"), now);
  EXPECT_FALSE(absl::EndsWith(text, "0d0a\n"));
  EXPECT_EQ(recorder.OnEnd(Side::kClient, EventKind::kEof, now),
            "C 0.000000 0d0a\nC 0.000000 eof\n");
}

}  // namespace
}  // namespace ovoc::conformance
