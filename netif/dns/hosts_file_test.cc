// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/hosts_file.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::netif {
namespace {

std::string Find(absl::string_view text, absl::string_view name) {
  return absl::StrJoin(FindInHosts(text, name), " ",
                       [](std::string* out, const IpAddress& address) {
                         absl::StrAppend(out, address.ToString());
                       });
}

TEST(HostsFileTest, FindsEveryAddressOfAName) {
  struct Case {
    absl::string_view what;
    absl::string_view text;
    absl::string_view found;
  };
  constexpr Case kCases[] = {
      {"empty", "", ""},
      {"one", "192.0.2.1 ovoc.example\n", "192.0.2.1"},
      {"no line end", "192.0.2.1 ovoc.example", "192.0.2.1"},
      {"an alias", "192.0.2.1 other o ovoc.example x\n", "192.0.2.1"},
      {"tabs, CR LF", "\t192.0.2.1\t\tovoc.example\r\n", "192.0.2.1"},
      {"a byte-order mark",
       "\xef\xbb\xbf"
       "192.0.2.1 ovoc.example\n",
       "192.0.2.1"},
      {"both families, in order",
       "2001:db8::1 ovoc.example\n192.0.2.1 ovoc.example\n",
       "2001:db8::1 192.0.2.1"},
      {"each once",
       "192.0.2.1 ovoc.example ovoc.example\n"
       "192.0.2.1 ovoc.example\n",
       "192.0.2.1"},
      {"in either case", "192.0.2.1 OVOC.Example\n", "192.0.2.1"},
      {"a zone", "fe80::1%eth0 ovoc.example\n", "fe80::1%eth0"},
      {"a comment", "# 192.0.2.1 ovoc.example\n", ""},
      {"a comment behind", "192.0.2.1 other # ovoc.example\n", ""},
      {"a comment right behind", "192.0.2.1 ovoc.example#x\n", "192.0.2.1"},
      {"the name in place of the address", "ovoc.example ovoc.example\n", ""},
      {"no address", "192.0.2 ovoc.example\n192.0.2.2 ovoc.example\n",
       "192.0.2.2"},
      {"another name", "192.0.2.1 ovoc.example.net xovoc.example ovoc\n", ""},
      {"a dot behind", "192.0.2.1 ovoc.example.\n", ""},
      {"an address alone", "192.0.2.1\n", ""},
      {"IPv4-mapped", "::ffff:192.0.2.1 ovoc.example\n", ""},
      {"IPv4-mapped, in hexadecimal", "0::FFFF:c000:201 ovoc.example\n", ""},
      {"IPv4-mapped, among others",
       "2001:db8::1 ovoc.example\n::ffff:192.0.2.1 ovoc.example\n"
       "192.0.2.2 ovoc.example\n",
       "2001:db8::1 192.0.2.2"},
      {"just below the mapped ones", "::fffe:ffff:ffff ovoc.example\n",
       "::fffe:ffff:ffff"},
      {"just above the mapped ones", "::1:0:0:0 ovoc.example\n", "::1:0:0:0"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Find(c.text, "ovoc.example"), c.found) << c.what;
  }
  EXPECT_EQ(Find("192.0.2.1 ovoc.example\n", "OVOC.EXAMPLE"), "192.0.2.1");
}

TEST(HostsFileTest, FindsSixteenAtMost) {
  std::string text;
  for (int i = 1; i <= 20; ++i) {
    absl::StrAppend(&text, "192.0.2.", i, " a\n");
  }
  EXPECT_EQ(FindInHosts(text, "a").size(), kMaxHostsAddresses);
  EXPECT_EQ(FindInHosts(text, "a").back().ToString(), "192.0.2.16");
}

TEST(HostsFileTest, MappedAddressesTakeNoPlaceOfTheSixteen) {
  std::string text;
  for (int i = 1; i <= 20; ++i) {
    absl::StrAppend(&text, "::ffff:192.0.2.", i, " a\n");
  }
  EXPECT_EQ(Find(absl::StrCat(text, "192.0.2.1 a\n"), "a"), "192.0.2.1");
}

}  // namespace
}  // namespace ovoc::netif
