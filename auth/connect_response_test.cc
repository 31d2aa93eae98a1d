// SPDX-License-Identifier: Apache-2.0
#include "auth/connect_response.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "auth/response_head.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// What the whole head `text` means.
ConnectResult Judge(absl::string_view text) {
  ResponseHeadParser parser;
  size_t consumed = 0;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  EXPECT_EQ(parser.Add(absl::MakeConstSpan(bytes, text.size()), &consumed),
            ResponseHeadParser::Result::kDone)
      << text;
  return CheckConnectResponse(parser.head());
}

struct Answer {
  absl::string_view name;
  absl::string_view head;
  ConnectVerdict verdict;
  bool is_web_page;
};

// Heads that programs were seen to send, and one of each other kind.
const Answer kAnswers[] = {
    {"Squid 5", "HTTP/1.1 200 Connection established\r\n\r\n",
     ConnectVerdict::kOpen, false},
    {"tinyproxy 1.11",
     "HTTP/1.0 200 Connection established\r\n"
     "Proxy-agent: tinyproxy/1.11.1\r\n\r\n",
     ConnectVerdict::kOpen, false},
    {"another 2xx", "HTTP/1.1 204 No Content\r\n\r\n", ConnectVerdict::kOpen,
     false},
    {"a portal that answers everything",
     "HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; charset=utf-8\r\n"
     "Content-Length: 5\r\n\r\n",
     ConnectVerdict::kOpen, true},
    {"Squid without a login",
     "HTTP/1.1 407 Proxy Authentication Required\r\n"
     "Content-Type: text/html;charset=utf-8\r\n"
     "Proxy-Authenticate: Basic realm=\"lab\"\r\n\r\n",
     ConnectVerdict::kUnauthorized, true},
    {"Squid's list of ports",
     "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n",
     ConnectVerdict::kForbidden, true},
    {"a bad gateway", "HTTP/1.1 502 Bad Gateway\r\n\r\n",
     ConnectVerdict::kNoServer, false},
    {"Squid without the server", "HTTP/1.1 503 Service Unavailable\r\n\r\n",
     ConnectVerdict::kNoServer, false},
    {"a gateway that waited", "HTTP/1.0 504 Gateway Timeout\r\n\r\n",
     ConnectVerdict::kNoServer, false},
    {"a web server",
     "HTTP/1.1 405 Not Allowed\r\nContent-Type: text/html\r\n\r\n",
     ConnectVerdict::kRefused, true},
    {"a redirection",
     "HTTP/1.1 302 Found\r\nLocation: https://portal.example/\r\n\r\n",
     ConnectVerdict::kRefused, false},
    {"tinyproxy without the server",
     "HTTP/1.1 500 Unable to connect\r\nServer: tinyproxy/1.11.1\r\n"
     "Content-Type: text/html\r\nConnection: close\r\n\r\n",
     ConnectVerdict::kNoServer, true},
    {"tinyproxy's list of ports",
     "HTTP/1.1 403 Access violation\r\nServer: tinyproxy/1.11.1\r\n"
     "Content-Type: text/html\r\nConnection: close\r\n\r\n",
     ConnectVerdict::kForbidden, true},
    {"Squid if the name has no address",
     "HTTP/1.1 500 Internal Server Error\r\nServer: squid/5.7\r\n"
     "Content-Type: text/html;charset=utf-8\r\n"
     "X-Squid-Error: ERR_CANNOT_FORWARD 0\r\n\r\n",
     ConnectVerdict::kNoServer, true},
    {"a web server that knows no CONNECT",
     "HTTP/1.0 501 Unsupported method ('CONNECT')\r\n"
     "Content-Type: text/html;charset=utf-8\r\n\r\n",
     ConnectVerdict::kRefused, true},
    {"tinyproxy with a wrong login",
     "HTTP/1.0 401 Unauthorized\r\nServer: tinyproxy/1.11.1\r\n"
     "Content-Type: text/html\r\n"
     "WWW-Authenticate: Basic realm=\"Tinyproxy\"\r\n\r\n",
     ConnectVerdict::kUnauthorized, true},
    {"an interim answer", "HTTP/1.1 100 Continue\r\n\r\n",
     ConnectVerdict::kInvalid, false},
    {"an upgrade", "HTTP/1.1 101 Switching Protocols\r\n\r\n",
     ConnectVerdict::kInvalid, false},
};

TEST(ConnectResponseTest, EachAnswerHasItsVerdict) {
  for (const Answer& answer : kAnswers) {
    const ConnectResult result = Judge(answer.head);
    EXPECT_EQ(result.verdict, answer.verdict) << answer.name;
    EXPECT_EQ(result.is_web_page, answer.is_web_page) << answer.name;
    EXPECT_EQ(result.status.ok(), answer.verdict == ConnectVerdict::kOpen)
        << answer.name;
  }
}

// RFC 9110 9.3.6 MUST: lengths in a 2xx answer to CONNECT are ignored
// RFC 9112 6.3 MUST: lengths in an answer to CONNECT are ignored
TEST(ConnectResponseTest, ALengthClosesNoTunnel) {
  for (const absl::string_view field :
       {"Content-Length: 0", "Content-Length: 1000", "Content-Length: x",
        "Transfer-Encoding: chunked"}) {
    EXPECT_EQ(
        Judge(absl::StrCat("HTTP/1.1 200 OK\r\n", field, "\r\n\r\n")).verdict,
        ConnectVerdict::kOpen)
        << field;
  }
}

TEST(ConnectResponseTest, TheMessageBeginsWithTheStatus) {
  EXPECT_EQ(Judge("HTTP/1.1 403 Filtered\r\n\r\n").status.message(),
            "HTTP 403 Filtered");
  EXPECT_EQ(Judge("HTTP/1.1 407 \r\n\r\n").status.message(), "HTTP 407");
  EXPECT_THAT(std::string(Judge("HTTP/1.1 100 Go\r\n\r\n").status.message()),
              StartsWith("HTTP 100 Go, an interim answer"));
}

TEST(ConnectResponseTest, TheReasonIsShownAsPrintableAscii) {
  EXPECT_THAT(
      std::string(Judge("HTTP/1.1 403 a\x80\tb\r\n\r\n").status.message()),
      HasSubstr("HTTP 403 a??b"));
}

TEST(ConnectResponseTest, OnlyTextHtmlIsAWebPage) {
  for (const absl::string_view type : {"text/plain", "application/xhtml+xml",
                                       "text/html5", "x; text/html", ""}) {
    EXPECT_FALSE(Judge(absl::StrCat("HTTP/1.1 200 OK\r\nContent-Type: ", type,
                                    "\r\n\r\n"))
                     .is_web_page)
        << type;
  }
  EXPECT_TRUE(Judge("HTTP/1.1 200 OK\r\ncontent-type: text/html ;x\r\n\r\n")
                  .is_web_page);
}

}  // namespace
}  // namespace ovoc::auth
