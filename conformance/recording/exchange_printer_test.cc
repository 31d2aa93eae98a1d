// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/exchange_printer.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "conformance/recording/recording.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

RecordedEvent Bytes(Side side, absl::string_view text) {
  RecordedEvent event;
  event.side = side;
  event.time = absl::Milliseconds(1500);
  event.bytes.assign(text.begin(), text.end());
  return event;
}

RecordedEvent End(Side side, EventKind kind) {
  RecordedEvent event;
  event.side = side;
  event.kind = kind;
  return event;
}

// The lines of one event, without their times.
std::vector<std::string> Shown(ExchangePrinter* printer,
                               const RecordedEvent& event) {
  std::vector<std::string> lines = printer->Add(event);
  for (std::string& line : lines) {
    line.erase(0, 14);
  }
  return lines;
}

void Upgrade(ExchangePrinter* printer) {
  printer->Add(Bytes(Side::kClient, "GET / HTTP/1.1\r\n\r\n"));
  printer->Add(Bytes(Side::kServer, "HTTP/1.1 101 x\r\n\r\n"));
}

using Lines = std::vector<std::string>;

TEST(ExchangePrinterTest, HeadsAreShownButNoCredentials) {
  ExchangePrinter printer;
  EXPECT_EQ(printer.Add(Bytes(Side::kClient, "GET /tun HTTP/1.1\r\nHo")),
            Lines{"     1.500000 C  GET /tun HTTP/1.1"});
  EXPECT_EQ(
      Shown(&printer, Bytes(Side::kClient,
                            "st: a\x1b[0m\r\nAUTHORIZATION : Basic abc\r\n"
                            "\tghi\r\nX: y\r\n z\r\n Cookie: secret\r\n\r\n")),
      (Lines{"C  Host: a?[0m", "C  AUTHORIZATION: (not shown)",
             "C  (not shown)", "C  X: y", "C   z", "C  Cookie: (not shown)"}));
  EXPECT_EQ(Shown(&printer, Bytes(Side::kServer,
                                  "HTTP/1.1 401 x\r\nSet-Cookie: s\r\n\r\nno")),
            (Lines{"S  HTTP/1.1 401 x", "S  Set-Cookie: (not shown)",
                   "S  (2 bytes that are not frames)"}));
}

TEST(ExchangePrinterTest, FramesInTheSegmentOfThe101AreFrames) {
  ExchangePrinter printer;
  printer.Add(Bytes(Side::kClient, "GET / HTTP/1.1\r\n\r\n"));
  EXPECT_EQ(
      Shown(&printer,
            Bytes(Side::kServer, absl::StrCat("HTTP/1.1 101 x\r\n\r\n",
                                              absl::HexStringToBytes("8900")))),
      (Lines{"S  HTTP/1.1 101 x", "S  ping FIN, 0 bytes"}));
}

TEST(ExchangePrinterTest, FramesShowOpcodeFlagsLengthAndCloseCode) {
  struct Case {
    Side side;
    const char* hex;
    const char* want;
  };
  const Case cases[] = {
      {Side::kServer, "8a0161", "S  pong FIN, 1 bytes"},
      {Side::kServer, "880203e8", "S  close FIN, 2 bytes: code 1000"},
      {Side::kServer, "880503e9626f6f",
       "S  close FIN, 5 bytes: code 1001 and a reason"},
      {Side::kServer, "8800", "S  close FIN, 0 bytes"},
      {Side::kServer, "880103", "S  close FIN, 1 bytes: half a code"},
      {Side::kServer, "430161",
       "S  reserved opcode 3 no FIN RSV1, 1 bytes: IPv6"},
      {Side::kServer, "b100", "S  text FIN RSV2 RSV3, 0 bytes"},
      {Side::kServer, "0000", "S  continuation no FIN, 0 bytes"},
      {Side::kServer, "827e0000", "S  binary FIN length in 16 bits, 0 bytes"},
      {Side::kServer, "827f0000000000000000",
       "S  binary FIN length in 64 bits, 0 bytes"},
      {Side::kServer, "898000000000",
       "S  ping FIN masked, 0 bytes (a server must not mask)"},
      {Side::kClient, "898000000000", "C  ping FIN masked, 0 bytes"},
      {Side::kClient, "8900", "C  ping FIN, 0 bytes (a client must mask)"},
  };
  for (const Case& c : cases) {
    ExchangePrinter printer;
    Upgrade(&printer);
    const Lines lines =
        Shown(&printer, Bytes(c.side, absl::HexStringToBytes(c.hex)));
    ASSERT_EQ(lines.size(), 1u) << c.want;
    EXPECT_TRUE(absl::StartsWith(lines[0], c.want)) << lines[0];
  }
}

TEST(ExchangePrinterTest, NoCutShowsACredential) {
  constexpr absl::string_view kHead =
      "GET /tun HTTP/1.1\r\nHost: a\r\nAuthorization: Basic hunter2\r\n"
      "Proxy-Authorization: hunter2\r\n hunter2\r\nCookie: hunter2\r\n"
      "Set-Cookie:hunter2\r\n\thunter2\r\nUpgrade: websocket\r\n\r\n";
  const Lines want = {"C  GET /tun HTTP/1.1",
                      "C  Host: a",
                      "C  Authorization: (not shown)",
                      "C  Proxy-Authorization: (not shown)",
                      "C  (not shown)",
                      "C  Cookie: (not shown)",
                      "C  Set-Cookie: (not shown)",
                      "C  (not shown)",
                      "C  Upgrade: websocket"};
  for (size_t cut = 1; cut < kHead.size(); ++cut) {
    ExchangePrinter printer;
    Lines lines = Shown(&printer, Bytes(Side::kClient, kHead.substr(0, cut)));
    const Lines more = Shown(&printer, Bytes(Side::kClient, kHead.substr(cut)));
    lines.insert(lines.end(), more.begin(), more.end());
    ASSERT_EQ(lines, want) << cut;
  }
}

TEST(ExchangePrinterTest, ALongLineIsCut) {
  ExchangePrinter printer;
  const std::string longest = "GET /" + std::string(195, 'a');
  EXPECT_EQ(Shown(&printer, Bytes(Side::kClient, longest + "\r\n")),
            Lines{"C  " + longest});
  EXPECT_EQ(Shown(&printer,
                  Bytes(Side::kClient,
                        absl::StrCat("X: ", std::string(197, 'b'), "c\r\n"))),
            Lines{absl::StrCat("C  X: ", std::string(197, 'b'), "...")});
}

// RFC 6455 5.5.1: the reason is for people, and nobody knows what is in it.
TEST(ExchangePrinterTest, NoReasonOfACloseIsShown) {
  for (const char* reason : {"x", "hunter2", "\x1b[0m"}) {
    ExchangePrinter printer;
    Upgrade(&printer);
    const std::string payload = absl::StrCat("\x03\xe8", reason);
    const Lines lines = Shown(
        &printer,
        Bytes(Side::kServer,
              absl::StrCat("\x88",
                           std::string(1, static_cast<char>(payload.size())),
                           payload)));
    EXPECT_EQ(lines, Lines{absl::StrCat("S  close FIN, ", payload.size(),
                                        " bytes: code 1000 and a reason")});
  }
}

TEST(ExchangePrinterTest, BeforeTheUpgradeALineIsCutOff) {
  ExchangePrinter printer;
  printer.Add(Bytes(Side::kClient, "GET / HTTP/1.1\r\nHo"));
  EXPECT_EQ(Shown(&printer, End(Side::kClient, EventKind::kEof)),
            Lines{"C  eof after 2 bytes of an unfinished line"});
  EXPECT_EQ(Shown(&printer, End(Side::kServer, EventKind::kReset)),
            Lines{"S  rst"});
}

TEST(ExchangePrinterTest, EndsSayWhatWasCutOff) {
  ExchangePrinter printer;
  Upgrade(&printer);
  EXPECT_EQ(Shown(&printer, End(Side::kClient, EventKind::kEof)),
            Lines{"C  eof"});
  printer.Add(Bytes(Side::kServer, "\x82\x05z"));
  EXPECT_EQ(Shown(&printer, End(Side::kServer, EventKind::kReset)),
            Lines{"S  rst after 3 bytes of an unfinished frame"});
}

TEST(ExchangePrinterTest, ARealExchangeReadsWell) {
  std::ifstream in("testdata/handshakes/26-strict-haproxy-nginx-tls.rec");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  const absl::StatusOr<Recording> recording = ParseRecording(text);
  ASSERT_TRUE(recording.ok()) << recording.status();
  ExchangePrinter printer;
  Lines lines;
  for (const RecordedEvent& event : recording->events) {
    const Lines more = Shown(&printer, event);
    lines.insert(lines.end(), more.begin(), more.end());
  }
  const std::string all = absl::StrJoin(lines, "\n");
  EXPECT_FALSE(absl::StrContains(all, "VlBO")) << all;
  for (const char* want :
       {"C  Authorization: (not shown)", "S  HTTP/1.1 101 Switching Protocols",
        ("C  binary FIN masked, 84 bytes: 169.254.0.2 > 169.254.0.1 ICMP echo "
         "request"),
        "S  binary FIN, 84 bytes: 169.254.0.1 > 169.254.0.2 ICMP echo reply",
        "C  close FIN masked, 2 bytes: code 1000", "S  eof", "C  eof"}) {
    EXPECT_EQ(std::count(lines.begin(), lines.end(), want), 1) << want << "\n"
                                                               << all;
  }
}

}  // namespace
}  // namespace ovoc::conformance
