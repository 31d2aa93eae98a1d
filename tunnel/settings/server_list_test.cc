// SPDX-License-Identifier: Apache-2.0
#include "tunnel/settings/server_list.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

// Each host as "name" or "name=address", and "no" for what is no list.
std::string Read(absl::string_view text) {
  const auto servers = ParseServerList(text);
  if (!servers.has_value()) {
    return "no";
  }
  std::string read;
  for (const ServerHost& server : *servers) {
    absl::StrAppend(&read, read.empty() ? "" : " ", server.name);
    if (server.address.has_value()) {
      absl::StrAppend(&read, "=", server.address->ToString());
    }
  }
  return read;
}

struct Case {
  absl::string_view name;
  std::string text;
  std::string read;
};

TEST(ServerListTest, TakesUpToThreeHostsInTheirOrder) {
  const std::string name(63, 'a');  // RFC 1035 2.3.4: a label
  const std::string longest =
      absl::StrCat(name, ".", name, ".", name, ".", std::string(61, 'b'));
  const Case kCases[] = {
      {"one name", "ovoc.example", "ovoc.example"},
      {"one address", "192.0.2.1", "192.0.2.1=192.0.2.1"},
      {"three", "b.example,a.example,192.0.2.1",
       "b.example a.example 192.0.2.1=192.0.2.1"},
      {"blanks", " a.example ,\tb.example\t", "a.example b.example"},
      {"IPv6 and a zone", "2001:db8::1, fe80::1%eth0",
       "2001:db8::1=2001:db8::1 fe80::1%eth0=fe80::1%eth0"},
      {"253 bytes each", absl::StrCat(longest, ",a", longest.substr(1), "c"),
       "no"},  // the second has 254
      {"names that only begin alike", "a.example,a.example.net",
       "a.example a.example.net"},
      {"one address in two zones", "fe80::1%eth0,fe80::1%eth1",
       "fe80::1%eth0=fe80::1%eth0 fe80::1%eth1=fe80::1%eth1"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Read(c.text), c.read) << c.name;
  }
  EXPECT_EQ(Read(longest), longest);
}

TEST(ServerListTest, TakesNothingElse) {
  const Case kCases[] = {
      {"nothing", "", ""},
      {"blanks", " \t", ""},
      {"a comma", ",", ""},
      {"one that ends with a comma", "a,", ""},
      {"one that begins with a comma", ",a", ""},
      {"nothing in the middle", "a, ,b", ""},
      {"four", "a,b,c,d", ""},
      {"other separators", "a;b", ""},
      {"blanks as separators", "a b", ""},
      {"twice", "a.example,a.example", ""},
      {"twice in another case", "a.example,b,A.Example", ""},
      {"one address in two spellings", "2001:db8::1,2001:DB8:0::1", ""},
      {"a port", "a,b:443", ""},
      {"a multicast address", "a,224.0.0.1", ""},
      {"a NUL byte", std::string("a,b\0", 4), ""},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Read(c.text), "no") << c.name;
  }
}

TEST(ServerListTest, SplitsWhateverThereIs) {
  EXPECT_EQ(SplitServerList(" a:1,, b c "),
            (std::vector<absl::string_view>{"a:1", "", "b c"}));
  EXPECT_EQ(SplitServerList(""), std::vector<absl::string_view>{""});
  EXPECT_FALSE(HasServerTwice({"a"}));
  EXPECT_TRUE(HasServerTwice({"a", "b", "B"}));
}

TEST(ServerListTest, IsWrittenAsItIsRead) {
  for (const char* text : {"a.example", "a.example,192.0.2.1,2001:DB8::1"}) {
    EXPECT_EQ(ServerListText(*ParseServerList(text)), text);
  }
  EXPECT_EQ(ServerNames(*ParseServerList("a.example, 2001:DB8::1")),
            (std::vector<std::string>{"a.example", "2001:DB8::1"}));
}

}  // namespace
}  // namespace ovoc::tunnel
