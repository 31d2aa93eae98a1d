// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/replay_report.h"

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "conformance/recording/recording.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

// The key and its answer are those of RFC 6455 1.3.
constexpr absl::string_view kRequest =
    "GET /tun HTTP/1.1\r\n"
    "Authorization: Basic c2VjcmV0\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "\r\n";
constexpr absl::string_view kAnswer =
    "HTTP/1.1 101 Switching Protocols\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    "X-Audc-OverlayIP: 169.254.0.2\r\n"
    "X-Audc-OverlayPrefix: 18\r\n"
    "\r\n";

// What is shown of the request and the answer, both at the beginning.
constexpr absl::string_view kOpened =
    "     0.000000 C  GET /tun HTTP/1.1\n"
    "     0.000000 C  Authorization: (not shown)\n"
    "     0.000000 C  Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n"
    "     0.000000 S  HTTP/1.1 101 Switching Protocols\n"
    "     0.000000 S  Upgrade: websocket\n"
    "     0.000000 S  Connection: Upgrade\n"
    "     0.000000 S  Sec-WebSocket-Protocol: ovoc.audiocodes.com\n"
    "     0.000000 S  Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n"
    "     0.000000 S  X-Audc-OverlayIP: 169.254.0.2\n"
    "     0.000000 S  X-Audc-OverlayPrefix: 18\n";

class ReplayReportTest : public testing::Test {
 protected:
  ReplayReportTest() {
    recording_.peer = "OVOC";
    recording_.client = "device";
    recording_.transport = "TLS";
    recording_.scenario = "login";
    recording_.date = "2026-11-24";
  }

  void Add(Side side, absl::Duration time, absl::string_view bytes) {
    RecordedEvent event;
    event.side = side;
    event.time = time;
    event.bytes.assign(bytes.begin(), bytes.end());
    recording_.events.push_back(event);
  }

  void AddEnd(Side side, absl::Duration time, EventKind kind) {
    RecordedEvent event;
    event.side = side;
    event.time = time;
    event.kind = kind;
    recording_.events.push_back(event);
  }

  void AddLogin() {
    Add(Side::kClient, absl::ZeroDuration(), kRequest);
    Add(Side::kServer, absl::ZeroDuration(), kAnswer);
  }

  std::string Report() {
    std::ostringstream out;
    const absl::Status status = PrintReplay(recording_, &out);
    EXPECT_TRUE(status.ok()) << status;
    return out.str();
  }

  // Without the five lines of the heading.
  std::string Exchange() {
    const std::string last = "date:      2026-11-24\n";
    const std::string report = Report();
    return report.substr(report.find(last) + last.size());
  }

  Recording recording_;
};

TEST_F(ReplayReportTest, TheHeadingIsShownWithItsNotes) {
  recording_.notes = {"one", "two"};
  Add(Side::kClient, absl::ZeroDuration(), "GET / HTTP/1.1\r\n");
  EXPECT_EQ(Report(),
            "peer:      OVOC\nclient:    device\ntransport: TLS\n"
            "scenario:  login\ndate:      2026-11-24\nnote:      one\n"
            "note:      two\n"
            "     0.000000 C  GET / HTTP/1.1\n"
            "session:   still open\n");
}

TEST_F(ReplayReportTest, ATunnelThatOvocClosesEndsWithItsCode) {
  AddLogin();
  Add(Side::kServer, absl::Seconds(1), absl::HexStringToBytes("880203e8"));
  Add(Side::kClient, absl::Seconds(1.5),
      absl::HexStringToBytes("88820000000003e8"));
  AddEnd(Side::kServer, absl::Seconds(2), EventKind::kEof);
  EXPECT_EQ(Exchange(),
            absl::StrCat(
                kOpened, "     1.000000 S  close FIN, 2 bytes: code 1000\n",
                "     1.500000 C  close FIN masked, 2 bytes: code 1000\n",
                "     2.000000 S  eof\n",
                "session:   open 169.254.0.2/32 end closed_by_peer\n",
                "reason:    Close 1000\n", "exit code: 9 of client --check\n"));
}

TEST_F(ReplayReportTest, ATunnelThatGoesOnHasNoReason) {
  AddLogin();
  EXPECT_EQ(Exchange(), absl::StrCat(kOpened,
                                     "session:   open 169.254.0.2/32 still "
                                     "open\n"));
}

TEST_F(ReplayReportTest, ARefusedLoginHasTheExitCodeOfTheCheck) {
  Add(Side::kClient, absl::ZeroDuration(), kRequest);
  Add(Side::kServer, absl::Milliseconds(10),
      "HTTP/1.1 401 Unauthorized\r\n\r\n");
  AddEnd(Side::kServer, absl::Milliseconds(20), EventKind::kReset);
  const std::string exchange = Exchange();
  EXPECT_TRUE(absl::EndsWith(exchange,
                             "     0.010000 S  HTTP/1.1 401 Unauthorized\n"
                             "     0.020000 S  rst\n"
                             "session:   end unauthorized\n"
                             "reason:    HTTP 401 Unauthorized; a password "
                             "of 6 characters was sent\n"
                             "exit code: 7 of client --check\n"))
      << exchange;
}

TEST_F(ReplayReportTest, AKeyThatIsNoneIsAnErrorAndNothingIsWritten) {
  Add(Side::kClient, absl::ZeroDuration(),
      "GET / HTTP/1.1\r\nSec-WebSocket-Key: !c2VjcmV0\r\n\r\n");
  std::ostringstream out;
  const absl::Status status = PrintReplay(recording_, &out);
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_FALSE(absl::StrContains(status.message(), "c2VjcmV0")) << status;
  EXPECT_EQ(out.str(), "");
}

void ExpectPrintable(absl::string_view report) {
  for (const char c : report) {
    ASSERT_TRUE(c == '\n' || absl::ascii_isprint(static_cast<unsigned char>(c)))
        << report;
  }
}

// A file from elsewhere shall not reach the terminal's controls.
TEST_F(ReplayReportTest, WhateverIsInTheFileTheReportIsPrintable) {
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) {
    every_byte.push_back(static_cast<char>(byte));
  }
  recording_.peer = recording_.client = recording_.transport = every_byte;
  recording_.scenario = every_byte;
  recording_.notes = {every_byte};
  Add(Side::kClient, absl::ZeroDuration(),
      absl::StrCat("GET ", every_byte, "\r\nX: ", every_byte, "\r\n"));
  Add(Side::kServer, absl::ZeroDuration(),
      absl::StrCat("HTTP/1.1 401 ", every_byte, "\r\n\r\n"));
  ExpectPrintable(Report());
}

TEST_F(ReplayReportTest, OfNoRecordingACredentialIsShown) {
  for (const char* file : {"03-strict-direct", "05-nginx-wrong-password",
                           "16-direct-idle", "26-strict-haproxy-nginx-tls"}) {
    SCOPED_TRACE(file);
    std::ifstream in(absl::StrCat("testdata/handshakes/", file, ".rec"));
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    const absl::StatusOr<Recording> recording = ParseRecording(text);
    ASSERT_TRUE(recording.ok()) << recording.status();
    recording_ = *recording;
    const std::string report = Report();
    ExpectPrintable(report);
    EXPECT_TRUE(absl::StrContains(report, "Authorization: (not shown)\n"));
    EXPECT_FALSE(absl::StrContains(report, "Basic V")) << report;
    EXPECT_TRUE(absl::StrContains(report, "\nsession:   ")) << report;
  }
}

}  // namespace
}  // namespace ovoc::conformance
