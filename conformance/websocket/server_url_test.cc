// SPDX-License-Identifier: Apache-2.0
#include "conformance/websocket/server_url.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

struct GoodUrl {
  absl::string_view text;
  Security security;
  absl::string_view host;
  absl::string_view host_header;
  uint16_t port;
  uint16_t shown_port;
};

TEST(ServerUrlTest, ReadsSchemeHostAndPort) {
  const GoodUrl kRows[] = {
      {"ws://127.0.0.1:9001", Security::kPlain, "127.0.0.1", "127.0.0.1", 9001,
       9001},
      {"wss://ws.example:9001/", Security::kTls, "ws.example", "ws.example",
       9001, 9001},
      {"ws://localhost", Security::kPlain, "localhost", "localhost", 80, 0},
      {"ws://localhost:80", Security::kPlain, "localhost", "localhost", 80, 0},
      {"ws://localhost:443", Security::kPlain, "localhost", "localhost", 443,
       443},
      {"wss://localhost", Security::kTls, "localhost", "localhost", 443, 0},
      {"WSS://localhost:80", Security::kTls, "localhost", "localhost", 80, 80},
      {"ws://[::1]:1", Security::kPlain, "::1", "[::1]", 1, 1},
      {"wss://[2001:db8::7]/", Security::kTls, "2001:db8::7", "[2001:db8::7]",
       443, 0},
      {"ws://h:65535", Security::kPlain, "h", "h", 65535, 65535},
  };
  for (const GoodUrl& row : kRows) {
    SCOPED_TRACE(row.text);
    const absl::StatusOr<ServerUrl> url = ParseServerUrl(row.text);
    ASSERT_TRUE(url.ok()) << url.status();
    EXPECT_EQ(url->security, row.security);
    EXPECT_EQ(url->host, row.host);
    EXPECT_EQ(url->host_header, row.host_header);
    EXPECT_EQ(url->port, row.port);
    EXPECT_EQ(url->shown_port, row.shown_port);
  }
}

TEST(ServerUrlTest, EveryPortIsReadAndShownUnlessItIsTheDefault) {
  for (int port = 1; port <= 65535; ++port) {
    const absl::StatusOr<ServerUrl> plain =
        ParseServerUrl(absl::StrCat("ws://h:", port));
    const absl::StatusOr<ServerUrl> tls =
        ParseServerUrl(absl::StrCat("wss://h:", port, "/"));
    ASSERT_TRUE(plain.ok() && tls.ok()) << port;
    ASSERT_EQ(plain->port, port);
    ASSERT_EQ(plain->shown_port, port == 80 ? 0 : port);
    ASSERT_EQ(tls->port, port);
    ASSERT_EQ(tls->shown_port, port == 443 ? 0 : port);
  }
}

// RFC 3986 3.2.3: a port is digits.
TEST(ServerUrlTest, NoOtherByteIsPartOfAPort) {
  for (int byte = 0; byte <= 0xFF; ++byte) {
    const std::string text =
        absl::StrCat("ws://h:8", std::string(1, static_cast<char>(byte)), "1");
    EXPECT_EQ(ParseServerUrl(text).ok(), byte >= '0' && byte <= '9') << byte;
  }
}

TEST(ServerUrlTest, RefusesAllElseAndSaysWhy) {
  struct Row {
    absl::string_view text;
    absl::string_view why;
  };
  const Row kRows[] = {
      {"", "scheme"},
      {"127.0.0.1:9001", "scheme"},
      {"http://h:80", "scheme"},
      {"ws:/h", "scheme"},
      {" ws://h", "scheme"},
      {"ws://", "host is missing"},
      {"ws://:80", "host is missing"},
      {"ws://[]:80", "host is missing"},
      {"ws://[::1", "must end with a bracket"},
      {"ws://[::1]80", "the port"},
      {"ws://h:", "the port"},
      {"ws://h:0", "the port"},
      {"ws://h:65536", "the port"},
      {"ws://h:000080", "the port"},
      {"ws://h:+80", "the port"},
      {"ws://h: 80", "the port"},
      {"ws://h:80a", "the port"},
      {"ws://::1", "host is missing"},
      {"ws://fe80::1", "the port"},
      {"ws://hunter2:hunter2@h", "a user is not"},
      {"ws://h/path", "a path is not"},
      {"ws://h//", "a path is not"},
      {"ws://h?q", "a path is not"},
      {"ws://h#f", "a path is not"},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.text);
    const absl::StatusOr<ServerUrl> url = ParseServerUrl(row.text);
    ASSERT_FALSE(url.ok());
    EXPECT_EQ(url.status().code(), absl::StatusCode::kInvalidArgument);
    const std::string message(url.status().message());
    EXPECT_TRUE(absl::StrContains(message, row.why)) << message;
    EXPECT_TRUE(absl::StrContains(message, "give ws://HOST:PORT")) << message;
    EXPECT_FALSE(absl::StrContains(message, "hunter2")) << message;
  }
}

}  // namespace
}  // namespace ovoc::conformance
