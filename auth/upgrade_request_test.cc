// SPDX-License-Identifier: Apache-2.0
#include "auth/upgrade_request.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "auth/basic_credentials.h"
#include "auth/request_text.h"
#include "auth/secret.h"
#include "auth/websocket_key.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

UpgradeRequestOptions Options(absl::string_view host, uint16_t port = 0,
                              absl::string_view path = "tun",
                              absl::string_view user_agent = "") {
  UpgradeRequestOptions options;
  options.host = host;
  options.port = port;
  options.path = path;
  options.user_agent = user_agent;
  return options;
}

// Build: the request with the key of recording 03; empty when refused.
std::string Build(const UpgradeRequestOptions& options,
                  const BasicCredentials* credentials = nullptr) {
  const absl::StatusOr<UpgradeRequest> request =
      UpgradeRequest::Create(options);
  EXPECT_TRUE(request.ok()) << request.status();
  const absl::StatusOr<WebSocketKey> key =
      WebSocketKey::FromText("5DaCLsC/65MWoxhrTHaxPQ==");
  if (!request.ok() || !key.ok()) {
    return "";
  }
  const std::optional<Secret> authorization =
      credentials == nullptr
          ? std::nullopt
          : std::optional<Secret>(credentials->AuthorizationValue());
  const Secret built = BuildUpgradeRequest(
      *request, *key, authorization.has_value() ? &*authorization : nullptr);
  return std::string(built.Reveal(InsecureSecretAccess::Get()));
}

std::string Message(const UpgradeRequestOptions& options) {
  const absl::StatusOr<UpgradeRequest> request =
      UpgradeRequest::Create(options);
  if (request.ok()) {
    return "not refused";
  }
  EXPECT_EQ(request.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(request.status().message());
}

size_t CountOf(absl::string_view needle, absl::string_view text) {
  size_t count = 0;
  for (size_t at = text.find(needle); at != absl::string_view::npos;
       at = text.find(needle, at + 1)) {
    ++count;
  }
  return count;
}

// RFC 6455 4.1 MUST: the handshake is a valid HTTP request
// RFC 9112 2.2 MUST NOT: an extra CRLF before or after the request
// RFC 9112 2.2 MUST NOT: white space between start-line and first field
// RFC 9112 9.3 MUST: "close" is sent when connections are not persistent (a
// deviation)
TEST(UpgradeRequestTest, IsByteForByteTheStrictRequestOfTheRecordings) {
  const absl::StatusOr<BasicCredentials> credentials =
      BasicCredentials::Create("VPN", Secret::FromString("123456"));
  ASSERT_TRUE(credentials.ok());
  EXPECT_EQ(Build(Options("ovoc.example.net"), &*credentials),
            "GET /tun HTTP/1.1\r\n"
            "Host: ovoc.example.net\r\n"
            "Upgrade: websocket\r\n"
            "Connection: Upgrade\r\n"
            "Sec-WebSocket-Key: 5DaCLsC/65MWoxhrTHaxPQ==\r\n"
            "Sec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
            "Authorization: Basic VlBOOjEyMzQ1Ng==\r\n"
            "\r\n");
}

TEST(UpgradeRequestTest, PutsTheUserAgentBeforeTheCredentials) {
  const absl::StatusOr<BasicCredentials> credentials =
      BasicCredentials::Create("VPN", Secret::FromString("123456"));
  ASSERT_TRUE(credentials.ok());
  EXPECT_EQ(
      Build(Options("ovoc.example.net", 8080, "tun", "ovoc-tunnel/1.0 (x)"),
            &*credentials),
      "GET /tun HTTP/1.1\r\n"
      "Host: ovoc.example.net:8080\r\n"
      "Upgrade: websocket\r\n"
      "Connection: Upgrade\r\n"
      "Sec-WebSocket-Key: 5DaCLsC/65MWoxhrTHaxPQ==\r\n"
      "Sec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
      "User-Agent: ovoc-tunnel/1.0 (x)\r\n"
      "Authorization: Basic VlBOOjEyMzQ1Ng==\r\n"
      "\r\n");
}

TEST(UpgradeRequestTest, LeavesAuthorizationOutWithoutCredentials) {
  const std::string request = Build(Options("ovoc.example.net"));
  EXPECT_THAT(request, Not(HasSubstr("Authorization")));
  EXPECT_TRUE(absl::EndsWith(request, "ovoc.audiocodes.com\r\n\r\n"));
}

// RFC 6455 4.1 MUST: the method is GET, the version at least 1.1
// RFC 6455 4.1 MUST: a Host field with host and port is sent
// RFC 9112 3.2 MUST: a Host field is sent with HTTP/1.1
// RFC 6455 4.1 MUST: an Upgrade field with the word websocket is sent
// RFC 6455 4.1 MUST: a Connection field with the token Upgrade is sent
// RFC 6455 4.1 MUST: a Sec-WebSocket-Key field is sent
// RFC 6455 11.3.1 MUST NOT: Sec-WebSocket-Key more than once
// RFC 6455 4.1 MUST: Sec-WebSocket-Version is 13
// RFC 6455 11.3.5 MUST NOT: Sec-WebSocket-Version more than once
// RFC 6455 4.1 MUST: offered subprotocols are unique tokens
TEST(UpgradeRequestTest, HasEachRequiredLineExactlyOnce) {
  const std::string request = Build(Options("ovoc.example.net"));
  EXPECT_THAT(request, StartsWith("GET /tun HTTP/1.1\r\n"));
  for (absl::string_view line :
       {"\r\nHost: ovoc.example.net\r\n", "\r\nUpgrade: websocket\r\n",
        "\r\nConnection: Upgrade\r\n",
        "\r\nSec-WebSocket-Key: 5DaCLsC/65MWoxhrTHaxPQ==\r\n",
        "\r\nSec-WebSocket-Version: 13\r\n",
        "\r\nSec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"}) {
    SCOPED_TRACE(line);
    EXPECT_EQ(CountOf(line, request), 1u);
    EXPECT_EQ(CountOf(line.substr(0, line.find(':') + 1), request), 1u);
  }
  EXPECT_THAT(request, Not(HasSubstr("Sec-WebSocket-Extensions")));
  EXPECT_THAT(request, Not(HasSubstr("Origin")));
}

// RFC 9112 6.1 MUST NOT: Transfer-Encoding in a request to an unknown server
// RFC 9112 6.2 MUST NOT: Content-Length beside Transfer-Encoding
// RFC 9112 7.4 MUST NOT: chunked in TE
TEST(UpgradeRequestTest, AnnouncesNoBody) {
  const absl::StatusOr<BasicCredentials> credentials =
      BasicCredentials::Create("VPN", Secret::FromString("123456"));
  ASSERT_TRUE(credentials.ok());
  const std::string request = absl::AsciiStrToLower(
      Build(Options("ovoc.example.net", 8080, "tun", "agent"), &*credentials));
  for (const char* name : {"\r\ntransfer-encoding:", "\r\ncontent-length:",
                           "\r\nte:", "\r\ntrailer:", "\r\nexpect:"}) {
    EXPECT_THAT(request, Not(HasSubstr(name)));
  }
  EXPECT_EQ(request.find("\r\n\r\n"), request.size() - 4);
}

// RFC 9112 2.2 MUST NOT: a bare CR in what we send
// RFC 9112 5.2 MUST NOT: folded header lines in what we send
TEST(UpgradeRequestTest, EndsEveryLineInCrLfAndFoldsNone) {
  const std::string request =
      Build(Options("h", 1, "/", std::string(kMaxUserAgentBytes, 'a')));
  EXPECT_EQ(CountOf("\r", request), CountOf("\r\n", request));
  EXPECT_EQ(CountOf("\n", request), CountOf("\r\n", request));
  EXPECT_EQ(CountOf("\r\n ", request), 0u);
  EXPECT_EQ(CountOf("\r\n\t", request), 0u);
  EXPECT_EQ(CountOf("\r\n\r\n", request), 1u);
}

// RFC 9112 3.2 MUST: Host is identical to the target's authority
TEST(UpgradeRequestTest, ShowsHostAndPortAsGiven) {
  struct Row {
    absl::string_view host;
    uint16_t port;
    absl::string_view line;
  };
  const Row kRows[] = {
      {"ovoc.example.net", 0, "Host: ovoc.example.net\r\n"},
      {"ovoc.example.net", 1, "Host: ovoc.example.net:1\r\n"},
      {"ovoc.example.net", 65535, "Host: ovoc.example.net:65535\r\n"},
      {"192.0.2.10", 8443, "Host: 192.0.2.10:8443\r\n"},
      {"[2001:db8::10]", 0, "Host: [2001:db8::10]\r\n"},
      {"[2001:DB8::192.0.2.10]", 443, "Host: [2001:DB8::192.0.2.10]:443\r\n"},
      {"[::]", 0, "Host: [::]\r\n"},
      {"under_score-1.example.", 0, "Host: under_score-1.example.\r\n"},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.line);
    EXPECT_THAT(Build(Options(row.host, row.port)),
                HasSubstr(absl::StrCat("\r\n", row.line)));
  }
}

// RFC 6455 4.1 MUST: the request-target is the resource name
// RFC 9112 3.2.1 MUST: an empty path is sent as "/"
// RFC 6455 3 MUST: a "#" in the resource name is escaped as %23
// RFC 9112 3.2.1 MUST: only path and query are the request-target
TEST(UpgradeRequestTest, SendsThePathInOriginForm) {
  struct Row {
    absl::string_view path;
    absl::string_view line;
  };
  const Row kRows[] = {
      {"tun", "GET /tun HTTP/1.1\r\n"},
      {"/tun", "GET /tun HTTP/1.1\r\n"},
      {"", "GET / HTTP/1.1\r\n"},
      {"/", "GET / HTTP/1.1\r\n"},
      {"a/b/", "GET /a/b/ HTTP/1.1\r\n"},
      {"tun?x=1&y=%2F", "GET /tun?x=1&y=%2F HTTP/1.1\r\n"},
      {"-._~!$&'()*+,;=:@", "GET /-._~!$&'()*+,;=:@ HTTP/1.1\r\n"},
      {"%aF", "GET /%aF HTTP/1.1\r\n"},
      {"tun%23x", "GET /tun%23x HTTP/1.1\r\n"},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.path);
    EXPECT_THAT(Build(Options("h", 0, row.path)),
                StartsWith(std::string(row.line)));
  }
}

// RFC 6455 4.1 MUST: host, port and resource name are valid
TEST(UpgradeRequestTest, RefusesAHostThatIsNoHost) {
  struct Row {
    absl::string_view name;
    absl::string_view host;
    absl::string_view message;
  };
  const Row kRows[] = {
      {"empty", "", "host: must not be empty (RFC 9112 3.2)"},
      {"header injection", "h\r\nX: y", "byte 0x0d is not allowed"},
      {"bare LF", "h\nX", "byte 0x0a is not allowed"},
      {"space", "a b", "byte 0x20 is not allowed (RFC 3986 3.2.2"},
      {"NUL", absl::string_view("h\0", 2), "byte 0x00 is not allowed"},
      {"user", "user:pw@h", "byte 0x3a is not allowed"},
      {"scheme", "https://h", "it is at position 6"},
      {"path", "h/tun", "byte 0x2f is not allowed"},
      {"port", "h:80", "put an IPv6 address in brackets"},
      {"IPv6 without brackets", "::1", "put an IPv6 address in brackets"},
      {"beyond ASCII", "h\xC3\xA9", "byte 0xc3 is not allowed"},
      {"bracket inside", "h]", "byte 0x5d is not allowed"},
      {"no closing bracket", "[2001:db8::1", "must end with a bracket"},
      {"port behind brackets", "[::1]:80", "must end with a bracket"},
      {"empty brackets", "[]", "must end with a bracket"},
      {"zone", "[fe80::1%eth0]", "byte 0x25 is not allowed"},
      {"name in brackets", "[host]", "byte 0x68 is not allowed"},
      {"brackets in brackets", "[[::1]]", "byte 0x5b is not allowed"},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.name);
    EXPECT_THAT(Message(Options(row.host)),
                HasSubstr(std::string(row.message)));
  }
}

// RFC 6455 3 MUST NOT: a fragment identifier in the resource name
// RFC 6455 11.1.1 MUST: other parts beyond ASCII are percent-encoded
TEST(UpgradeRequestTest, RefusesAPathThatIsNone) {
  struct Row {
    absl::string_view name;
    absl::string_view path;
    absl::string_view message;
  };
  const Row kRows[] = {
      {"fragment", "tun#x", "byte 0x23 is not allowed (RFC 3986 3.3)"},
      {"space", "a b", "byte 0x20 is not allowed"},
      {"request injection", "tun HTTP/1.1\r\nX: y", "byte 0x20"},
      {"line end", "tun\r\n", "byte 0x0d is not allowed"},
      {"NUL", absl::string_view("a\0", 2), "byte 0x00 is not allowed"},
      {"quote", "a\"", "byte 0x22 is not allowed"},
      {"backslash", "a\\b", "byte 0x5c is not allowed"},
      {"beyond ASCII", "\xE2\x82\xAC", "byte 0xe2 is not allowed"},
      {"percent at the end", "a%", "the '%' at position 2 must"},
      {"one digit", "a%2", "the '%' at position 2 must"},
      {"no digits", "%zz", "two hex digits (RFC 3986 2.1)"},
      {"one good, one bad", "%20%2g", "the '%' at position 4 must"},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.name);
    EXPECT_THAT(Message(Options("h", 0, row.path)),
                HasSubstr(std::string(row.message)));
  }
}

TEST(UpgradeRequestTest, RefusesAUserAgentThatBreaksItsLine) {
  for (absl::string_view user_agent :
       {"a\r\nX: y", "a\n", "\t", "caf\xC3\xA9", "\x7F"}) {
    SCOPED_TRACE(user_agent);
    EXPECT_THAT(Message(Options("h", 0, "tun", user_agent)),
                HasSubstr("is not allowed (RFC 9110 5.5)"));
  }
}

// RFC 6455 4.1 MUST: offered subprotocols are unique tokens
TEST(UpgradeRequestTest, OffersAnotherSubprotocolOrNone) {
  UpgradeRequestOptions options = Options("h");
  options.subprotocol = "chat.example";
  EXPECT_THAT(Build(options),
              HasSubstr("\r\nSec-WebSocket-Protocol: chat.example\r\n"));
  EXPECT_THAT(Build(options), Not(HasSubstr("audiocodes")));
  options.subprotocol = "";
  EXPECT_THAT(Build(options), Not(HasSubstr("Protocol")));
  EXPECT_TRUE(
      absl::EndsWith(Build(options), "\r\nSec-WebSocket-Version: 13\r\n\r\n"));
}

// RFC 6455 4.1 MUST: offered subprotocols are unique tokens
TEST(UpgradeRequestTest, RefusesASubprotocolThatIsNoToken) {
  for (absl::string_view subprotocol :
       {"a b", "a,b", "a\r\nX: y", "a;q=1", "\"a\"", "caf\xC3\xA9", " ", "@"}) {
    SCOPED_TRACE(subprotocol);
    UpgradeRequestOptions options = Options("h");
    options.subprotocol = subprotocol;
    EXPECT_THAT(Message(options),
                HasSubstr("is not allowed (RFC 6455 4.1, a token"));
  }
}

TEST(UpgradeRequestTest, TakesEachTextAtItsLimitAndNotOneByteMore) {
  const std::string host(kMaxHostBytes, 'h');
  const std::string path(kMaxPathBytes, 'p');
  const std::string agent(kMaxUserAgentBytes, 'a');
  EXPECT_THAT(Build(Options(host, 65535, path, agent)),
              StartsWith(absl::StrCat(
                  "GET /", path, " HTTP/1.1\r\nHost: ", host, ":65535\r\n")));
  EXPECT_THAT(Message(Options(host + "h")),
              HasSubstr("host: at most 255 bytes are allowed, found 256"));
  EXPECT_THAT(Message(Options("h", 0, path + "p")),
              HasSubstr("path: at most 1024 bytes are allowed, found 1025"));
  EXPECT_THAT(
      Message(Options("h", 0, "tun", agent + "a")),
      HasSubstr("user agent: at most 128 bytes are allowed, found 129"));
  const std::string subprotocol(kMaxSubprotocolBytes + 1, 's');
  UpgradeRequestOptions options = Options("h");
  options.subprotocol = subprotocol;
  EXPECT_THAT(Message(options),
              HasSubstr("subprotocol: at most 64 bytes are allowed, found 65"));
  options.subprotocol.remove_suffix(1);
  EXPECT_THAT(Build(options), HasSubstr(options.subprotocol));
}

TEST(UpgradeRequestTest, NeverShowsTheRefusedText) {
  for (const UpgradeRequestOptions& options :
       {Options("hunter2@h"), Options("h", 0, "hunter2 "),
        Options("h", 0, "hunter2%"), Options("h", 0, "", "hunter2\n"),
        Options("[hunter2]"), Options("[hunter2")}) {
    const std::string message = Message(options);
    EXPECT_THAT(message, Not(HasSubstr("not refused")));
    EXPECT_THAT(message, Not(HasSubstr("hunter2")));
  }
}

TEST(UpgradeRequestTest, ServesManyConnectionsWithTheirOwnKeys) {
  const absl::StatusOr<UpgradeRequest> request =
      UpgradeRequest::Create(Options("h"));
  ASSERT_TRUE(request.ok());
  const Secret first =
      BuildUpgradeRequest(*request, WebSocketKey::FromRandom({1}), nullptr);
  const Secret second =
      BuildUpgradeRequest(*request, WebSocketKey::FromRandom({2}), nullptr);
  EXPECT_EQ(first.size(), second.size());
  EXPECT_FALSE(first == second);
}

}  // namespace
}  // namespace ovoc::auth
