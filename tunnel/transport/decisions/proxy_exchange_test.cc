// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/decisions/proxy_exchange.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "auth/basic_credentials.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Result = ProxyExchange::Result;

constexpr absl::string_view kOpenHead =
    "HTTP/1.1 200 Connection established\r\n\r\n";
constexpr absl::string_view kPageHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";

absl::Span<const uint8_t> Bytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

absl::Time At(absl::Duration since_start) {
  return absl::UnixEpoch() + since_start;
}

struct Case {
  absl::string_view name;
  absl::string_view answer;
  ProxyFailure failure;
  absl::string_view detail;  // a part of it
};

const Case kCases[] = {
    {"407",
     "HTTP/1.1 407 Proxy Authentication Required\r\n"
     "Proxy-Authenticate: Basic realm=\"lab\"\r\n\r\n<html>",
     ProxyFailure::kUnauthorized,
     "the proxy answered HTTP 407 Proxy Authentication Required"},
    {"403 with a page",
     "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n<html>",
     ProxyFailure::kForbidden, "the proxy answered HTTP 403 Forbidden"},
    {"502", "HTTP/1.1 502 Bad Gateway\r\n\r\n", ProxyFailure::kNoServer,
     "the proxy answered HTTP 502 Bad Gateway"},
    {"tinyproxy's 500",
     "HTTP/1.1 500 Unable to connect\r\nServer: tinyproxy/1.11.1\r\n"
     "Content-Type: text/html\r\nConnection: close\r\n\r\n<?xml",
     ProxyFailure::kNoServer, "the proxy answered HTTP 500 Unable to connect"},
    {"another status", "HTTP/1.1 405 No\r\n\r\n", ProxyFailure::kRefused,
     "the proxy answered HTTP 405 No"},
    {"a web server's page",
     "HTTP/1.1 405 Not Allowed\r\nContent-Type: text/html\r\n\r\n",
     ProxyFailure::kWebPage,
     "a web page came instead of a tunnel (HTTP 405 Not Allowed)"},
    {"a page without a head", "<html><body>Welcome</body></html>",
     ProxyFailure::kWebPage, "a web page came instead of a tunnel"},
    {"TLS, as of an https port", "\x15\x03\x01\x00\x02\x02\x46",
     ProxyFailure::kBrokenAnswer, "the proxy's answer: "},
    {"a bare LF", "HTTP/1.1 200 OK\n\n", ProxyFailure::kBrokenAnswer,
     "the proxy's answer: "},
    {"an interim answer", "HTTP/1.1 100 Continue\r\n\r\n",
     ProxyFailure::kBrokenAnswer, "HTTP 100 Continue, an interim answer"},
};

TEST(ProxyExchangeTest, EachAnswerHasItsReasonWhereverItIsCut) {
  for (const Case& c : kCases) {
    for (size_t cut = 0; cut <= c.answer.size(); ++cut) {
      ProxyExchange exchange(nullptr, At(absl::ZeroDuration()));
      Result result = exchange.OnBytes(Bytes(c.answer.substr(0, cut)),
                                       At(absl::ZeroDuration()));
      if (result == Result::kNeedMore) {
        result = exchange.OnBytes(Bytes(c.answer.substr(cut)),
                                  At(absl::ZeroDuration()));
      }
      ASSERT_EQ(result, Result::kFailed) << c.name << " cut at " << cut;
      EXPECT_EQ(exchange.failure(), c.failure) << c.name << " cut at " << cut;
      EXPECT_THAT(std::string(exchange.detail().message()), HasSubstr(c.detail))
          << c.name;
      EXPECT_EQ(exchange.deadline(), absl::InfiniteFuture());
    }
  }
}

TEST(ProxyExchangeTest, A2xxOpensTheTunnelByteByByte) {
  ProxyExchange exchange(nullptr, At(absl::ZeroDuration()));
  for (size_t i = 0; i < kOpenHead.size(); ++i) {
    const Result result =
        exchange.OnBytes(Bytes(kOpenHead.substr(i, 1)), At(absl::Seconds(1)));
    EXPECT_EQ(result,
              i + 1 == kOpenHead.size() ? Result::kOpen : Result::kNeedMore);
  }
  EXPECT_TRUE(exchange.detail().ok());
}

TEST(ProxyExchangeTest, BytesBehindA2xxAreNoServers) {
  ProxyExchange exchange(nullptr, At(absl::ZeroDuration()));
  EXPECT_EQ(exchange.OnBytes(Bytes(absl::StrCat(kOpenHead, "x")),
                             At(absl::ZeroDuration())),
            Result::kFailed);
  EXPECT_EQ(exchange.failure(), ProxyFailure::kEarlyBytes);
  EXPECT_THAT(std::string(exchange.detail().message()),
              HasSubstr("bytes came behind the proxy's HTTP 200"));
}

TEST(ProxyExchangeTest, APageBehindA2xxIsAWebPage) {
  for (const absl::string_view head : {kOpenHead, kPageHead}) {
    ProxyExchange exchange(nullptr, At(absl::ZeroDuration()));
    EXPECT_EQ(exchange.OnBytes(Bytes(absl::StrCat(head, "<html>")),
                               At(absl::ZeroDuration())),
              Result::kFailed);
    EXPECT_EQ(exchange.failure(), ProxyFailure::kWebPage);
  }
}

// RFC 9110 9.3.6: a 2xx is a tunnel, whatever fields it has.
TEST(ProxyExchangeTest, AnAnnouncedPageThatNeverComesIsATunnel) {
  ProxyExchange exchange(nullptr, At(absl::ZeroDuration()));
  EXPECT_EQ(exchange.OnBytes(Bytes(kPageHead), At(absl::Seconds(3))),
            Result::kNeedMore);
  EXPECT_EQ(exchange.deadline(), At(absl::Seconds(3) + kPageWait));
  EXPECT_EQ(exchange.OnTime(At(absl::Seconds(3.5))), Result::kNeedMore);
  EXPECT_EQ(exchange.OnTime(At(absl::Seconds(4))), Result::kOpen);
}

TEST(ProxyExchangeTest, AnAnnouncedPageMayComeLater) {
  ProxyExchange exchange(nullptr, At(absl::ZeroDuration()));
  exchange.OnBytes(Bytes(kPageHead), At(absl::ZeroDuration()));
  EXPECT_EQ(exchange.OnBytes(Bytes("W"), At(absl::Milliseconds(1))),
            Result::kFailed);
  EXPECT_EQ(exchange.failure(), ProxyFailure::kWebPage);

  ProxyExchange closed(nullptr, At(absl::ZeroDuration()));
  closed.OnBytes(Bytes(kPageHead), At(absl::ZeroDuration()));
  EXPECT_EQ(closed.OnStreamEnd(absl::OkStatus()), Result::kFailed);
  EXPECT_EQ(closed.failure(), ProxyFailure::kWebPage);
}

TEST(ProxyExchangeTest, ACloseSaysWhetherAnythingCame) {
  ProxyExchange nothing(nullptr, At(absl::ZeroDuration()));
  EXPECT_EQ(nothing.OnStreamEnd(absl::OkStatus()), Result::kFailed);
  EXPECT_EQ(nothing.failure(), ProxyFailure::kClosed);
  EXPECT_EQ(nothing.detail().message(),
            "the proxy closed the connection without an answer");

  ProxyExchange some(nullptr, At(absl::ZeroDuration()));
  some.OnBytes(Bytes("HTTP/1.1 2"), At(absl::ZeroDuration()));
  EXPECT_EQ(some.OnStreamEnd(absl::OkStatus()), Result::kFailed);
  EXPECT_EQ(some.failure(), ProxyFailure::kClosed);
  EXPECT_EQ(some.detail().message(),
            "the proxy closed the connection within its answer");
}

TEST(ProxyExchangeTest, ALostConnectionKeepsItsReason) {
  ProxyExchange exchange(nullptr, At(absl::ZeroDuration()));
  EXPECT_EQ(exchange.OnStreamEnd(absl::AbortedError("read: reset")),
            Result::kFailed);
  EXPECT_EQ(exchange.failure(), ProxyFailure::kConnection);
  EXPECT_EQ(exchange.detail(), absl::AbortedError("read: reset"));
}

TEST(ProxyExchangeTest, AStallEndsAtTheLimitWhateverDrips) {
  ProxyExchange exchange(nullptr, At(absl::ZeroDuration()));
  EXPECT_EQ(exchange.deadline(), At(kProxyTimeout));
  EXPECT_EQ(exchange.OnBytes(Bytes("HTTP"), At(absl::Seconds(19))),
            Result::kNeedMore);
  EXPECT_EQ(exchange.OnTime(At(kProxyTimeout - absl::Nanoseconds(1))),
            Result::kNeedMore);
  EXPECT_EQ(exchange.OnTime(At(kProxyTimeout)), Result::kFailed);
  EXPECT_EQ(exchange.failure(), ProxyFailure::kTimeout);
  EXPECT_EQ(exchange.detail().message(),
            "the proxy's answer was not complete within 20s (our limit)");
}

TEST(ProxyExchangeTest, TheResultIsFinal) {
  ProxyExchange exchange(nullptr, At(absl::ZeroDuration()));
  exchange.OnBytes(Bytes("HTTP/1.1 403 No\r\n\r\n"), At(absl::ZeroDuration()));
  EXPECT_EQ(exchange.OnBytes(Bytes(kOpenHead), At(absl::ZeroDuration())),
            Result::kFailed);
  EXPECT_EQ(exchange.OnTime(absl::InfiniteFuture()), Result::kFailed);
  EXPECT_EQ(exchange.OnStreamEnd(absl::OkStatus()), Result::kFailed);
  EXPECT_EQ(exchange.failure(), ProxyFailure::kForbidden);
}

// Debugging pages and proxies repeat what they were sent.
TEST(ProxyExchangeTest, AnAnswerThatRepeatsTheLoginIsNotShown) {
  const auto credentials =
      auth::BasicCredentials::Create("u", auth::Secret::FromString("Pola-8"));
  ASSERT_TRUE(credentials.ok());
  const auth::Secret value = credentials->AuthorizationValue();
  for (const absl::string_view answer :
       {"HTTP/1.1 407 Pola-8\r\n\r\n", "HTTP/1.1 200 OK\r\nPola-8\r\n\r\n",
        "HTTP/1.1 404 dTpQb2xhLTg=\r\nContent-Type: text/html\r\n\r\n"}) {
    ProxyExchange exchange(&value, At(absl::ZeroDuration()));
    EXPECT_EQ(exchange.OnBytes(Bytes(answer), At(absl::ZeroDuration())),
              Result::kFailed);
    const std::string detail(exchange.detail().message());
    EXPECT_THAT(detail, Not(HasSubstr("Pola-8")));
    EXPECT_THAT(detail, Not(HasSubstr("dTpQb2xhLTg")));
    EXPECT_THAT(
        detail,
        HasSubstr("is not shown: it holds a string equal to its login"));
  }
}

}  // namespace
}  // namespace ovoc::tunnel
