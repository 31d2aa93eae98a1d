// SPDX-License-Identifier: Apache-2.0
#include "auth/request_text.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(RequestTextTest, TakesEachFormOfAHost) {
  for (const absl::string_view host :
       {"ovoc.example.net", "192.0.2.1", "[2001:db8::1]", "[::]", "a_b",
        "OVOC"}) {
    EXPECT_TRUE(CheckRequestHost(host).ok()) << host;
  }
}

struct Refused {
  absl::string_view host;
  absl::string_view says;
};

// What another reader could take for a port, a user, or the end of the line.
TEST(RequestTextTest, RefusesWhatIsNoHostAndSaysWhere) {
  const Refused kCases[] = {
      {"", "must not be empty"},
      {"ovoc:443", "byte 0x3a is not allowed"},
      {"user@ovoc", "byte 0x40"},
      {"ovoc\r\nX: y", "byte 0x0d"},
      {"o voc", "it is at position 2"},
      {"2001:db8::1", "put an IPv6 address in brackets"},
      {"[2001:db8::1", "must end with a bracket"},
      {"[]", "must end with a bracket"},
      {"[fe80::1%25eth0]", "host in brackets: byte 0x25"},
  };
  for (const Refused& refused : kCases) {
    const absl::Status status = CheckRequestHost(refused.host);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << refused.host;
    EXPECT_THAT(std::string(status.message()), HasSubstr(refused.says));
  }
}

TEST(RequestTextTest, TheLimitsAreExact) {
  EXPECT_TRUE(CheckRequestHost(std::string(kMaxHostBytes, 'a')).ok());
  EXPECT_FALSE(CheckRequestHost(std::string(kMaxHostBytes + 1, 'a')).ok());
  EXPECT_TRUE(CheckUserAgent(std::string(kMaxUserAgentBytes, 'a')).ok());
  EXPECT_FALSE(CheckUserAgent(std::string(kMaxUserAgentBytes + 1, 'a')).ok());
  EXPECT_TRUE(CheckUserAgent("").ok());
}

TEST(RequestTextTest, AMessageNeverShowsTheText) {
  const absl::Status status = CheckRequestHost("Scharansky-3@ovoc");
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("Scharansky")));
  EXPECT_THAT(std::string(CheckUserAgent("secret\n").message()),
              Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace ovoc::auth
