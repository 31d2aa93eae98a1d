// SPDX-License-Identifier: Apache-2.0
#include "auth/upgrade_response.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "auth/response_head.h"
#include "auth/upgrade_request.h"
#include "auth/websocket_key.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// The answer of recording 03 and the key it answers.
constexpr absl::string_view kKey = "5DaCLsC/65MWoxhrTHaxPQ==";
constexpr absl::string_view kDirect =
    "HTTP/1.1 101 Switching Protocols\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
    "Sec-WebSocket-Accept: 7zdNjLLRXAOK3i1jEl/1B1J2vuA=\r\n"
    "X-Audc-OverlayIP: 169.254.0.2\r\n"
    "X-Audc-OverlayPrefix: 18\r\n"
    "\r\n";

UpgradeResult Check(absl::string_view text, absl::string_view key_text) {
  ResponseHeadParser parser;
  size_t consumed = 0;
  const ResponseHeadParser::Result result = parser.Add(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()),
                          text.size()),
      &consumed);
  EXPECT_EQ(result, ResponseHeadParser::Result::kDone) << parser.status();
  const absl::StatusOr<WebSocketKey> key = WebSocketKey::FromText(key_text);
  EXPECT_TRUE(key.ok()) << key.status();
  return CheckUpgradeResponse(parser.head(), *key);
}

// Edited: kDirect with the one place `find` replaced.
std::string Edited(absl::string_view find, absl::string_view replace) {
  std::string text(kDirect);
  const size_t at = text.find(std::string(find));
  EXPECT_NE(at, std::string::npos) << find;
  if (at != std::string::npos) {
    text.replace(at, find.size(), std::string(replace));
  }
  return text;
}

void ExpectOverlay(const UpgradeResult& result, absl::string_view address,
                   absl::string_view prefix) {
  EXPECT_EQ(result.verdict, UpgradeVerdict::kAccepted) << result.status;
  EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(result.overlay.address, address);
  EXPECT_EQ(result.overlay.prefix, prefix);
}

struct RecordedAccept {
  absl::string_view name;
  absl::string_view key;
  absl::string_view head;
};

constexpr RecordedAccept kRecordedAccepts[] = {
    {"03 tun-ws directly", kKey, kDirect},
    {"01 tun-ws directly, AudioCodes' own 16-character key", "KNnE/Tb7ekWjbQ==",
     "HTTP/1.1 101 Switching Protocols\r\n"
     "Upgrade: websocket\r\n"
     "Connection: Upgrade\r\n"
     "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
     "Sec-WebSocket-Accept: DiNohX6zqc8iBj5NDWcJZkWi1Tc=\r\n"
     "X-Audc-OverlayIP: 169.254.0.2\r\n"
     "X-Audc-OverlayPrefix: 18\r\n"
     "\r\n"},
    {"04 behind nginx", "yNXSsVYmxlrPTcF6rV/Y9g==",
     "HTTP/1.1 101 Switching Protocols\r\n"
     "Server: nginx/1.22.1\r\n"
     "Date: Sun, 22 Nov 2026 14:43:41 GMT\r\n"
     "Connection: upgrade\r\n"
     "Upgrade: websocket\r\n"
     "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
     "Sec-WebSocket-Accept: NmVHJ9NLs8kwGbsqzTh/IYIN+v4=\r\n"
     "X-Audc-OverlayIP: 169.254.0.2\r\n"
     "X-Audc-OverlayPrefix: 18\r\n"
     "\r\n"},
    {"26 behind HAProxy, names in lower case", "NoCx1hNKXUUrN9K4Phg+jA==",
     "HTTP/1.1 101 Switching Protocols\r\n"
     "server: nginx/1.22.1\r\n"
     "date: Sun, 22 Nov 2026 14:47:08 GMT\r\n"
     "connection: upgrade\r\n"
     "upgrade: websocket\r\n"
     "sec-websocket-protocol: ovoc.audiocodes.com\r\n"
     "sec-websocket-accept: 9n6R8Sco6DSG4uYfAymtqc0xxWQ=\r\n"
     "x-audc-overlayip: 169.254.0.2\r\n"
     "x-audc-overlayprefix: 18\r\n"
     "\r\n"},
};

TEST(UpgradeResponseTest, AcceptsWhatRealServersAnswered) {
  for (const RecordedAccept& row : kRecordedAccepts) {
    SCOPED_TRACE(row.name);
    ExpectOverlay(Check(row.head, row.key), "169.254.0.2", "18");
  }
}

struct RecordedRefusal {
  absl::string_view name;
  absl::string_view head;
  UpgradeVerdict verdict;
  absl::StatusCode code;
  absl::string_view message;
};

constexpr RecordedRefusal kRecordedRefusals[] = {
    {"05 nginx, wrong password",
     "HTTP/1.1 401 Unauthorized\r\n"
     "Server: nginx/1.22.1\r\n"
     "Date: Sun, 22 Nov 2026 14:43:43 GMT\r\n"
     "Content-Type: text/html\r\n"
     "Content-Length: 179\r\n"
     "Connection: keep-alive\r\n"
     "WWW-Authenticate: Basic realm=\"VPN\"\r\n\r\n",
     UpgradeVerdict::kUnauthorized, absl::StatusCode::kUnauthenticated,
     "HTTP 401 Unauthorized"},
    {"07 nginx, wrong path",
     "HTTP/1.1 404 Not Found\r\n"
     "Server: nginx/1.22.1\r\n"
     "Date: Sun, 22 Nov 2026 14:43:46 GMT\r\n"
     "Content-Type: text/html\r\n"
     "Content-Length: 153\r\n"
     "Connection: keep-alive\r\n\r\n",
     UpgradeVerdict::kRefused, absl::StatusCode::kUnavailable,
     "HTTP 404 Not Found"},
    {"10 nginx, tun-ws down",
     "HTTP/1.1 502 Bad Gateway\r\n"
     "Server: nginx/1.22.1\r\n"
     "Date: Sun, 22 Nov 2026 14:43:49 GMT\r\n"
     "Content-Type: text/html\r\n"
     "Content-Length: 157\r\n"
     "Connection: keep-alive\r\n\r\n",
     UpgradeVerdict::kRefused, absl::StatusCode::kUnavailable,
     "HTTP 502 Bad Gateway"},
    {"12 tun-ws directly, pool used up",
     "HTTP/1.0 409 Too Many Peers\r\n"
     "Connection: close\r\n"
     "Cache-Control: no-cache, no-store, must-revalidate\r\n"
     "Pragma: no-cache\r\n"
     "Expires: 0\r\n\r\n",
     UpgradeVerdict::kNoFreeAddress, absl::StatusCode::kResourceExhausted,
     "HTTP 409 Too Many Peers"},
    {"14 nginx, pool used up",
     "HTTP/1.1 409 Too Many Peers\r\n"
     "Server: nginx/1.22.1\r\n"
     "Date: Sun, 22 Nov 2026 14:43:53 GMT\r\n"
     "Transfer-Encoding: chunked\r\n"
     "Connection: keep-alive\r\n"
     "Cache-Control: no-cache, no-store, must-revalidate\r\n"
     "Pragma: no-cache\r\n"
     "Expires: 0\r\n\r\n",
     UpgradeVerdict::kNoFreeAddress, absl::StatusCode::kResourceExhausted,
     "HTTP 409 Too Many Peers"},
    {"27 HAProxy, refuses the 16-character key",
     "HTTP/1.1 400 Bad request\r\n"
     "Content-length: 90\r\n"
     "Cache-Control: no-cache\r\n"
     "Connection: close\r\n"
     "Content-Type: text/html\r\n\r\n",
     UpgradeVerdict::kRefused, absl::StatusCode::kUnavailable,
     "HTTP 400 Bad request"},
};

TEST(UpgradeResponseTest, TellsTheRecordedRefusalsApart) {
  for (const RecordedRefusal& row : kRecordedRefusals) {
    SCOPED_TRACE(row.name);
    const UpgradeResult result = Check(row.head, kKey);
    EXPECT_EQ(result.verdict, row.verdict);
    EXPECT_EQ(result.status.code(), row.code);
    EXPECT_EQ(result.status.message(), row.message);
    EXPECT_EQ(result.overlay.address, "");
  }
}

TEST(UpgradeResponseTest, SortsEveryOtherStatusByItsNumberAlone) {
  for (int code = 100; code <= 599; ++code) {
    SCOPED_TRACE(code);
    UpgradeVerdict wanted = UpgradeVerdict::kRefused;
    if (code < 200) {
      wanted = UpgradeVerdict::kInvalid;
    } else if (code == 401) {
      wanted = UpgradeVerdict::kUnauthorized;
    } else if (code == 409) {
      wanted = UpgradeVerdict::kNoFreeAddress;
    }
    for (absl::string_view version : {"HTTP/1.0", "HTTP/1.1"}) {
      if (code == 101 && version == "HTTP/1.1") {
        continue;
      }
      // All fields are those of a good 101: they do not help.
      const UpgradeResult result =
          Check(Edited("HTTP/1.1 101", absl::StrCat(version, " ", code)), kKey);
      EXPECT_EQ(result.verdict, wanted);
      EXPECT_FALSE(result.status.ok());
      EXPECT_EQ(result.overlay.prefix, "");
    }
  }
}

TEST(UpgradeResponseTest, ShowsTheReasonPhraseCleanAndCut) {
  const UpgradeResult result = Check(
      absl::StrCat("HTTP/1.1 404 \xE9\t", std::string(100, 'x'), "\r\n\r\n"),
      kKey);
  EXPECT_EQ(result.status.message(),
            absl::StrCat("HTTP 404 ??", std::string(59, 'x'), "..."));
  EXPECT_EQ(Check("HTTP/1.1 404 \r\n\r\n", kKey).status.message(), "HTTP 404");
}

TEST(UpgradeResponseTest, AcceptsWhatTheRulesLeaveOpen) {
  struct Row {
    absl::string_view name;
    absl::string_view find;
    absl::string_view replace;
  };
  const Row kRows[] = {
      {"websocket in another case", "Upgrade: websocket", "Upgrade: WebSocket"},
      {"Upgrade in another case", "Connection: Upgrade", "Connection: uPGRADE"},
      {"Connection is a list", "Connection: Upgrade",
       "Connection: keep-alive, Upgrade"},
      {"a list without spaces", "Connection: Upgrade",
       "Connection: upgrade,keep-alive"},
      {"a list with empty elements", "Connection: Upgrade",
       "Connection: , ,\tupgrade ,"},
      {"a list on two lines", "Connection: Upgrade",
       "Connection: Upgrade\r\nConnection: keep-alive"},
      {"the token on the last of three lines", "Connection: Upgrade",
       "Connection: keep-alive\r\nconnection:\r\nCONNECTION: upgrade"},
      {"the token on two lines", "Connection: Upgrade",
       "Connection: Upgrade\r\nConnection: Upgrade"},
      {"lines that are not neighbours", "\r\n\r\n",
       "\r\nConnection: keep-alive\r\n\r\n"},
      {"no subprotocol", "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n", ""},
      {"a version field is ignored", "\r\n\r\n",
       "\r\nSec-WebSocket-Version: 8, 7\r\n\r\n"},
      {"unknown fields are ignored", "\r\n\r\n",
       "\r\nX-Other: 1\r\nX-Other: 2\r\nServer:\r\n\r\n"},
      {"another reason", "Switching Protocols", "Web Socket Handshake"},
      {"no reason", "Switching Protocols", ""},
      {"names in capitals", "Sec-WebSocket-Accept", "SEC-WEBSOCKET-ACCEPT"},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.name);
    ExpectOverlay(Check(Edited(row.find, row.replace), kKey), "169.254.0.2",
                  "18");
  }
}

// Handshake: CheckHandshake of `text` for a request that offered `offered`.
std::string Handshake(absl::string_view text, absl::string_view offered) {
  ResponseHeadParser parser;
  size_t consumed = 0;
  EXPECT_EQ(parser.Add(
                absl::MakeConstSpan(
                    reinterpret_cast<const uint8_t*>(text.data()), text.size()),
                &consumed),
            ResponseHeadParser::Result::kDone)
      << parser.status();
  const absl::StatusOr<WebSocketKey> key = WebSocketKey::FromText(kKey);
  EXPECT_TRUE(key.ok()) << key.status();
  return std::string(CheckHandshake(parser.head(), *key, offered).message());
}

// RFC 6455 4.1 MUST: fail on a subprotocol that was not offered
TEST(UpgradeResponseTest, HoldsAHandshakeWithoutOverlayAgainstWhatWasOffered) {
  const std::string plain =
      "HTTP/1.1 101 Switching Protocols\r\n"
      "Upgrade: websocket\r\n"
      "Connection: Upgrade\r\n"
      "Sec-WebSocket-Accept: 7zdNjLLRXAOK3i1jEl/1B1J2vuA=\r\n";
  const std::string chat = "Sec-WebSocket-Protocol: chat\r\n";
  EXPECT_EQ(Handshake(absl::StrCat(plain, "\r\n"), ""), "");
  EXPECT_EQ(Handshake(absl::StrCat(plain, "\r\n"), "chat"), "");
  EXPECT_EQ(Handshake(absl::StrCat(plain, chat, "\r\n"), "chat"), "");
  EXPECT_THAT(Handshake(absl::StrCat(plain, chat, "\r\n"), ""),
              HasSubstr("Sec-WebSocket-Protocol must not be present: none was "
                        "offered (RFC 6455 4.1); found \"chat\""));
  EXPECT_THAT(
      Handshake(absl::StrCat(plain, "Sec-WebSocket-Protocol:\r\n\r\n"), ""),
      HasSubstr("Sec-WebSocket-Protocol must not be present"));
  EXPECT_THAT(Handshake(absl::StrCat(plain, chat, "\r\n"), "Chat"),
              HasSubstr("must be the one offered, \"Chat\""));
  EXPECT_THAT(Handshake(absl::StrCat(plain, chat, chat, "\r\n"), "chat"),
              HasSubstr("must occur at most once"));
  EXPECT_THAT(
      Handshake(absl::StrCat(plain, chat, "Content-Length: 0\r\n\r\n"), "chat"),
      HasSubstr("Content-Length must not be present"));
}

TEST(UpgradeResponseTest, TakesOnlyA101ForAHandshake) {
  for (absl::string_view status : {"100", "102", "200", "401", "404", "409"}) {
    SCOPED_TRACE(status);
    EXPECT_THAT(Handshake(Edited("101", status), kSubprotocol),
                HasSubstr(absl::StrCat("the status must be 101 (RFC 6455 4.1); "
                                       "found HTTP ",
                                       status, " Switching")));
  }
}

struct BrokenRule {
  absl::string_view name;
  absl::string_view find;
  absl::string_view replace;
  absl::string_view rule;
  absl::string_view found;
};

void ExpectInvalid(const BrokenRule& row) {
  SCOPED_TRACE(row.name);
  const UpgradeResult result = Check(Edited(row.find, row.replace), kKey);
  EXPECT_EQ(result.verdict, UpgradeVerdict::kInvalid);
  EXPECT_EQ(result.status.code(), absl::StatusCode::kInvalidArgument);
  const std::string message(result.status.message());
  EXPECT_THAT(message, HasSubstr(std::string(row.rule)));
  EXPECT_THAT(message, HasSubstr(absl::StrCat("; found ", row.found)));
  EXPECT_EQ(result.overlay.address, "");
  EXPECT_EQ(result.overlay.prefix, "");
}

TEST(UpgradeResponseTest, RefusesA101ThatIsNotHttp11) {
  ExpectInvalid({"HTTP/1.0", "HTTP/1.1", "HTTP/1.0",
                 "a 101 must be HTTP/1.1 (RFC 6455 4.2.2, RFC 9110 7.8)",
                 "HTTP/1.0"});
}

TEST(UpgradeResponseTest, RefusesAnInterimStatusEvenBeforeAGood101) {
  // The 101 behind it is never read: its bytes are not the first head's.
  const UpgradeResult result =
      Check(absl::StrCat("HTTP/1.1 100 Continue\r\n\r\n", kDirect), kKey);
  EXPECT_EQ(result.verdict, UpgradeVerdict::kInvalid);
  EXPECT_THAT(std::string(result.status.message()),
              HasSubstr("the first status must be 101 or final (RFC 6455 4.1"));
  EXPECT_THAT(std::string(result.status.message()),
              HasSubstr("; found HTTP 100 Continue"));
}

// RFC 6455 4.1 MUST: fail when Upgrade is missing or not websocket
TEST(UpgradeResponseTest, RefusesEveryOtherUpgradeField) {
  constexpr absl::string_view kLine = "Upgrade: websocket\r\n";
  constexpr absl::string_view kOnce =
      "Upgrade must occur exactly once (RFC 6455 4.1)";
  constexpr absl::string_view kWord =
      "Upgrade must be the word websocket (RFC 6455 4.1)";
  const BrokenRule kRows[] = {
      {"missing", kLine, "", kOnce, "none"},
      {"repeated", kLine, "Upgrade: websocket\r\nupgrade: websocket\r\n", kOnce,
       "2 of them"},
      {"repeated, other word", kLine, "Upgrade: h2c\r\nUpgrade: websocket\r\n",
       kOnce, "2 of them"},
      {"a list", kLine, "Upgrade: websocket, h2c\r\n", kWord,
       "\"websocket, h2c\""},
      {"a list with a comma only", kLine, "Upgrade: websocket,\r\n", kWord,
       "\"websocket,\""},
      {"another word", kLine, "Upgrade: vpn-ws\r\n", kWord, "\"vpn-ws\""},
      {"a longer word", kLine, "Upgrade: websockets\r\n", kWord,
       "\"websockets\""},
      {"a shorter word", kLine, "Upgrade: websocke\r\n", kWord, "\"websocke\""},
      {"with a version", kLine, "Upgrade: websocket/13\r\n", kWord,
       "\"websocket/13\""},
      {"quoted", kLine, "Upgrade: \"websocket\"\r\n", kWord,
       "\"\"websocket\"\""},
      {"empty", kLine, "Upgrade:\r\n", kWord, "\"\""},
      // U+212A, the Kelvin sign, folds to k outside ASCII.
      {"beyond ASCII", kLine,
       "Upgrade: websoc\xE2\x84\xAA"
       "et\r\n",
       kWord, "\"websoc???et\""},
  };
  for (const BrokenRule& row : kRows) {
    ExpectInvalid(row);
  }
}

// RFC 6455 4.1 MUST: fail when Connection is missing or without Upgrade
TEST(UpgradeResponseTest, RefusesEveryConnectionFieldWithoutTheToken) {
  constexpr absl::string_view kLine = "Connection: Upgrade\r\n";
  constexpr absl::string_view kPresent =
      "Connection must be present (RFC 6455 4.1)";
  constexpr absl::string_view kToken =
      "Connection must contain the token Upgrade (RFC 6455 4.1)";
  constexpr absl::string_view kList =
      "Connection must be a list of tokens (RFC 9110 7.6.1)";
  const BrokenRule kRows[] = {
      {"missing", kLine, "", kPresent, "no such field"},
      {"on neither of two lines", kLine,
       "Connection: keep-alive\r\nConnection: close\r\n", kToken,
       "\"keep-alive, close\""},
      {"two empty lines", kLine, "Connection:\r\nConnection:\r\n", kToken,
       "\", \""},
      {"the token cut in two", kLine, "Connection: Up\r\nConnection: grade\r\n",
       kToken, "\"Up, grade\""},
      {"without the token", kLine, "Connection: keep-alive\r\n", kToken,
       "\"keep-alive\""},
      {"empty", kLine, "Connection:\r\n", kToken, "\"\""},
      {"commas", kLine, "Connection: , ,\r\n", kToken, "\", ,\""},
      {"a longer token", kLine, "Connection: Upgrades, x-upgrade\r\n", kToken,
       "\"Upgrades, x-upgrade\""},
      {"two words", kLine, "Connection: keep-alive Upgrade\r\n", kList,
       "\"keep-alive Upgrade\""},
      {"with a parameter", kLine, "Connection: Upgrade;q=1\r\n", kList,
       "\"Upgrade;q=1\""},
      {"quoted", kLine, "Connection: \"Upgrade\"\r\n", kList,
       "\"\"Upgrade\"\""},
      {"no token beside it", kLine, "Connection: Upgrade, a b\r\n", kList,
       "\"Upgrade, a b\""},
      {"no token on a second line", kLine,
       "Connection: Upgrade\r\nConnection: a b\r\n", kList, "\"Upgrade, a b\""},
  };
  for (const BrokenRule& row : kRows) {
    ExpectInvalid(row);
  }
}

// RFC 9110 5.3: the lines of a list mean what the list on one line means.
TEST(UpgradeResponseTest, JudgesAListAlikeOnOneConnectionLineAndOnSeveral) {
  constexpr absl::string_view kLists[] = {
      "keep-alive, Upgrade",
      "Upgrade, keep-alive, close",
      ", Upgrade, ",
      "keep-alive, close",
      ", , ",
      "Upgrade, a b",
      "\"x, Upgrade\"",
  };
  for (const absl::string_view list : kLists) {
    SCOPED_TRACE(list);
    const std::string line = absl::StrCat("Connection: ", list);
    const std::string lines =
        absl::StrReplaceAll(line, {{", ", "\r\nConnection: "}});
    const UpgradeResult one = Check(Edited("Connection: Upgrade", line), kKey);
    const UpgradeResult several =
        Check(Edited("Connection: Upgrade", lines), kKey);
    EXPECT_EQ(several.verdict, one.verdict);
    EXPECT_EQ(several.status.code(), one.status.code());
  }
}

// RFC 6455 4.1 MUST: fail when Sec-WebSocket-Accept is missing or wrong
TEST(UpgradeResponseTest, RefusesEveryOtherAccept) {
  constexpr absl::string_view kLine =
      "Sec-WebSocket-Accept: 7zdNjLLRXAOK3i1jEl/1B1J2vuA=\r\n";
  constexpr absl::string_view kOnce =
      "Sec-WebSocket-Accept must occur exactly once (RFC 6455 4.1, 11.3.3)";
  constexpr absl::string_view kDigest =
      "Sec-WebSocket-Accept must be the digest of our key, "
      "\"7zdNjLLRXAOK3i1jEl/1B1J2vuA=\" (RFC 6455 4.1)";
  const BrokenRule kRows[] = {
      {"missing", kLine, "", kOnce, "none"},
      {"repeated though equal", kLine,
       "Sec-WebSocket-Accept: 7zdNjLLRXAOK3i1jEl/1B1J2vuA=\r\n"
       "sec-websocket-accept: 7zdNjLLRXAOK3i1jEl/1B1J2vuA=\r\n",
       kOnce, "2 of them"},
      {"empty", kLine, "Sec-WebSocket-Accept:\r\n", kDigest, "\"\""},
      {"the key itself", kLine,
       "Sec-WebSocket-Accept: 5DaCLsC/65MWoxhrTHaxPQ==\r\n", kDigest,
       "\"5DaCLsC/65MWoxhrTHaxPQ==\""},
      {"of another key", kLine,
       "Sec-WebSocket-Accept: DiNohX6zqc8iBj5NDWcJZkWi1Tc=\r\n", kDigest,
       "\"DiNohX6zqc8iBj5NDWcJZkWi1Tc=\""},
      {"without padding", kLine,
       "Sec-WebSocket-Accept: 7zdNjLLRXAOK3i1jEl/1B1J2vuA\r\n", kDigest,
       "\"7zdNjLLRXAOK3i1jEl/1B1J2vuA\""},
      {"in another case", kLine,
       "Sec-WebSocket-Accept: 7ZDNJLLRXAOK3I1JEL/1B1J2VUA=\r\n", kDigest,
       "\"7ZDNJLLRXAOK3I1JEL/1B1J2VUA=\""},
      {"quoted", kLine,
       "Sec-WebSocket-Accept: \"7zdNjLLRXAOK3i1jEl/1B1J2vuA=\"\r\n", kDigest,
       "\"\"7zdNjLLRXAOK3i1jEl/1B1J2vuA=\"\""},
      {"twice in a list", kLine,
       "Sec-WebSocket-Accept: 7zdNjLLRXAOK3i1jEl/1B1J2vuA=, "
       "7zdNjLLRXAOK3i1jEl/1B1J2vuA=\r\n",
       kDigest,
       "\"7zdNjLLRXAOK3i1jEl/1B1J2vuA=, 7zdNjLLRXAOK3i1jEl/1B1J2vuA=\""},
  };
  for (const BrokenRule& row : kRows) {
    ExpectInvalid(row);
  }
}

TEST(UpgradeResponseTest, RefusesAnAcceptThatIsOneByteOffAnywhere) {
  const std::string accept = "7zdNjLLRXAOK3i1jEl/1B1J2vuA=";
  for (size_t i = 0; i < accept.size(); ++i) {
    SCOPED_TRACE(i);
    std::string wrong = accept;
    wrong[i] = wrong[i] == 'A' ? 'B' : 'A';
    const UpgradeResult result = Check(Edited(accept, wrong), kKey);
    EXPECT_EQ(result.verdict, UpgradeVerdict::kInvalid);
    EXPECT_THAT(std::string(result.status.message()), HasSubstr(wrong));
  }
}

// RFC 6455 4.1 MUST: fail on a subprotocol that was not offered
TEST(UpgradeResponseTest, RefusesEveryOtherSubprotocol) {
  constexpr absl::string_view kLine =
      "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n";
  constexpr absl::string_view kOffered =
      "Sec-WebSocket-Protocol must be the one offered, "
      "\"ovoc.audiocodes.com\" (RFC 6455 4.1)";
  constexpr absl::string_view kOnce =
      "Sec-WebSocket-Protocol must occur at most once (RFC 6455 11.3.4)";
  const BrokenRule kRows[] = {
      {"another", kLine, "Sec-WebSocket-Protocol: chat\r\n", kOffered,
       "\"chat\""},
      {"in another case", kLine,
       "Sec-WebSocket-Protocol: OVOC.audiocodes.com\r\n", kOffered,
       "\"OVOC.audiocodes.com\""},
      {"empty", kLine, "Sec-WebSocket-Protocol:\r\n", kOffered, "\"\""},
      {"a list", kLine, "Sec-WebSocket-Protocol: ovoc.audiocodes.com, chat\r\n",
       kOffered, "\"ovoc.audiocodes.com, chat\""},
      {"repeated though equal", kLine,
       "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
       "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n",
       kOnce, "2 of them"},
      {"a second one", kLine,
       "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
       "Sec-WebSocket-Protocol: chat\r\n",
       kOnce, "2 of them"},
  };
  for (const BrokenRule& row : kRows) {
    ExpectInvalid(row);
  }
}

// RFC 6455 4.1 MUST: fail on an extension that was not offered
TEST(UpgradeResponseTest, RefusesAnyExtension) {
  constexpr absl::string_view kRule =
      "Sec-WebSocket-Extensions must not be present: none was offered (RFC "
      "6455 "
      "4.1)";
  const BrokenRule kRows[] = {
      {"deflate", "\r\n\r\n",
       "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n", kRule,
       "\"permessage-deflate\""},
      {"empty", "\r\n\r\n", "\r\nsec-websocket-extensions:\r\n\r\n", kRule,
       "\"\""},
      {"two fields", "\r\n\r\n",
       "\r\nSec-WebSocket-Extensions: a\r\nSec-WebSocket-Extensions: b"
       "\r\n\r\n",
       kRule, "\"a\""},
  };
  for (const BrokenRule& row : kRows) {
    ExpectInvalid(row);
  }
}

TEST(UpgradeResponseTest, RefusesA101ThatAnnouncesABody) {
  const BrokenRule kRows[] = {
      {"length 0", "\r\n\r\n", "\r\nContent-Length: 0\r\n\r\n",
       "Content-Length must not be present: a 101 has no body (RFC 9110 8.6)",
       "\"0\""},
      {"length 5", "\r\n\r\n", "\r\ncontent-length: 5\r\n\r\n",
       "Content-Length must not be present: a 101 has no body (RFC 9110 8.6)",
       "\"5\""},
      {"chunked", "\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n",
       "Transfer-Encoding must not be present: a 101 has no body (RFC 9112 "
       "6.1)",
       "\"chunked\""},
      {"identity", "\r\n\r\n", "\r\nTransfer-Encoding: identity\r\n\r\n",
       "Transfer-Encoding must not be present: a 101 has no body (RFC 9112 "
       "6.1)",
       "\"identity\""},
  };
  for (const BrokenRule& row : kRows) {
    ExpectInvalid(row);
  }
}

TEST(UpgradeResponseTest, RefusesOverlayFieldsThatAreNotThereExactlyOnce) {
  constexpr absl::string_view kAddress =
      "X-Audc-OverlayIP must occur exactly once (OVOC tunnel handshake)";
  constexpr absl::string_view kPrefix =
      "X-Audc-OverlayPrefix must occur exactly once (OVOC tunnel handshake)";
  const BrokenRule kRows[] = {
      {"no address", "X-Audc-OverlayIP: 169.254.0.2\r\n", "", kAddress, "none"},
      {"two equal addresses", "X-Audc-OverlayIP: 169.254.0.2\r\n",
       "X-Audc-OverlayIP: 169.254.0.2\r\nx-audc-overlayip: 169.254.0.2\r\n",
       kAddress, "2 of them"},
      {"two addresses", "X-Audc-OverlayIP: 169.254.0.2\r\n",
       "X-Audc-OverlayIP: 169.254.0.2\r\nX-Audc-OverlayIP: 169.254.0.3\r\n",
       kAddress, "2 of them"},
      {"no prefix", "X-Audc-OverlayPrefix: 18\r\n", "", kPrefix, "none"},
      {"two equal prefixes", "X-Audc-OverlayPrefix: 18\r\n",
       "X-Audc-OverlayPrefix: 18\r\nX-Audc-OverlayPrefix: 18\r\n", kPrefix,
       "2 of them"},
  };
  for (const BrokenRule& row : kRows) {
    ExpectInvalid(row);
  }
}

TEST(UpgradeResponseTest, GivesTheOverlayAsTextWithoutJudgingIt) {
  ExpectOverlay(Check(Edited("169.254.0.2", "10.0.0.256, x"), kKey),
                "10.0.0.256, x", "18");
  ExpectOverlay(Check(Edited("Prefix: 18", "Prefix: 018/"), kKey),
                "169.254.0.2", "018/");
  ExpectOverlay(Check(Edited("Prefix: 18", "Prefix:"), kKey), "169.254.0.2",
                "");
}

TEST(UpgradeResponseTest, GivesTheTextOfTheOverlayCleanAndCut) {
  const std::string hostile = absl::StrCat("\xFF\t", std::string(300, 'z'));
  const std::string shown = absl::StrCat("??", std::string(59, 'z'), "...");
  ExpectOverlay(Check(Edited("169.254.0.2", hostile), kKey), shown, "18");
  ExpectOverlay(
      Check(Edited("Prefix: 18", absl::StrCat("Prefix: ", hostile)), kKey),
      "169.254.0.2", shown);
}

// RFC 6455 4.1 MUST: fail on an answer that does not conform
TEST(UpgradeResponseTest, RefusesA101WithEachOfItsLinesLeftOut) {
  for (absl::string_view line :
       {"Upgrade: websocket\r\n", "Connection: Upgrade\r\n",
        "Sec-WebSocket-Accept: 7zdNjLLRXAOK3i1jEl/1B1J2vuA=\r\n",
        "X-Audc-OverlayIP: 169.254.0.2\r\n", "X-Audc-OverlayPrefix: 18\r\n"}) {
    SCOPED_TRACE(line);
    const UpgradeResult result = Check(Edited(line, ""), kKey);
    EXPECT_EQ(result.verdict, UpgradeVerdict::kInvalid);
    EXPECT_THAT(std::string(result.status.message()),
                AnyOf(HasSubstr("must occur exactly once"),
                      HasSubstr("Connection must be present")));
  }
}

TEST(UpgradeResponseTest, ShowsAHostileValueCleanAndCut) {
  const UpgradeResult result =
      Check(Edited("Upgrade: websocket",
                   absl::StrCat("Upgrade: \xFF", std::string(300, 'z'))),
            kKey);
  const std::string message(result.status.message());
  EXPECT_THAT(message, StartsWith("upgrade response: "));
  EXPECT_THAT(message, HasSubstr("\"?zzz"));
  EXPECT_THAT(message, HasSubstr("zzz...\""));
  EXPECT_THAT(message, Not(HasSubstr(std::string(64, 'z'))));
}

}  // namespace
}  // namespace ovoc::auth
