// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/resolv_conf.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"

namespace ovoc::netif {
namespace {

std::vector<std::string> Parse(absl::string_view text) {
  std::vector<std::string> servers;
  for (const IpAddress& server : ParseResolvConf(text)) {
    servers.push_back(server.ToString());
  }
  return servers;
}

using Servers = std::vector<std::string>;

TEST(ResolvConfTest, ReadsATypicalFile) {
  EXPECT_EQ(Parse("# made by a program\n"
                  "search example\n"
                  "nameserver 192.0.2.53\n"
                  "nameserver 2001:db8::53\n"
                  "options edns0 trust-ad\n"),
            (Servers{"192.0.2.53", "2001:db8::53"}));
}

TEST(ResolvConfTest, ReadsLinesAsTheCLibraryDoes) {
  const struct {
    const char* name;
    std::string text;
    Servers servers;
  } kCases[] = {
      {"empty", "", {}},
      {"no line end", "nameserver 192.0.2.1", {"192.0.2.1"}},
      {"tab", "nameserver\t192.0.2.1\n", {"192.0.2.1"}},
      {"many blanks", "nameserver \t  192.0.2.1 \t\n", {"192.0.2.1"}},
      {"CRLF", "nameserver 192.0.2.1\r\n", {"192.0.2.1"}},
      {"comment behind", "nameserver 192.0.2.1 # first\n", {"192.0.2.1"}},
      {"comment without blank", "nameserver 192.0.2.1;x\n", {"192.0.2.1"}},
      {"commented out", "#nameserver 192.0.2.1\n", {}},
      {"commented out by ;", ";nameserver 192.0.2.1\n", {}},
      {"indented", " nameserver 192.0.2.1\n", {}},
      {"upper case", "NAMESERVER 192.0.2.1\n", {}},
      {"another word", "nameservers 192.0.2.1\n", {}},
      {"no blank", "nameserver192.0.2.1\n", {}},
      {"no address", "nameserver\nnameserver \n", {}},
      {"a name", "nameserver dns.example\n", {}},
      {"a port", "nameserver 192.0.2.1:53\n", {}},
      {"a zone", "nameserver fe80::1%eth0 # x\n", {"fe80::1%eth0"}},
      {"a zone without a name", "nameserver fe80::1%\n", {}},
      {"a zone of another address", "nameserver 2001:db8::1%eth0\n", {}},
      {"options", "options rotate timeout:1 attempts:9\n", {}},
      {"a byte-order mark",
       "\xef\xbb\xbf"
       "nameserver 192.0.2.1\n",
       {"192.0.2.1"}},
      {"not an address", "nameserver 192.0.2.256\n", {}},
      {"loopback", "nameserver 127.0.0.53\n", {"127.0.0.53"}},
  };
  for (const auto& test : kCases) {
    EXPECT_EQ(Parse(test.text), test.servers) << test.name;
  }
}

TEST(ResolvConfTest, TakesTheFirstThreeServersAsTheCLibraryDoes) {
  EXPECT_EQ(Parse("nameserver 192.0.2.1\n"
                  "nameserver 192.0.2.2\n"
                  "options timeout:1\n"
                  "nameserver 192.0.2.3\n"
                  "nameserver 192.0.2.4\n"),
            (Servers{"192.0.2.1", "192.0.2.2", "192.0.2.3"}));
}

TEST(ResolvConfTest, AServerGivenTwiceCountsOnce) {
  EXPECT_EQ(Parse("nameserver 192.0.2.1\n"
                  "nameserver 192.0.2.1\n"
                  "nameserver 192.0.2.3\n"),
            (Servers{"192.0.2.1", "192.0.2.3"}));
}

TEST(ResolvConfTest, ABadLineDoesNotHideTheNextOne) {
  EXPECT_EQ(Parse("nameserver fe80::1%a/b\nnameserver 192.0.2.3\n"),
            (Servers{"192.0.2.3"}));
}

TEST(ResolvConfTest, ALongFileGivesThreeServersAtMost) {
  std::string text;
  for (int i = 0; i < 250; ++i) {
    absl::StrAppend(&text, "nameserver 192.0.2.", i, "\n");
  }
  EXPECT_EQ(Parse(text), (Servers{"192.0.2.0", "192.0.2.1", "192.0.2.2"}));
}

TEST(ResolvConfTest, BinaryBytesAreNoServers) {
  EXPECT_EQ(Parse(absl::string_view("nameserver \0\xFF\n\0", 14)), Servers{});
}

}  // namespace
}  // namespace ovoc::netif
