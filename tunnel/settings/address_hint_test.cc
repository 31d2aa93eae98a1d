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
  absl::string_view problem;
  absl::string_view remedy;  // some of it
};

constexpr Case kCases[] = {
    {"https://ovoc.example", "is a URL", "host alone"},
    {"wss://[2001:db8::1]:443/tun", "is a URL", "WSTunServerPath"},
    {"ovoc.example:443", "has a port", "WSTunServerPort"},
    {"192.0.2.1:53", "has a port", "leave the port out"},
    {"ovoc.example:", "has a port", "leave the port out"},
    {"[2001:db8::1]", "has brackets", "without them"},
    {"[2001:db8::1]:443", "has brackets", "WSTunServerPort"},
    {"[fe80::1%eth0]", "has brackets", "without them"},
    {"ovoc.example/tun", "has a path or a prefix length", "WSTunServerPath"},
    {"192.0.2.1/24", "has a path or a prefix length", "leave it out"},
    {"0.0.0.0", "is not a host's address", "server itself"},
    {"0.1.2.3", "is not a host's address", "server itself"},
    {"224.0.0.1", "is a multicast address", "server itself"},
    {"255.255.255.255", "is the broadcast address", "server itself"},
    {"240.0.0.1", "is a reserved address", "server itself"},
    {"ff02::1", "is a multicast address", "server itself"},
    {"::", "is not a host's address", "server itself"},
    {"::ffff:192.0.2.1", "is an IPv4 address written as IPv6", "as IPv4"},
    {"::192.0.2.1", "is an IPv4 address written as IPv6", "as IPv4"},
    {"fe80::1", "is a link-local address without an interface", "fe80::1%eth0"},
    {"fe80::1%", "has a zone that is not the name of an interface",
     "fe80::1%eth0"},
    {"fe80::1%sixteen--letters",
     "has a zone that is not the name of an interface", "fe80::1%eth0"},
    {"2001:db8::1%eth0", "has a zone, but is not a link-local address",
     "leave out the %"},
    {"192.0.2.1%eth0", "has a zone, but is not a link-local address",
     "leave out the %"},
    {"ovoc%20.example", "contains a %", "fe80::1%eth0"},
    {"10.0.0.256", "is not an IPv4 address", "four numbers"},
    {"010.0.0.1", "is not an IPv4 address", "leading zeros"},
    {"10.0.1", "is not an IPv4 address", "four numbers"},
    {"b\xc3\xbc"
     "cher.example",
     "contains letters that are not ASCII", "xn--"},
    {"ovoc.example.", "ends with a dot", "leave the dot out"},
    {"a_b", "contains an underscore, which no host name has", "check"},
    {"ovoc.example # OVOC", "contains a space", "commas between"},
    {"admin@ovoc.example", "contains an @", "alone"},
    {"", "", ""},
    {"-a", "", ""},
};

constexpr Case kOfNameServers[] = {
    {"https://ns.example/", "is a URL", "the name server alone"},
    {"[2001:db8::53]", "has brackets", "without a port"},
    {"192.0.2.53/24", "has a path or a prefix length", "leave it out"},
    {"127.0.0.1:53", "has a port", "leave the port out"},
    {"192.0.2.53, 192.0.2.54", "contains a comma", "write one address"},
    {"192.0.2.53 192.0.2.54", "contains a space", "write one address"},
    {"fe80::1", "is a link-local address without an interface", "fe80::1%eth0"},
    {"224.0.0.1", "is a multicast address", "server itself"},
    {"10.0.0.256", "is not an IPv4 address", "four numbers"},
    // Names are not taken, so that nothing is said of how to write one.
    {"b\xc3\xbc"
     "cher.example",
     "", ""},
    {"a_b", "", ""},
    {"ns.example", "", ""},
};

TEST(AddressHintTest, SaysWhatAValueLooksLikeAndWhatToDo) {
  for (const Case& c : kCases) {
    const AddressHint hint = HintForAddress(c.value, AddressOf::kServer);
    EXPECT_EQ(hint.problem, c.problem) << c.value;
    EXPECT_TRUE(absl::StrContains(hint.remedy, c.remedy)) << hint.remedy;
    EXPECT_EQ(hint.problem.empty(), hint.remedy.empty()) << c.value;
  }
}

// They were told to move things to settings that are OVOC's.
TEST(AddressHintTest, SaysOfANameServerWhatIsTrueOfOne) {
  for (const Case& c : kOfNameServers) {
    const AddressHint hint = HintForAddress(c.value, AddressOf::kNameServer);
    EXPECT_EQ(hint.problem, c.problem) << c.value;
    EXPECT_TRUE(absl::StrContains(hint.remedy, c.remedy)) << hint.remedy;
    EXPECT_EQ(hint.problem.empty(), hint.remedy.empty()) << c.value;
    EXPECT_FALSE(absl::StrContains(hint.remedy, "WSTun")) << c.value;
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
