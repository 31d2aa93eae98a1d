// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/login.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "auth/secret.h"
#include "gtest/gtest.h"
#include "tunnel/retry/end_cause.h"

namespace ovoc::tunnel {
namespace {

using Result = Login::Result;

constexpr absl::string_view kKeyText = "dGhlIHNhbXBsZSBub25jZQ==";  // RFC 6455
constexpr absl::string_view kAnswer =
    "HTTP/1.1 101 Switching Protocols\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    "X-Audc-OverlayIP: 169.254.0.2\r\n"
    "X-Audc-OverlayPrefix: 18\r\n"
    "\r\n";

absl::Time At(double seconds) {
  return absl::UnixEpoch() + absl::Seconds(1000) + absl::Seconds(seconds);
}

Login Begin() {
  return Login(auth::WebSocketKey::FromText(kKeyText).value(),
               netif::OverlayRule(), nullptr, At(0));
}

// Gives `text` to the login and takes off it what was consumed.
Result Feed(Login* login, absl::string_view* text) {
  absl::Span<const uint8_t> bytes(
      reinterpret_cast<const uint8_t*>(text->data()), text->size());
  const Result result = login->OnBytes(&bytes);
  text->remove_prefix(text->size() - bytes.size());
  return result;
}

TEST(LoginTest, AcceptsAGoodAnswerAndLeavesTheFramesBehindIt) {
  const std::string stream = absl::StrCat(kAnswer, "frames");
  absl::string_view rest = stream;
  Login login = Begin();
  EXPECT_EQ(Feed(&login, &rest), Result::kAccepted);
  EXPECT_EQ(rest, "frames");
  EXPECT_EQ(login.overlay().ToString(), "169.254.0.2/32");
}

// client --check looks at its Date.
TEST(LoginTest, KeepsTheAnswerThatItAccepted) {
  absl::string_view rest = kAnswer;
  Login login = Begin();
  EXPECT_EQ(login.answer().status_code, 0);
  EXPECT_EQ(Feed(&login, &rest), Result::kAccepted);
  EXPECT_EQ(login.answer().status_code, 101);
  EXPECT_EQ(login.answer().Values("X-Audc-OverlayPrefix"),
            std::vector<absl::string_view>{"18"});
}

TEST(LoginTest, AcceptsItAtEveryCut) {
  for (size_t cut = 0; cut < kAnswer.size(); ++cut) {
    Login login = Begin();
    absl::string_view first = kAnswer.substr(0, cut);
    EXPECT_EQ(Feed(&login, &first), Result::kNeedMore) << cut;
    EXPECT_TRUE(first.empty()) << cut;
    absl::string_view second = kAnswer.substr(cut);
    EXPECT_EQ(Feed(&login, &second), Result::kAccepted) << cut;
  }
}

struct RefusalCase {
  absl::string_view name;
  std::string answer;
  EndReason reason;
  absl::string_view detail;  // a part of the message
};

std::string With(absl::string_view from, absl::string_view to) {
  const std::string answer(kAnswer);
  const size_t at = answer.find(std::string(from));
  return absl::StrCat(answer.substr(0, at), to,
                      answer.substr(at + from.size()));
}

TEST(LoginTest, KeepsWhatARefusalSaysOfTheNextRequest) {
  for (const absl::string_view status : {"429 X", "503 X"}) {
    const std::string answer =
        absl::StrCat("HTTP/1.1 ", status, "\r\nRetry-After: 17\r\n\r\n");
    absl::string_view rest = answer;
    Login login = Begin();
    EXPECT_EQ(Feed(&login, &rest), Result::kFailed);
    EXPECT_EQ(login.end().reason, EndReason::kHttpStatus);
    ASSERT_TRUE(login.end().retry_after.has_value()) << status;
    EXPECT_EQ(login.end().retry_after->Delay(absl::UnixEpoch()),
              absl::Seconds(17));
  }
  absl::string_view rest = "HTTP/1.1 502 X\r\nRetry-After: 17\r\n\r\n";
  Login login = Begin();
  EXPECT_EQ(Feed(&login, &rest), Result::kFailed);
  EXPECT_FALSE(login.end().retry_after.has_value());
}

// RFC 6455 4.1 MUST: the answer is validated
TEST(LoginTest, FailsWithTheReasonOfTheAnswer) {
  const RefusalCase kCases[] = {
      {"wrong password", "HTTP/1.1 401 Unauthorized\r\n\r\n",
       EndReason::kUnauthorized, "401"},
      {"wrong password, old proxy", "HTTP/1.0 401 Unauthorized\r\n\r\n",
       EndReason::kUnauthorized, "401"},
      {"pool exhausted", "HTTP/1.0 409 Too Many Peers\r\n\r\n",
       EndReason::kNoFreeAddress, "409"},
      {"pool exhausted, behind a proxy", "HTTP/1.1 409 Conflict\r\n\r\n",
       EndReason::kNoFreeAddress, "409"},
      {"wrong path", "HTTP/1.1 404 Not Found\r\n\r\n", EndReason::kHttpStatus,
       "404 Not Found"},
      {"daemon down", "HTTP/1.1 502 Bad Gateway\r\n\r\n",
       EndReason::kHttpStatus, "502 Bad Gateway"},
      {"an interim answer", "HTTP/1.1 100 Continue\r\n\r\n",
       EndReason::kHandshake, "100"},
      // RFC 6455 4.1 MUST: fail when Sec-WebSocket-Accept is missing or wrong
      {"another key's answer", With("s3pP", "S3pP"), EndReason::kHandshake,
       "Accept"},
      {"an address outside the overlay", With("169.254.0.2", "10.0.0.2"),
       EndReason::kHandshake, ""},
      {"no address", With("X-Audc-OverlayIP: 169.254.0.2\r\n", ""),
       EndReason::kHandshake, "X-Audc-OverlayIP"},
      {"another protocol", "SSH-2.0-OpenSSH_9.2\r\n", EndReason::kHandshake,
       ""},
  };
  for (const RefusalCase& c : kCases) {
    Login login = Begin();
    absl::string_view rest = c.answer;
    EXPECT_EQ(Feed(&login, &rest), Result::kFailed) << c.name;
    EXPECT_EQ(login.end().reason, c.reason) << c.name;
    EXPECT_FALSE(login.end().detail.ok()) << c.name;
    EXPECT_TRUE(absl::StrContains(login.end().detail.message(), c.detail))
        << c.name << ": " << login.end().detail;
  }
}

struct EchoCase {
  absl::string_view name;
  std::string answer;
  absl::string_view detail;  // all of it, but for the last words
};

// The end of a login with the password sekrit-password, or the one in `value`.
End EndAfter(absl::string_view answer,
             absl::string_view value = "Basic VlBOOnNla3JpdC1wYXNzd29yZA==") {
  const auth::Secret authorization = auth::Secret::FromString(value);
  Login login(auth::WebSocketKey::FromText(kKeyText).value(),
              netif::OverlayRule(), &authorization, At(0));
  EXPECT_EQ(Feed(&login, &answer), Result::kFailed);
  return login.end();
}

// Debugging pages, proxies and firewalls quote the request.
TEST(LoginTest, ShowsNothingOfAnAnswerThatRepeatsTheLogin) {
  const std::string base64 = "VlBOOnNla3JpdC1wYXNzd29yZA==";
  const EchoCase kCases[] = {
      {"403", absl::StrCat("HTTP/1.1 403 ", base64, " sekrit-password\r\n\r\n"),
       "HTTP 403"},
      {"a status whose text looks like one of our rules",
       "HTTP/1.1 403 sekrit-password; found it\r\n\r\n", "HTTP 403"},
      {"a redirection to a place that has the password",
       "HTTP/1.1 302 Found\r\nLocation: /?p=sekrit-password\r\n\r\n",
       "HTTP 302"},
      {"409", "HTTP/1.1 409 sekrit-password\r\n\r\n", "HTTP 409"},
      {"another status, and only a part would be shown",
       absl::StrCat("HTTP/1.1 502 ", std::string(50, 'x'), base64, "\r\n\r\n"),
       "HTTP 502"},
      {"in a field that would not be shown",
       "HTTP/1.1 403 No\r\nX-Got: sekrit-password\r\n\r\n", "HTTP 403"},
      {"interim", "HTTP/1.1 100 sekrit-password\r\n\r\n",
       "upgrade response: the first status must be 101 or final (RFC 6455 "
       "4.1; no interim status was asked for, RFC 9110 10.1.1)"},
      {"address", With("169.254.0.2", absl::StrCat("Basic ", base64)),
       "overlay assignment: X-Audc-OverlayIP must be four decimal numbers, 0 "
       "to 255, without leading zeros (RFC 3986 3.2.2)"},
      {"Upgrade", With("websocket", "sekrit-password"),
       "upgrade response: Upgrade must be the word websocket (RFC 6455 4.1)"},
      {"no status line", absl::StrCat("Authorization: Basic ", base64, "\r\n"),
       "response head, line 1: the status line must begin with \"HTTP/1.1 \" "
       "or \"HTTP/1.0 \" (RFC 9112 2.3, 4)"},
      {"no colon", "HTTP/1.1 200 OK\r\nsekrit-password\r\n",
       "response head, line 2: a header line must have a colon (RFC 9112 5)"},
  };
  for (const EchoCase& c : kCases) {
    EXPECT_EQ(
        EndAfter(c.answer).detail.message(),
        absl::StrCat(c.detail,
                     " (the server's text is not shown: it holds a string "
                     "equal to our password or login)"))
        << c.name;
  }
  EXPECT_EQ(EndAfter("HTTP/1.1 403 sekrit-passwor\r\n\r\n").detail.message(),
            "HTTP 403 sekrit-passwor");
}

// A blank or a quote too many shows in the number.
TEST(LoginTest, ARefusedPasswordIsToldByItsLength) {
  EXPECT_EQ(EndAfter("HTTP/1.1 401 Unauthorized\r\n\r\n").detail.message(),
            "HTTP 401 Unauthorized; a password of 15 characters was sent");
  EXPECT_EQ(EndAfter("HTTP/1.1 401 sekrit-password; found it\r\n\r\n")
                .detail.message(),
            "HTTP 401 (the server's text is not shown: it holds a string equal "
            "to our password or login); a "
            "password of 15 characters was sent");
}

// It is in nearly every text, so the message must not say that it was repeated.
TEST(LoginTest, OfAShortPasswordTheServersTextIsNotShownEither) {
  constexpr absl::string_view kOfO = "Basic VlBOOm8=";      // VPN:o
  constexpr absl::string_view kOfBlank = "Basic VlBOOiA=";  // VPN:, a blank
  constexpr absl::string_view kHidden =
      " (the server's text is not shown: it holds a string equal to our "
      "password or login)";
  EXPECT_EQ(EndAfter("HTTP/1.1 404 Not Found\r\n\r\n", kOfO).detail.message(),
            absl::StrCat("HTTP 404", kHidden));
  for (const absl::string_view value : {kOfO, kOfBlank}) {
    EXPECT_EQ(EndAfter("HTTP/1.1 401 Unauthorized or so\r\n\r\n", value)
                  .detail.message(),
              absl::StrCat("HTTP 401", kHidden,
                           "; a password of 1 character was sent"));
  }
  EXPECT_EQ(EndAfter("HTTP/1.1 401 Unauthorized\r\n\r\n", "Basic VlBOOnh6")
                .detail.message(),
            "HTTP 401 Unauthorized; a password of 2 characters was sent");
}

TEST(LoginTest, KnowsTheCauseOfARefusal) {
  struct Case {
    absl::string_view answer;
    EndCause cause;
  };
  const std::string outside = With("169.254.0.2", "10.0.0.2");
  const Case kCases[] = {
      {"HTTP/1.1 302 Found\r\nLocation: https://portal.example/\r\n\r\n",
       EndCause::kRedirect},
      {"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
       EndCause::kLoginPage},
      {"HTTP/1.1 404 sekrit-password\r\n\r\n", EndCause::kNotFound},
      {"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
       EndCause::kProxyLogin},
      {"SSH-2.0-OpenSSH_9.2\r\n", EndCause::kNotHttp},
      {"HTTP/2 200 OK\r\n", EndCause::kUnknown},
      // RFC 5246 7.2.2: a fatal alert, protocol_version.
      {absl::string_view("\x15\x03\x01\x00\x02\x02\x46", 7),
       EndCause::kTlsAnswer},
      {outside, EndCause::kOverlayRange},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(CauseOf(EndAfter(c.answer).detail), c.cause) << c.answer;
  }
}

TEST(LoginTest, AStreamThatEndsAtOnceIsNoAnswer) {
  Login login = Begin();
  EXPECT_EQ(login.OnStreamEnd(absl::OkStatus()), Result::kFailed);
  EXPECT_EQ(login.end().reason, EndReason::kHandshake);
  EXPECT_EQ(CauseOf(login.end().detail), EndCause::kNoAnswer);
  absl::string_view some = "HTTP/1.1 1";
  Login begun = Begin();
  EXPECT_EQ(Feed(&begun, &some), Result::kNeedMore);
  EXPECT_EQ(begun.OnStreamEnd(absl::OkStatus()), Result::kFailed);
  EXPECT_EQ(CauseOf(begun.end().detail), EndCause::kUnknown);
}

TEST(LoginTest, AnEchoLeavesTheReasonAndTheWaitAlone) {
  const End end =
      EndAfter("HTTP/1.1 503 sekrit-password\r\nRetry-After: 17\r\n\r\n");
  EXPECT_EQ(end.reason, EndReason::kHttpStatus);
  EXPECT_TRUE(absl::IsUnavailable(end.detail));
  ASSERT_TRUE(end.retry_after.has_value());
  EXPECT_EQ(EndAfter("HTTP/1.1 401 sekrit-password\r\n\r\n").reason,
            EndReason::kUnauthorized);
}

TEST(LoginTest, AnAnswerThatIsCutShortIsNoHandshake) {
  for (size_t cut = 0; cut < kAnswer.size(); ++cut) {
    Login login = Begin();
    absl::string_view part = kAnswer.substr(0, cut);
    EXPECT_EQ(Feed(&login, &part), Result::kNeedMore) << cut;
    EXPECT_EQ(login.OnStreamEnd(absl::OkStatus()), Result::kFailed) << cut;
    EXPECT_EQ(login.end().reason, EndReason::kHandshake) << cut;
    EXPECT_FALSE(login.end().detail.ok()) << cut;
  }
}

TEST(LoginTest, AStreamThatBreaksIsTheConnections) {
  Login login = Begin();
  const absl::Status why = absl::UnavailableError("Connection reset by peer");
  EXPECT_EQ(login.OnStreamEnd(why), Result::kFailed);
  EXPECT_EQ(login.end().reason, EndReason::kConnection);
  EXPECT_EQ(login.end().detail, why);
}

TEST(LoginTest, WaitsTenSecondsForTheWholeAnswer) {
  Login login = Begin();
  EXPECT_EQ(login.deadline(), At(10));
  absl::string_view part = kAnswer.substr(0, kAnswer.size() - 1);
  EXPECT_EQ(Feed(&login, &part), Result::kNeedMore);
  EXPECT_EQ(login.OnTime(At(0)), Result::kNeedMore);
  EXPECT_EQ(login.OnTime(At(9.999)), Result::kNeedMore);
  EXPECT_EQ(login.OnTime(At(10)), Result::kFailed);
  EXPECT_EQ(login.end().reason, EndReason::kTimeout);
  EXPECT_TRUE(absl::IsDeadlineExceeded(login.end().detail));
  EXPECT_EQ(login.end().detail.message(),
            "the answer to the upgrade request was not complete within 10s "
            "(our limit)");
}

struct OverlayCase {
  absl::string_view name;
  absl::string_view from;
  absl::string_view to;
  absl::string_view rule;   // a part of the message
  absl::string_view found;  // another
};

void ExpectRefused(const OverlayCase& c) {
  SCOPED_TRACE(c.name);
  const std::string answer = With(c.from, c.to);
  absl::string_view rest = answer;
  Login login = Begin();
  EXPECT_EQ(Feed(&login, &rest), Result::kFailed);
  EXPECT_EQ(login.end().reason, EndReason::kHandshake);
  EXPECT_TRUE(absl::IsInvalidArgument(login.end().detail));
  const absl::string_view message = login.end().detail.message();
  EXPECT_TRUE(absl::StartsWith(message, "overlay assignment: ")) << message;
  EXPECT_TRUE(absl::StrContains(message, c.rule)) << message;
  EXPECT_TRUE(absl::EndsWith(message, absl::StrCat("; found ", c.found)))
      << message;
}

TEST(LoginTest, RefusesAnOverlayThatTheRuleForbids) {
  const OverlayCase kCases[] = {
      {"not an address", "169.254.0.2", "169.254.0.02",
       "X-Audc-OverlayIP must be four decimal numbers", "\"169.254.0.02\""},
      {"a list", "169.254.0.2", "169.254.0.2, 169.254.0.2",
       "X-Audc-OverlayIP must be four decimal numbers",
       "\"169.254.0.2, 169.254.0.2\""},
      {"OVOC's", "169.254.0.2", "169.254.0.1",
       "the address must not be OVOC's own", "\"169.254.0.1/18\""},
      {"elsewhere", "169.254.0.2", "192.0.2.1",
       "inside the configured overlay range 169.254.0.0/18",
       "\"192.0.2.1/18\""},
      {"network", "169.254.0.2", "169.254.0.0", "the network address",
       "\"169.254.0.0/18\""},
      {"broadcast", "169.254.0.2", "169.254.63.255", "the broadcast address",
       "\"169.254.63.255/18\""},
      {"prefix 15", "Prefix: 18", "Prefix: 15", "decimal number 16 to 30",
       "\"15\""},
      {"prefix 31", "Prefix: 18", "Prefix: 31", "decimal number 16 to 30",
       "\"31\""},
      {"prefix 018", "Prefix: 18", "Prefix: 018", "decimal number 16 to 30",
       "\"018\""},
  };
  for (const OverlayCase& c : kCases) {
    ExpectRefused(c);
  }
}

TEST(LoginTest, ShowsABadOverlayCleanAndCut) {
  const std::string hostile = absl::StrCat("\xFF[2J", std::string(500, 'z'));
  const std::string shown =
      absl::StrCat("\"?[2J", std::string(57, 'z'), "...\"");
  ExpectRefused({"address", "169.254.0.2", hostile, "X-Audc-OverlayIP", shown});
  ExpectRefused({"prefix", "Prefix: 18", absl::StrCat("Prefix: ", hostile),
                 "X-Audc-OverlayPrefix", shown});
}

TEST(LoginTest, TakesTheOverlayRuleThatItWasGiven) {
  // 192.0.2.0/24 with OVOC at 192.0.2.254, and the device's peers.
  const netif::OverlayRule rule = {
      .range = *netif::Ipv4Prefix::Parse("192.0.2.0/24"),
      .ovoc_address = *netif::Ipv4Address::Parse("192.0.2.254"),
      .reach = netif::OverlayReach::kHosts};
  const auth::WebSocketKey key = auth::WebSocketKey::FromText(kKeyText).value();
  for (const absl::string_view no : {"169.254.0.2", "192.0.2.254"}) {
    const std::string answer = With("169.254.0.2", no);
    absl::string_view rest = answer;
    Login refused(key, rule, nullptr, At(0));
    EXPECT_EQ(Feed(&refused, &rest), Result::kFailed) << no;
  }
  const std::string inside = With("169.254.0.2", "192.0.2.7");
  absl::string_view rest = inside;
  Login taken(key, rule, nullptr, At(0));
  EXPECT_EQ(Feed(&taken, &rest), Result::kAccepted);
  EXPECT_EQ(taken.overlay().ToString(), "192.0.2.7/24");
}

TEST(LoginTest, ReadsNothingMoreOfABrokenHead) {
  Login login = Begin();
  absl::string_view broken = "SSH-2.0-OpenSSH_9.2\r\n";
  EXPECT_EQ(Feed(&login, &broken), Result::kFailed);
  const std::string first(login.end().detail.message());
  absl::string_view good = kAnswer;
  EXPECT_EQ(Feed(&login, &good), Result::kFailed);
  EXPECT_EQ(good, kAnswer) << "nothing consumed";
  EXPECT_EQ(login.end().detail.message(), first);
}

}  // namespace
}  // namespace ovoc::tunnel
