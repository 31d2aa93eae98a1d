// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/answer_head.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

// Sun, 22 Nov 2026 14:43:41 GMT, the second of recording 04.
constexpr absl::Time kWall = absl::FromUnixSeconds(1795358621);

Acceptance RecordedAcceptance() {
  Acceptance acceptance;
  acceptance.accept = "NmVHJ9NLs8kwGbsqzTh/IYIN+v4=";
  acceptance.overlay_address = netif::Ipv4Address::FromHostOrder(0xA9FE0002);
  acceptance.overlay_prefix_length = 18;
  return acceptance;
}

TEST(AnswerHeadTest, WritesTheDateInTheFormOfHttp) {
  // The example of RFC 9110 5.6.7.
  EXPECT_EQ(HttpDate(absl::FromUnixSeconds(784111777)),
            "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(HttpDate(kWall), "Sun, 22 Nov 2026 14:43:41 GMT");
}

TEST(AnswerHeadTest, AcceptsAsTheRealServerDirectly) {
  EXPECT_EQ(
      RenderAcceptance(ServerStyle::kLegacyDirect, RecordedAcceptance(), kWall),
      "HTTP/1.1 101 Switching Protocols\r\n"
      "Upgrade: websocket\r\n"
      "Connection: Upgrade\r\n"
      "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
      "Sec-WebSocket-Accept: NmVHJ9NLs8kwGbsqzTh/IYIN+v4=\r\n"
      "X-Audc-OverlayIP: 169.254.0.2\r\n"
      "X-Audc-OverlayPrefix: 18\r\n"
      "\r\n");
}

TEST(AnswerHeadTest, AcceptsAsTheRealServerBehindNginx) {
  EXPECT_EQ(
      RenderAcceptance(ServerStyle::kLegacyNginx, RecordedAcceptance(), kWall),
      "HTTP/1.1 101 Switching Protocols\r\n"
      "Server: nginx/1.22.1\r\n"
      "Date: Sun, 22 Nov 2026 14:43:41 GMT\r\n"
      "Connection: upgrade\r\n"
      "Upgrade: websocket\r\n"
      "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
      "Sec-WebSocket-Accept: NmVHJ9NLs8kwGbsqzTh/IYIN+v4=\r\n"
      "X-Audc-OverlayIP: 169.254.0.2\r\n"
      "X-Audc-OverlayPrefix: 18\r\n"
      "\r\n");
}

TEST(AnswerHeadTest, StrictLeavesOutASubprotocolThatWasNotOffered) {
  Acceptance acceptance = RecordedAcceptance();
  acceptance.subprotocol = false;
  EXPECT_EQ(RenderAcceptance(ServerStyle::kStrict, acceptance, kWall),
            "HTTP/1.1 101 Switching Protocols\r\n"
            "Upgrade: websocket\r\n"
            "Connection: Upgrade\r\n"
            "Sec-WebSocket-Accept: NmVHJ9NLs8kwGbsqzTh/IYIN+v4=\r\n"
            "X-Audc-OverlayIP: 169.254.0.2\r\n"
            "X-Audc-OverlayPrefix: 18\r\n"
            "\r\n");
}

TEST(AnswerHeadTest, RefusesAsNginxByteForByte) {
  EXPECT_EQ(RenderRefusal(ServerStyle::kLegacyNginx, AnswerCode::kUnauthorized,
                          Afterlife::kKeepAlive, kWall),
            "HTTP/1.1 401 Unauthorized\r\n"
            "Server: nginx/1.22.1\r\n"
            "Date: Sun, 22 Nov 2026 14:43:41 GMT\r\n"
            "Content-Type: text/html\r\n"
            "Content-Length: 179\r\n"
            "Connection: keep-alive\r\n"
            "WWW-Authenticate: Basic realm=\"VPN\"\r\n"
            "\r\n"
            "<html>\r\n"
            "<head><title>401 Authorization Required</title></head>\r\n"
            "<body>\r\n"
            "<center><h1>401 Authorization Required</h1></center>\r\n"
            "<hr><center>nginx/1.22.1</center>\r\n"
            "</body>\r\n"
            "</html>\r\n");
  EXPECT_EQ(RenderRefusal(ServerStyle::kLegacyNginx, AnswerCode::kNotFound,
                          Afterlife::kClose, kWall),
            "HTTP/1.1 404 Not Found\r\n"
            "Server: nginx/1.22.1\r\n"
            "Date: Sun, 22 Nov 2026 14:43:41 GMT\r\n"
            "Content-Type: text/html\r\n"
            "Content-Length: 153\r\n"
            "Connection: close\r\n"
            "\r\n"
            "<html>\r\n"
            "<head><title>404 Not Found</title></head>\r\n"
            "<body>\r\n"
            "<center><h1>404 Not Found</h1></center>\r\n"
            "<hr><center>nginx/1.22.1</center>\r\n"
            "</body>\r\n"
            "</html>\r\n");
  const std::string gateway =
      RenderRefusal(ServerStyle::kLegacyNginx, AnswerCode::kBadGateway,
                    Afterlife::kKeepAlive, kWall);
  EXPECT_TRUE(absl::StartsWith(gateway, "HTTP/1.1 502 Bad Gateway\r\n"));
  EXPECT_TRUE(absl::StrContains(gateway, "\r\nContent-Length: 157\r\n"));
  EXPECT_EQ(gateway.size(), 314u);  // recordings 08, 10, 11
}

TEST(AnswerHeadTest, AFullPoolIsHttp10DirectlyAndChunkedBehindNginx) {
  EXPECT_EQ(RenderRefusal(ServerStyle::kLegacyDirect, AnswerCode::kTooManyPeers,
                          Afterlife::kClose, kWall),
            "HTTP/1.0 409 Too Many Peers\r\n"
            "Connection: close\r\n"
            "Cache-Control: no-cache, no-store, must-revalidate\r\n"
            "Pragma: no-cache\r\n"
            "Expires: 0\r\n"
            "\r\n");
  EXPECT_EQ(RenderRefusal(ServerStyle::kLegacyNginx, AnswerCode::kTooManyPeers,
                          Afterlife::kKeepAlive, kWall),
            "HTTP/1.1 409 Too Many Peers\r\n"
            "Server: nginx/1.22.1\r\n"
            "Date: Sun, 22 Nov 2026 14:43:41 GMT\r\n"
            "Transfer-Encoding: chunked\r\n"
            "Connection: keep-alive\r\n"
            "Cache-Control: no-cache, no-store, must-revalidate\r\n"
            "Pragma: no-cache\r\n"
            "Expires: 0\r\n"
            "\r\n"
            "0\r\n"
            "\r\n");
}

TEST(AnswerHeadTest, DirectHasNoAnswerButForAFullPool) {
  for (const AnswerCode code :
       {AnswerCode::kBadRequest, AnswerCode::kUnauthorized,
        AnswerCode::kNotFound, AnswerCode::kUpgradeRequired,
        AnswerCode::kBadGateway}) {
    EXPECT_EQ(RenderRefusal(ServerStyle::kLegacyDirect, code, Afterlife::kClose,
                            kWall),
              "");
  }
}

TEST(AnswerHeadTest, StrictAnswersAreWholeAndClose) {
  const struct {
    AnswerCode code;
    const char* status_line;
    const char* field;
  } kCases[] = {
      {AnswerCode::kBadRequest, "HTTP/1.1 400 Bad Request",
       "Connection: close"},
      {AnswerCode::kUnauthorized, "HTTP/1.1 401 Unauthorized",
       "WWW-Authenticate: Basic realm=\"VPN\""},
      {AnswerCode::kNotFound, "HTTP/1.1 404 Not Found", "Connection: close"},
      {AnswerCode::kTooManyPeers, "HTTP/1.1 409 Too Many Peers",
       "Connection: close"},
      {AnswerCode::kUpgradeRequired, "HTTP/1.1 426 Upgrade Required",
       "Sec-WebSocket-Version: 13"},
      {AnswerCode::kUpgradeRequired, "HTTP/1.1 426 Upgrade Required",
       "Connection: Upgrade, close"},
      {AnswerCode::kBadGateway, "HTTP/1.1 502 Bad Gateway",
       "Date: Sun, 22 Nov 2026 14:43:41 GMT"},
  };
  for (const auto& c : kCases) {
    const std::string answer =
        RenderRefusal(ServerStyle::kStrict, c.code, Afterlife::kClose, kWall);
    EXPECT_TRUE(absl::StartsWith(answer, absl::StrCat(c.status_line, "\r\n")));
    EXPECT_TRUE(
        absl::StrContains(answer, absl::StrCat("\r\n", c.field, "\r\n")))
        << answer;
    EXPECT_TRUE(absl::EndsWith(answer, "\r\nContent-Length: 0\r\n\r\n"));
  }
}

}  // namespace
}  // namespace ovoc::conformance
