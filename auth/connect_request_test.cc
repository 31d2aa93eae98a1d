// SPDX-License-Identifier: Apache-2.0
#include "auth/connect_request.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "auth/basic_credentials.h"
#include "auth/secret.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The head; the message when there is none.
std::string Built(const ConnectTarget& target,
                  const Secret* authorization = nullptr) {
  const absl::StatusOr<Secret> head =
      BuildConnectRequest(target, authorization);
  if (!head.ok()) {
    EXPECT_TRUE(absl::IsInvalidArgument(head.status()));
    return std::string(head.status().message());
  }
  return std::string(head->Reveal(InsecureSecretAccess::Get()));
}

// The request of RFC 9110 9.3.6, but for its host.
// RFC 9112 3.2.3 MUST: CONNECT has host and port only
TEST(ConnectRequestTest, IsTheAuthorityWithTheSameHost) {
  EXPECT_EQ(Built({.host = "server.example.com", .port = 80}),
            "CONNECT server.example.com:80 HTTP/1.1\r\n"
            "Host: server.example.com:80\r\n"
            "\r\n");
}

// RFC 9110 9.3.6 MUST: CONNECT names the port, also a default one
TEST(ConnectRequestTest, NamesTheDefaultPortToo) {
  EXPECT_THAT(Built({.host = "ovoc.example", .port = 443}),
              HasSubstr("CONNECT ovoc.example:443 HTTP/1.1\r\n"));
}

TEST(ConnectRequestTest, AnIpv6AddressStandsInBrackets) {
  EXPECT_EQ(Built({.host = "[2001:db8::1]", .port = 8443}),
            "CONNECT [2001:db8::1]:8443 HTTP/1.1\r\n"
            "Host: [2001:db8::1]:8443\r\n"
            "\r\n");
}

// The user name and password of RFC 7617 2, whose value is there.
TEST(ConnectRequestTest, TheLoginIsTheProxysField) {
  const auto credentials =
      BasicCredentials::Create("Aladdin", Secret::FromString("open sesame"));
  ASSERT_TRUE(credentials.ok());
  const Secret value = credentials->AuthorizationValue();
  EXPECT_EQ(
      Built(
          {.host = "ovoc.example", .port = 443, .user_agent = "ovoc-tunnel/1"},
          &value),
      "CONNECT ovoc.example:443 HTTP/1.1\r\n"
      "Host: ovoc.example:443\r\n"
      "User-Agent: ovoc-tunnel/1\r\n"
      "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"
      "\r\n");
}

TEST(ConnectRequestTest, RefusesWhatWouldChangeTheRequest) {
  EXPECT_THAT(Built({.host = "ovoc.example", .port = 0}),
              HasSubstr("port: 0 is not allowed"));
  EXPECT_THAT(Built({.host = "ovoc\r\nX: y", .port = 443}),
              HasSubstr("host: byte 0x0d"));
  EXPECT_THAT(Built({.host = "", .port = 443}),
              HasSubstr("host: must not be empty"));
  EXPECT_THAT(Built({.host = "ovoc.example", .port = 443, .user_agent = "a\n"}),
              HasSubstr("user agent: byte 0x0a"));
  EXPECT_THAT(Built({.host = "pass@word", .port = 443}),
              Not(HasSubstr("pass@word")));
}

}  // namespace
}  // namespace ovoc::auth
