// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/address_hint.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "tunnel/settings/setting_values.h"

namespace ovoc::tunnel {
namespace {

struct Case {
  absl::string_view value;
  absl::string_view found;
  absl::string_view remedy;  // some of it
};

constexpr Case kCases[] = {
    {"https://ovoc.example", "a URL", "host alone"},
    {"wss://[2001:db8::1]:443/tun", "a URL", "WSTunServerPath"},
    {"ovoc.example:443", "a port", "WSTunServerPort"},
    {"192.0.2.1:53", "a port", "leave it out"},
    {"ovoc.example:", "a port", "leave it out"},
    {"[2001:db8::1]", "brackets", "without them"},
    {"[2001:db8::1]:443", "brackets", "WSTunServerPort"},
    {"[fe80::1%eth0]", "brackets", "without them"},
    {"ovoc.example/tun", "a path or a prefix length", "WSTunServerPath"},
    {"192.0.2.1/24", "a path or a prefix length", "leave it out"},
    {"0.0.0.0", "an address of no host", "server itself"},
    {"0.1.2.3", "an address of no host", "server itself"},
    {"224.0.0.1", "a multicast address", "server itself"},
    {"255.255.255.255", "the broadcast address", "server itself"},
    {"240.0.0.1", "a reserved address", "server itself"},
    {"ff02::1", "a multicast address", "server itself"},
    {"::", "an address of no host", "server itself"},
    {"::ffff:192.0.2.1", "an IPv4 address written as IPv6", "as IPv4"},
    {"::192.0.2.1", "an IPv4 address written as IPv6", "as IPv4"},
    {"fe80::1", "a link-local address without its interface", "fe80::1%eth0"},
    {"fe80::1%", "a zone that is the name of no interface", "fe80::1%eth0"},
    {"fe80::1%sixteen--letters", "a zone that is the name of no interface",
     "fe80::1%eth0"},
    {"2001:db8::1%eth0", "a zone behind an address that is not link-local",
     "leave out the %"},
    {"192.0.2.1%eth0", "a zone behind an address that is not link-local",
     "leave out the %"},
    {"ovoc%20.example", "a % in it", "fe80::1%eth0"},
    {"10.0.0.256", "no IPv4 address", "four numbers"},
    {"010.0.0.1", "no IPv4 address", "leading zeros"},
    {"10.0.1", "no IPv4 address", "four numbers"},
    {"b\xc3\xbc"
     "cher.example",
     "letters outside of ASCII", "xn--"},
    {"ovoc.example.", "a dot at its end", "leave it out"},
    {"a_b", "an underscore, which no host name has", "check"},
    {"ovoc.example # OVOC", "a blank", "one name"},
    {"", "", ""},
    {"-a", "", ""},
};

TEST(AddressHintTest, SaysWhatAValueLooksLikeAndWhatToDo) {
  for (const Case& c : kCases) {
    const AddressHint hint = HintForAddress(c.value);
    EXPECT_EQ(hint.found, c.found) << c.value;
    EXPECT_TRUE(absl::StrContains(hint.remedy, c.remedy)) << hint.remedy;
    EXPECT_EQ(hint.found.empty(), hint.remedy.empty()) << c.value;
  }
}

TEST(AddressHintTest, IsAboutValuesThatAreNotTaken) {
  for (const Case& c : kCases) {
    EXPECT_FALSE(ParseServerAddress(c.value).has_value()) << c.value;
    EXPECT_FALSE(IsHostName(c.value)) << c.value;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
