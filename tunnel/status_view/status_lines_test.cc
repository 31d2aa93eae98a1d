// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_view/status_lines.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tunnel/status_view/status_record.h"
#include "tunnel/status_view/verdict.h"

namespace ovoc::tunnel {
namespace {

using Kind = Verdict::Kind;

// 2026-11-23 02:00:00 UTC.
const absl::Time kNow = absl::FromUnixSeconds(1795399200);

StatusRecord UpRecord() {
  StatusRecord record;
  record.state = "up";
  record.version = "1.0";
  record.policy = "compat";
  record.server = "ovoc.example";
  record.server_address = "192.0.2.1:443";
  record.interface = "ovoc0";
  record.overlay_address = "169.254.0.2/32";
  record.uptime = absl::Hours(50);
  record.state_since = kNow - absl::Minutes(192);
  record.updated = kNow - absl::Seconds(2);
  record.update_period = absl::Seconds(5);
  record.pid = 42;
  return record;
}

std::string Shown(const StatusRecord& record, const Verdict& verdict) {
  return Aligned(StatusLines(record, verdict, kNow), Colour::kNone);
}

TEST(StatusLinesTest, AreAlignedAndLeaveOutWhatIsNotThere) {
  EXPECT_EQ(
      Shown(UpRecord(), {Kind::kUp, ""}),
      "tunnel     up for 3 h 12 min\n"
      "address    169.254.0.2/32\n"
      "interface  ovoc0\n"
      "server     ovoc.example, 192.0.2.1:443\n"
      "client     1.0, policy compat, process 42, running for 2 days 2 h\n"
      "written    2 s ago, at 2026-11-23 01:59:58 UTC\n");
}

TEST(StatusLinesTest, ShowWhatIsKnownOfTheClient) {
  StatusRecord record = UpRecord();
  record.version.clear();
  record.policy.clear();
  record.uptime = std::nullopt;
  EXPECT_TRUE(absl::StrContains(Shown(record, {Kind::kUp, ""}),
                                "\nclient     process 42\n"));
}

TEST(StatusLinesTest, SayWhyThereIsNoTunnelAndWhatToDo) {
  StatusRecord record = UpRecord();
  record.state = "waiting";
  record.state_since = kNow - absl::Seconds(7);
  record.reason = "unauthorized";
  record.detail = "HTTP 401 Unauthorized";
  record.remedy = "check WSTunUsername";
  record.next_attempt = kNow + absl::Seconds(13);
  EXPECT_TRUE(absl::StartsWith(Shown(record, {Kind::kNotUp, ""}),
                               "tunnel      waiting for 7 s\n"
                               "reason      unauthorized\n"
                               "detail      HTTP 401 Unauthorized\n"
                               "what to do  check WSTunUsername\n"
                               "next try    in 13 s\n"));
  record.next_attempt = kNow;
  EXPECT_TRUE(absl::StrContains(Shown(record, {Kind::kNotUp, ""}),
                                "next try    now\n"));
}

TEST(StatusLinesTest, AStaleFileIsNoStateOfTheTunnel) {
  const std::string shown = Shown(UpRecord(), {Kind::kStale, "no process"});
  EXPECT_TRUE(absl::StartsWith(shown,
                               "tunnel      unknown\n"
                               "stale       no process\n"
                               "last state  up\n"))
      << shown;
  EXPECT_FALSE(absl::StrContains(shown, "up for"));
}

TEST(StatusLinesTest, OnlyAClientThatRunsIsRunning) {
  const struct {
    Kind kind;
    absl::string_view words;
  } kCases[] = {
      {Kind::kUp, ", running for 1 s\n"},
      {Kind::kNotUp, ", running for 1 s\n"},
      {Kind::kEnded, ", ran for 1 s\n"},
      {Kind::kStale, ", ran for 1 s\n"},
  };
  StatusRecord record = UpRecord();
  record.uptime = absl::Seconds(1);
  for (const auto& c : kCases) {
    const std::string shown = Shown(record, {c.kind, "why"});
    EXPECT_TRUE(absl::StrContains(shown, c.words)) << shown;
  }
}

TEST(StatusLinesTest, AClientThatHasEndedIsDown) {
  StatusRecord record = UpRecord();
  record.state = "stopped";
  record.exit_code = 3;
  const std::string shown = Shown(record, {Kind::kEnded, "it ended"});
  EXPECT_TRUE(absl::StartsWith(shown, "tunnel     down: it ended\n")) << shown;
  EXPECT_TRUE(absl::StrContains(shown, ", ran for 2 days 2 h\n")) << shown;
}

TEST(StatusLinesTest, DescribeTheConnection) {
  StatusRecord record = UpRecord();
  record.servers = {"a.example", "b.example"};
  record.proxy = "proxy.example:3128";
  record.tls = TlsRecord{"TLSv1.3", "TLS_AES_128_GCM_SHA256", "X25519", true};
  record.certificate = CertificateRecord();
  record.certificate->subject = "CN=server";
  record.certificate->issuer = "CN=root";
  record.certificate->names = {"ovoc.example", "192.0.2.1"};
  record.certificate->names_left_out = 3;
  record.certificate->not_after = kNow + absl::Hours(12 * 24 + 1);
  record.certificate->sha256 = "abcd";
  record.certificate->verified = true;
  record.round_trip = RoundTripRecord{1.26, 0.5, 2};
  const std::string shown = Shown(record, {Kind::kUp, ""});
  for (const absl::string_view line :
       {"servers      a.example, b.example\n",
        "proxy        proxy.example:3128\n",
        "TLS          TLSv1.3, TLS_AES_128_GCM_SHA256, X25519, resumed\n",
        "certificate  CN=server by CN=root\n"
        "             ovoc.example, 192.0.2.1 and 3 more\n"
        "             expires in 12 days, at 2026-12-05 03:00:00 UTC\n"
        "             SHA-256 abcd\n",
        "round trip   last 1.3 ms, smoothed 2.0 ms, least 0.5 ms\n"}) {
    EXPECT_TRUE(absl::StrContains(shown, line)) << line << "\n" << shown;
  }
}

// The line that begins so, or one with an empty text.
StatusLine LineWith(const StatusRecord& record, absl::string_view text) {
  for (const StatusLine& line : StatusLines(record, {Kind::kUp, ""}, kNow)) {
    if (absl::StartsWith(line.text, text)) {
      return line;
    }
  }
  return {};
}

TEST(StatusLinesTest, WarnOfACertificateThatExpiresWithinThirtyDays) {
  struct Case {
    absl::Duration left;
    absl::string_view text;
    Tint tint;
  };
  const Case kCases[] = {
      {absl::Hours(30 * 24), "expires in 30 days", Tint::kPlain},
      {absl::Hours(30 * 24) - absl::Seconds(1), "expires in 29 days",
       Tint::kWarning},
      {absl::Seconds(1), "expires in 1 s", Tint::kWarning},
      {absl::ZeroDuration(), "expired 0 s ago", Tint::kBad},
      {absl::Hours(-72), "expired 3 days ago", Tint::kBad},
  };
  for (const Case& c : kCases) {
    StatusRecord record = UpRecord();
    record.certificate = CertificateRecord();
    record.certificate->verified = true;
    record.certificate->not_after = kNow + c.left;
    const StatusLine line = LineWith(record, "expire");
    EXPECT_TRUE(absl::StartsWith(line.text, absl::StrCat(c.text, ", at ")))
        << line.text;
    EXPECT_EQ(line.tint, c.tint) << c.text;
  }
  StatusRecord record = UpRecord();
  record.certificate = CertificateRecord();
  EXPECT_EQ(LineWith(record, "not verified").tint, Tint::kBad);
}

// The leaf is good for longer than one above it; else there is one line.
TEST(StatusLinesTest, WarnOfAnIssuerThatExpiresBeforeTheServer) {
  StatusRecord record = UpRecord();
  record.certificate = CertificateRecord();
  record.certificate->verified = true;
  record.certificate->not_after = kNow + absl::Hours(400 * 24);
  record.certificate->chain_not_after = kNow + absl::Hours(12 * 24);
  const StatusLine line = LineWith(record, "an issuer's");
  EXPECT_EQ(line.text,
            "an issuer's certificate expires in 12 days, at 2026-12-05 "
            "02:00:00 UTC");
  EXPECT_EQ(line.tint, Tint::kWarning);
  EXPECT_EQ(LineWith(record, "expires in 400 days").tint, Tint::kPlain);
  record.certificate->chain_not_after = record.certificate->not_after;
  EXPECT_EQ(LineWith(record, "an issuer's").text, "");
  record.certificate->chain_not_after = kNow - absl::Hours(24);
  EXPECT_EQ(LineWith(record, "an issuer's certificate expired 1 day ago").tint,
            Tint::kBad);
}

// Beside the server's, and without the server's words.
TEST(StatusLinesTest, DescribeTheClientsOwnCertificate) {
  StatusRecord record = UpRecord();
  record.client_certificate = CertificateRecord();
  record.client_certificate->subject = "CN=sbc";
  record.client_certificate->issuer = "CN=device CA";
  record.client_certificate->names = {"sbc.example"};
  record.client_certificate->not_after = kNow - absl::Hours(49);
  record.client_certificate->sha256 = "ef01";
  const std::string shown = Shown(record, {Kind::kUp, ""});
  EXPECT_TRUE(absl::StrContains(
      shown,
      "client cert  CN=sbc by CN=device CA\n"
      "             sbc.example\n"
      "             expired 2 days ago, at 2026-11-21 01:00:00 UTC\n"
      "             SHA-256 ef01\n"
      "client       1.0,"))
      << shown;
  EXPECT_FALSE(absl::StrContains(shown, "verified")) << shown;
  EXPECT_EQ(LineWith(record, "expired").tint, Tint::kBad);
}

TEST(StatusLinesTest, SayThatACertificateIsNotValidYet) {
  StatusRecord record = UpRecord();
  record.client_certificate = CertificateRecord();
  record.client_certificate->not_before = kNow + absl::Seconds(1);
  const StatusLine line = LineWith(record, "is not valid");
  EXPECT_EQ(line.text, "is not valid before 2026-11-23 02:00:01 UTC");
  EXPECT_EQ(line.tint, Tint::kBad);
  record.client_certificate->not_before = kNow;
  EXPECT_EQ(LineWith(record, "is not valid").text, "");
}

TEST(StatusLinesTest, CountWhatWasCarriedAndWhatWasNot) {
  StatusRecord record = UpRecord();
  record.counters = {{"bytes_in", 999},
                     {"bytes_out", 1234567},
                     {"dropped_in_ttl", 2},
                     {"dropped_out_closing", 1},
                     {"dropped_out_zero", 0},
                     {"log_lines_dropped", 3},
                     {"packets_in", 1},
                     {"packets_out", 7},
                     {"worker_log_lines_dropped", 4}};
  record.ends = {{"dead_peer", 2}};
  const std::string shown = Shown(record, {Kind::kUp, ""});
  for (const absl::string_view line :
       {"received   1 packets, 999 bytes\n", "sent       7 packets, 1.2 MB\n",
        "dropped    in_ttl 2, out_closing 1\n", "ended      dead_peer 2\n",
        "log        7 lines dropped\n"}) {
    EXPECT_TRUE(absl::StrContains(shown, line)) << line << "\n" << shown;
  }
  record.log_lines_dropped = 9;  // of both processes
  EXPECT_TRUE(absl::StrContains(Shown(record, {Kind::kUp, ""}),
                                "log        9 lines dropped\n"));
}

TEST(StatusLinesTest, ShowTheLastEvents) {
  StatusRecord record = UpRecord();
  for (int i = 1; i <= 12; ++i) {
    record.events.push_back(
        {kNow + absl::Seconds(i), "info", absl::StrCat("event", i), "x=1"});
  }
  const std::string shown = Shown(record, {Kind::kUp, ""});
  EXPECT_FALSE(absl::StrContains(shown, "event2 "));
  EXPECT_TRUE(
      absl::StrContains(shown,
                        "events     2026-11-23 02:00:03 UTC  event3  x=1\n"
                        "           2026-11-23 02:00:04 UTC  event4  x=1\n"))
      << shown;
  EXPECT_TRUE(absl::EndsWith(shown, "event12  x=1\n"));
}

TEST(StatusLinesTest, TintEventsByTheirLevel) {
  StatusRecord record = UpRecord();
  record.events = {{kNow, "info", "a", ""},
                   {kNow, "warning", "b", ""},
                   {kNow, "error", "c", ""}};
  const std::vector<StatusLine> lines =
      StatusLines(record, {Kind::kUp, ""}, kNow);
  ASSERT_GE(lines.size(), 3u);
  EXPECT_EQ(lines[lines.size() - 3].tint, Tint::kPlain);
  EXPECT_EQ(lines[lines.size() - 2].tint, Tint::kWarning);
  EXPECT_EQ(lines[lines.size() - 1].tint, Tint::kBad);
}

// A peer's text may try to look like a line of ours, or steer the terminal.
TEST(StatusLinesTest, NoTextBreaksOutOfItsLine) {
  StatusRecord record = UpRecord();
  record.state = "x\x1b[2J";
  record.detail = "a\ntunnel     up\xc2\x9b\x31m";
  record.insecure = {"\x1b]0;title\x07"};
  record.events.push_back({kNow, "error", "\x1b", "\r"});
  const std::string shown = Shown(record, {Kind::kNotUp, ""});
  EXPECT_EQ(shown.find('\x1b'), std::string::npos);
  EXPECT_EQ(shown.find('\x9b'), std::string::npos);
  EXPECT_EQ(shown.find('\r'), std::string::npos);
  EXPECT_TRUE(
      absl::StrContains(shown, "detail     a\\u000atunnel     up\\u009b1m\n"))
      << shown;
}

// The text behind a label, with what goes on below it; "none" without one.
std::string Under(const StatusRecord& record, absl::string_view label,
                  Kind kind = Kind::kUp) {
  std::string text = "none";
  bool under = false;
  for (const StatusLine& line : StatusLines(record, {kind, "why"}, kNow)) {
    under = line.label.empty() ? under : line.label == label;
    if (under) {
      text = text == "none" ? line.text : absl::StrCat(text, " | ", line.text);
    }
  }
  return text;
}

TEST(StatusLinesTest, SizesAreInDecimalUnits) {
  struct Case {
    uint64_t bytes;
    absl::string_view text;
  };
  constexpr Case kCases[] = {
      {0, "0 bytes"},
      {1, "1 bytes"},
      {999, "999 bytes"},
      {1000, "1.0 kB"},
      {1024, "1.0 kB"},
      {1949, "1.9 kB"},
      {1951, "2.0 kB"},
      {999'900, "999.9 kB"},
      {1'000'000, "1.0 MB"},
      {64 << 20, "67.1 MB"},
      {1'000'000'000, "1.0 GB"},
      {1'500'000'000'000, "1.5 TB"},
      {2'000'000'000'000'000, "2000.0 TB"},
      {18446744073709551615u, "18446744.1 TB"},
  };
  for (const Case& c : kCases) {
    StatusRecord record = UpRecord();
    record.counters = {{"bytes_in", c.bytes}, {"packets_in", c.bytes}};
    EXPECT_EQ(Under(record, "received"),
              absl::StrCat(c.bytes, " packets, ", c.text));
    EXPECT_EQ(Under(record, "sent"), "none") << "the file does not say";
  }
}

TEST(StatusLinesTest, TrafficNeedsPacketsAndBytes) {
  StatusRecord record = UpRecord();
  record.counters = {{"bytes_in", 1}, {"packets_out", 1}};
  EXPECT_EQ(Under(record, "received"), "none");
  EXPECT_EQ(Under(record, "sent"), "none");
}

TEST(StatusLinesTest, ARoundTripIsInMillisecondsAsFarAsItIsKnown) {
  StatusRecord record = UpRecord();
  EXPECT_EQ(Under(record, "round trip"), "none");
  record.round_trip = RoundTripRecord();
  EXPECT_EQ(Under(record, "round trip"), "none");
  record.round_trip->smoothed_ms = 1234.56;
  EXPECT_EQ(Under(record, "round trip"), "smoothed 1234.6 ms");
  record.round_trip->minimum_ms = 0.04;
  EXPECT_EQ(Under(record, "round trip"), "smoothed 1234.6 ms, least 0.0 ms");
  record.round_trip->last_ms = 0.05;
  EXPECT_TRUE(absl::StartsWith(Under(record, "round trip"), "last 0.1 ms, "))
      << Under(record, "round trip");
}

TEST(StatusLinesTest, AServerIsNamedWithTheAddressInUse) {
  StatusRecord record = UpRecord();
  EXPECT_EQ(Under(record, "server"), "ovoc.example, 192.0.2.1:443");
  record.server_address.clear();
  EXPECT_EQ(Under(record, "server"), "ovoc.example");
  record.server_address = "[2001:db8::1]:443";
  EXPECT_EQ(Under(record, "server"), "ovoc.example, [2001:db8::1]:443");
  record.server_address.clear();
  record.server.clear();
  EXPECT_EQ(Under(record, "server"), "none") << "before the settings were read";
}

TEST(StatusLinesTest, ServersAreListedWhereThereAreSeveral) {
  StatusRecord record = UpRecord();
  record.servers = {"a.example"};
  EXPECT_EQ(Under(record, "servers"), "none");
  record.servers = {"a.example", "b.example", "c.example"};
  EXPECT_EQ(Under(record, "servers"), "a.example, b.example, c.example");
}

TEST(StatusLinesTest, TlsIsTheNamesThatTheFileHas) {
  StatusRecord record = UpRecord();
  EXPECT_EQ(Under(record, "TLS"), "none");
  record.tls = TlsRecord();
  EXPECT_EQ(Under(record, "TLS"), "not resumed");
  record.tls = TlsRecord{"TLSv1.2", "C", "", true};
  EXPECT_EQ(Under(record, "TLS"), "TLSv1.2, C, resumed");
}

TEST(StatusLinesTest, ACertificateWithoutNamesOrDatesHasNoLineForThem) {
  StatusRecord record = UpRecord();
  record.certificate = CertificateRecord();
  record.certificate->subject = "CN=a";
  record.certificate->issuer = "CN=b";
  EXPECT_EQ(Under(record, "certificate"), "CN=a by CN=b | not verified");
  record.certificate->names_left_out = 2;
  record.certificate->names = {"x.example"};
  record.certificate->verified = true;
  EXPECT_EQ(Under(record, "certificate"),
            "CN=a by CN=b | x.example and 2 more");
}

// Of a leaf whose dates cannot be read there is nothing to compare with.
TEST(StatusLinesTest, AnIssuerIsComparedWithItsLeaf) {
  StatusRecord record = UpRecord();
  record.certificate = CertificateRecord();
  record.certificate->subject = "CN=a";
  record.certificate->issuer = "CN=b";
  record.certificate->verified = true;
  record.certificate->chain_not_after = kNow;
  EXPECT_EQ(Under(record, "certificate"), "CN=a by CN=b");
}

TEST(StatusLinesTest, AClockThatIsWrongIsAWarning) {
  StatusRecord record = UpRecord();
  EXPECT_EQ(Under(record, "clock"), "none");
  record.certificate_checked_at = kNow;
  EXPECT_EQ(Under(record, "clock"),
            "wrong, so the certificate was checked as of 2026-11-23 02:00:00 "
            "UTC");
  EXPECT_EQ(LineWith(record, "wrong, so").tint, Tint::kWarning);
}

TEST(StatusLinesTest, WhatIsInsecureOrRefusedIsAWarning) {
  StatusRecord record = UpRecord();
  EXPECT_EQ(Under(record, "insecure"), "none");
  EXPECT_EQ(Under(record, "reload"), "none");
  record.insecure = {"WSTunSecured=0", "net.ipv4.conf.all.rp_filter=0"};
  record.reload_refused = "f.ini:1: WSTunServer: it is missing";
  EXPECT_EQ(Under(record, "insecure"),
            "WSTunSecured=0, net.ipv4.conf.all.rp_filter=0");
  EXPECT_EQ(Under(record, "reload"),
            "refused: f.ini:1: WSTunServer: it is missing");
  EXPECT_EQ(LineWith(record, "WSTunSecured").tint, Tint::kWarning);
  EXPECT_EQ(LineWith(record, "refused").tint, Tint::kWarning);
}

TEST(StatusLinesTest, ANextTryIsOnlyThatOfAClientThatRuns) {
  StatusRecord record = UpRecord();
  record.next_attempt = kNow + absl::Seconds(90);
  EXPECT_EQ(Under(record, "next try", Kind::kNotUp), "in 1 min 30 s");
  record.next_attempt = kNow - absl::Hours(1);
  EXPECT_EQ(Under(record, "next try", Kind::kNotUp), "now");
  record.exit_code = 0;
  EXPECT_EQ(Under(record, "next try", Kind::kEnded), "none");
}

// The device's clock was set back since.
TEST(StatusLinesTest, TimesThatAreAheadAreNotNegative) {
  StatusRecord record = UpRecord();
  record.state_since = kNow + absl::Hours(1);
  record.updated = kNow + absl::Hours(1);
  EXPECT_EQ(Under(record, "tunnel"), "up for 0 s");
  EXPECT_EQ(Under(record, "written"), "0 s ago, at 2026-11-23 03:00:00 UTC");
}

TEST(StatusLinesTest, AStateWithoutATimeStandsAlone) {
  StatusRecord record = UpRecord();
  record.state_since = std::nullopt;
  EXPECT_EQ(Under(record, "tunnel"), "up");
}

TEST(StatusLinesTest, TheVerdictHasItsTint) {
  struct Case {
    Kind kind;
    absl::string_view text;
    Tint tint;
  };
  constexpr Case kCases[] = {
      {Kind::kUp, "up for 3 h 12 min", Tint::kGood},
      {Kind::kNotUp, "up for 3 h 12 min", Tint::kWarning},
      {Kind::kEnded, "down: why", Tint::kBad},
      {Kind::kStale, "unknown", Tint::kBad},
  };
  for (const Case& c : kCases) {
    const std::vector<StatusLine> lines =
        StatusLines(UpRecord(), {c.kind, "why"}, kNow);
    ASSERT_FALSE(lines.empty());
    EXPECT_EQ(lines[0].label, "tunnel");
    EXPECT_EQ(lines[0].text, c.text);
    EXPECT_EQ(lines[0].tint, c.tint) << c.text;
  }
}

// An older client's file has the two counts alone, each by itself or together.
TEST(StatusLinesTest, DroppedLinesOfTheLogAreAddedUpForOlderFiles) {
  StatusRecord record = UpRecord();
  EXPECT_EQ(Under(record, "log"), "none");
  record.counters = {{"worker_log_lines_dropped", 2}};
  EXPECT_EQ(Under(record, "log"), "2 lines dropped");
  record.log_lines_dropped = 0;
  EXPECT_EQ(Under(record, "log"), "none") << "the newer key is believed";
}

TEST(StatusLinesTest, AnEventWithoutATimeOrATextIsShownAllTheSame) {
  StatusRecord record = UpRecord();
  record.events = {{std::nullopt, "info", "start", ""},
                   {kNow, "notice", "", "from=worker x=1"}};
  EXPECT_EQ(Under(record, "events"),
            "  start | 2026-11-23 02:00:00 UTC    from=worker x=1");
  EXPECT_EQ(LineWith(record, "2026-11-23 02:00:00 UTC  ").tint, Tint::kPlain)
      << "of a level that is not known";
}

TEST(StatusLinesTest, AsManyEventsAsAreShownAreAllShown) {
  StatusRecord record = UpRecord();
  for (size_t i = 0; i < kShownEvents; ++i) {
    record.events.push_back({kNow, "info", absl::StrCat("event", i), ""});
  }
  const std::string shown = Shown(record, {Kind::kUp, ""});
  EXPECT_TRUE(absl::StrContains(shown, "event0\n")) << shown;
  EXPECT_TRUE(absl::StrContains(shown, "event9\n")) << shown;
}

// A record with this text wherever a file has one.
StatusRecord Filled(const std::string& text) {
  StatusRecord record = UpRecord();
  for (std::string* const field :
       {&record.state, &record.reason, &record.detail, &record.remedy,
        &record.version, &record.policy, &record.server, &record.server_address,
        &record.proxy, &record.interface, &record.overlay_address,
        &record.reload_refused}) {
    *field = text;
  }
  record.servers = record.insecure = {text, text};
  record.tls = TlsRecord{text, text, text, false};
  record.certificate = CertificateRecord();
  record.certificate->subject = record.certificate->issuer = text;
  record.certificate->names = {text, text};
  record.certificate->sha256 = text;
  record.client_certificate = record.certificate;
  record.counters = {{"dropped_" + text, 1}};
  record.ends = {{text, 1}};
  record.events = {{kNow, text, text, text}};
  return record;
}

// Whichever of its texts a file uses for it, and whatever the verdict is.
TEST(StatusLinesTest, NoTextOfAFileSteersTheTerminal) {
  const std::string hostile = "x\x1b[2J\r\n\x07\xc2\x9b\xe2\x80\xae\xff";
  for (const Kind kind :
       {Kind::kUp, Kind::kNotUp, Kind::kEnded, Kind::kStale}) {
    const std::vector<StatusLine> lines =
        StatusLines(Filled(hostile), {kind, hostile}, kNow);
    for (const StatusLine& line : lines) {
      for (const char c : line.text) {
        EXPECT_TRUE(c >= 0x20 && c < 0x7f) << line.label << ": " << line.text;
      }
    }
    const std::string shown = Aligned(lines, Colour::kNone);
    EXPECT_EQ(static_cast<size_t>(std::count(shown.begin(), shown.end(), '\n')),
              lines.size())
        << "one line each";
  }
}

// What people look for stands in the same order always.
TEST(StatusLinesTest, LabelsHaveTheirOrder) {
  StatusRecord record = Filled("x");
  record.next_attempt = kNow;
  record.certificate_checked_at = kNow;
  record.round_trip = RoundTripRecord{1, 1, 1};
  record.counters = {{"bytes_in", 1},  {"packets_in", 1},
                     {"bytes_out", 1}, {"packets_out", 1},
                     {"dropped_x", 1}, {"log_lines_dropped", 1}};
  std::vector<std::string> labels;
  for (const StatusLine& line :
       StatusLines(record, {Kind::kStale, "why"}, kNow)) {
    if (!line.label.empty()) {
      labels.emplace_back(line.label);
    }
  }
  EXPECT_EQ(
      labels,
      (std::vector<std::string>{
          "tunnel",      "stale",      "last state", "reason",      "detail",
          "what to do",  "next try",   "address",    "interface",   "server",
          "servers",     "proxy",      "TLS",        "certificate", "clock",
          "client cert", "round trip", "received",   "sent",        "dropped",
          "ended",       "log",        "insecure",   "reload",      "client",
          "written",     "events"}));
}

TEST(AlignedTest, ColoursOnlyWhenItIsAllowedTo) {
  const std::vector<StatusLine> lines = {{"a", "good", Tint::kGood},
                                         {"long", "plain", Tint::kPlain},
                                         {"", "bad", Tint::kBad},
                                         {"b", "so so", Tint::kWarning}};
  EXPECT_EQ(Aligned(lines, Colour::kNone),
            "a     good\nlong  plain\n      bad\nb     so so\n");
  EXPECT_EQ(Aligned(lines, Colour::kAnsi),
            "a     \x1b[32mgood\x1b[0m\nlong  plain\n"
            "      \x1b[31mbad\x1b[0m\nb     \x1b[33mso so\x1b[0m\n");
  EXPECT_EQ(Aligned({}, Colour::kAnsi), "");
}

}  // namespace
}  // namespace ovoc::tunnel
