// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/host_and_port.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

TEST(HostAndPortTest, ReadsNamesAndAddresses) {
  struct Case {
    const char* text;
    const char* host;
    int port;
  };
  const Case cases[] = {
      {"ovoc.example.net:443", "ovoc.example.net", 443},
      {"192.0.2.10:1", "192.0.2.10", 1},
      {"[2001:db8::10]:65535", "2001:db8::10", 65535},
  };
  for (const Case& c : cases) {
    const absl::StatusOr<HostAndPort> parsed = ParseHostAndPort(c.text);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(parsed->host, c.host);
    EXPECT_EQ(parsed->port, c.port);
  }
}

TEST(HostAndPortTest, EveryPortIsReadAsItsNumber) {
  for (int port = 1; port <= 65535; ++port) {
    const absl::StatusOr<HostAndPort> parsed =
        ParseHostAndPort(absl::StrCat("a:", port));
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    ASSERT_EQ(parsed->port, port);
  }
}

TEST(HostAndPortTest, ARefusalShowsTheTextAndTheForm) {
  EXPECT_EQ(ParseHostAndPort("a:0").status().message(),
            "cannot read \"a:0\"; use HOST:PORT or [IPv6]:PORT");
}

TEST(HostAndPortTest, RefusesEverythingElse) {
  for (const char* text : {"",
                           ":",
                           "a",
                           "a:",
                           ":443",
                           "a:0",
                           "a:65536",
                           "a:4294967739",
                           "a:+1",
                           "a: 1",
                           "a:1x",
                           "2001:db8::10:443",
                           "[2001:db8::10]",
                           "[a]:443",
                           "[a:443",
                           "a]:443",
                           "[192.0.2.1:443",
                           "192.0.2.1]:443",
                           "[]:443",
                           "[[2001:db8::10]]:443",
                           "[2001:db8::10]443",
                           "[192.0.2.1]:443",
                           "[2001:db8::10:443",
                           "2001:db8::10]:443",
                           "a b:443",
                           "https://a:443",
                           "a/b:443",
                           "*.a:443"}) {
    EXPECT_FALSE(ParseHostAndPort(text).ok()) << text;
  }
}

}  // namespace
}  // namespace ovoc::conformance
