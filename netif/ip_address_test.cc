// SPDX-License-Identifier: Apache-2.0

#include "netif/ip_address.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace ovoc::netif {
namespace {

Ipv4Address V4(uint32_t value) { return Ipv4Address::FromHostOrder(value); }

TEST(Ipv4AddressTest, ParsesDottedQuadsAndPrintsThemBack) {
  struct Case {
    absl::string_view text;
    uint32_t value;
  };
  const Case kCases[] = {
      {"0.0.0.0", 0x00000000},         {"127.0.0.1", 0x7F000001},
      {"169.254.0.1", 0xA9FE0001},     {"1.2.3.4", 0x01020304},
      {"224.0.0.251", 0xE00000FB},     {"10.100.10.9", 0x0A640A09},
      {"255.255.255.255", 0xFFFFFFFF},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.text);
    const std::optional<Ipv4Address> address = Ipv4Address::Parse(c.text);
    ASSERT_TRUE(address.has_value());
    EXPECT_EQ(address->value(), c.value);
    EXPECT_EQ(address->ToString(), c.text);
  }
}

TEST(Ipv4AddressTest, RefusesWhateverIsNoStrictDottedQuad) {
  const absl::string_view kCases[] = {
      "",
      "1",
      "1.2.3",
      "1.2.3.",
      ".1.2.3.4",
      "1..3.4",
      "1.2.3.4.",
      "1.2.3.4.5",
      "1.2.3.4 ",
      " 1.2.3.4",
      "1.2.3.256",
      "1.2.3.1000",
      "01.2.3.4",   // some readers take a leading zero for octal
      "1.2.3.00",   //
      "1.2.3.0x4",  //
      "1.2.3.-4",
      "+1.2.3.4",
      "1,2,3,4",
      "a.b.c.d",
      "16909060",
      "4294967296.0.0.1",
      "::1",
      absl::string_view("1.2.3.4\0", 8),
      absl::string_view("1.2.\0.4", 7),
  };
  for (const absl::string_view text : kCases) {
    EXPECT_FALSE(Ipv4Address::Parse(text).has_value()) << text;
  }
}

TEST(Ipv4AddressTest, RefusesEveryProperPrefixOfAnAddressButShorterNumbers) {
  const absl::string_view text = "169.254.10.123";
  for (size_t cut = 0; cut < text.size(); ++cut) {
    // From the last dot on, one digit is enough for a complete address.
    const bool complete = cut > text.rfind('.') + 1;
    EXPECT_EQ(Ipv4Address::Parse(text.substr(0, cut)).has_value(), complete)
        << cut;
  }
}

TEST(Ipv4AddressTest, PrintsEveryByteValueInEveryPlace) {
  for (uint32_t byte = 0; byte < 256; ++byte) {
    for (int shift = 0; shift < 32; shift += 8) {
      const Ipv4Address address = V4(byte << shift);
      EXPECT_EQ(Ipv4Address::Parse(address.ToString()), address);
    }
  }
}

TEST(Ipv4AddressTest, GivesItsBytesInNetworkOrder) {
  const std::array<uint8_t, 4> expected = {169, 254, 0, 1};
  EXPECT_EQ(V4(0xA9FE0001).bytes(), expected);
}

TEST(Ipv4AddressTest, KnowsWhatIsUnicast) {
  struct Case {
    absl::string_view text;
    bool this_network, loopback, multicast, reserved, unicast;
  };
  const Case kCases[] = {
      {"0.0.0.0", true, false, false, false, false},
      {"0.255.255.255", true, false, false, false, false},
      {"1.0.0.0", false, false, false, false, true},
      {"126.255.255.255", false, false, false, false, true},
      {"127.0.0.0", false, true, false, false, false},
      {"127.255.255.255", false, true, false, false, false},
      {"128.0.0.0", false, false, false, false, true},
      {"169.254.0.1", false, false, false, false, true},
      {"223.255.255.255", false, false, false, false, true},
      {"224.0.0.0", false, false, true, false, false},
      {"239.255.255.255", false, false, true, false, false},
      {"240.0.0.0", false, false, false, true, false},
      {"255.255.255.255", false, false, false, true, false},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.text);
    const std::optional<Ipv4Address> address = Ipv4Address::Parse(c.text);
    ASSERT_TRUE(address.has_value());
    EXPECT_EQ(address->IsThisNetwork(), c.this_network);
    EXPECT_EQ(address->IsLoopback(), c.loopback);
    EXPECT_EQ(address->IsMulticast(), c.multicast);
    EXPECT_EQ(address->IsReserved(), c.reserved);
    EXPECT_EQ(address->IsUnicast(), c.unicast);
  }
}

TEST(Ipv4AddressTest, ComparesByValue) {
  EXPECT_EQ(V4(1), V4(1));
  EXPECT_NE(V4(1), V4(2));
  EXPECT_LT(V4(0x7FFFFFFF), V4(0x80000000));
  EXPECT_EQ(Ipv4Address(), V4(0));
}

TEST(Ipv4PrefixTest, ParsesAndPrintsAndKeepsTheHostBits) {
  const std::optional<Ipv4Prefix> prefix = Ipv4Prefix::Parse("169.254.70.9/18");
  ASSERT_TRUE(prefix.has_value());
  EXPECT_EQ(prefix->address(), V4(0xA9FE4609));
  EXPECT_EQ(prefix->length(), 18);
  EXPECT_EQ(prefix->ToString(), "169.254.70.9/18");
  EXPECT_EQ(prefix->NetworkAddress().ToString(), "169.254.64.0");
  EXPECT_EQ(prefix->Broadcast().ToString(), "169.254.127.255");
}

TEST(Ipv4PrefixTest, RefusesWhateverIsNoPrefix) {
  const absl::string_view kCases[] = {
      "",
      "169.254.0.0",
      "169.254.0.0/",
      "169.254.0.0/33",
      "169.254.0.0/016",
      "169.254.0.0/00",
      "169.254.0.0/-1",
      "169.254.0.0/ 16",
      "169.254.0.0/16 ",
      "169.254.0.0 /16",
      "169.254.0.0/16/16",
      "169.254.0.0/255.255.0.0",
      "169.254/16",
      "/16",
      "::/16",
      "169.254.0.0/4294967312",  // 16 after 32 bits
  };
  for (const absl::string_view text : kCases) {
    EXPECT_FALSE(Ipv4Prefix::Parse(text).has_value()) << text;
  }
}

TEST(Ipv4PrefixTest, CreateRefusesALengthOutsideTheRange) {
  EXPECT_FALSE(Ipv4Prefix::Create(V4(0), -1).has_value());
  EXPECT_FALSE(Ipv4Prefix::Create(V4(0), 33).has_value());
  EXPECT_TRUE(Ipv4Prefix::Create(V4(0), 0).has_value());
  EXPECT_TRUE(Ipv4Prefix::Create(V4(0), 32).has_value());
}

TEST(Ipv4PrefixTest, KnowsItsMembersAndHosts) {
  struct Case {
    absl::string_view prefix;
    absl::string_view address;
    bool contains, contains_host;
  };
  const Case kCases[] = {
      {"169.254.0.0/16", "169.254.0.1", true, true},
      {"169.254.0.0/16", "169.254.255.254", true, true},
      {"169.254.0.0/16", "169.254.0.0", true, false},      // network
      {"169.254.0.0/16", "169.254.255.255", true, false},  // broadcast
      {"169.254.0.0/16", "169.253.255.255", false, false},
      {"169.254.0.0/16", "169.255.0.0", false, false},
      {"169.254.0.2/18", "169.254.63.254", true, true},
      {"169.254.0.2/18", "169.254.63.255", true, false},
      {"169.254.0.2/18", "169.254.64.1", false, false},
      {"10.0.0.0/30", "10.0.0.2", true, true},
      {"10.0.0.0/30", "10.0.0.3", true, false},
      {"10.0.0.0/31", "10.0.0.0", true, true},  // RFC 3021
      {"10.0.0.0/31", "10.0.0.1", true, true},
      {"10.0.0.0/31", "10.0.0.2", false, false},
      {"10.0.0.7/32", "10.0.0.7", true, true},
      {"10.0.0.7/32", "10.0.0.6", false, false},
      {"0.0.0.0/0", "8.8.8.8", true, true},
      {"0.0.0.0/0", "0.0.0.0", true, false},
      {"0.0.0.0/0", "255.255.255.255", true, false},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(std::string(c.prefix) + " " + std::string(c.address));
    const std::optional<Ipv4Prefix> prefix = Ipv4Prefix::Parse(c.prefix);
    const std::optional<Ipv4Address> address = Ipv4Address::Parse(c.address);
    ASSERT_TRUE(prefix.has_value());
    ASSERT_TRUE(address.has_value());
    EXPECT_EQ(prefix->Contains(*address), c.contains);
    EXPECT_EQ(prefix->ContainsHost(*address), c.contains_host);
  }
}

TEST(Ipv4PrefixTest, TheDefaultIsTheWholeAddressSpace) {
  EXPECT_EQ(Ipv4Prefix(), *Ipv4Prefix::Parse("0.0.0.0/0"));
  EXPECT_TRUE(Ipv4Prefix().Contains(V4(0xFFFFFFFF)));
  EXPECT_EQ(Ipv4Prefix().Broadcast(), V4(0xFFFFFFFF));
}

TEST(IpAddressTest, TakesFourOrSixteenBytesAndNothingElse) {
  const std::vector<uint8_t> bytes = {0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0,
                                      0,    0,    0,    0,    0, 0, 1, 2};
  for (size_t size = 0; size <= bytes.size(); ++size) {
    const absl::Span<const uint8_t> in = absl::MakeSpan(bytes).first(size);
    const std::optional<IpAddress> address = IpAddress::FromBytes(in);
    ASSERT_EQ(address.has_value(), size == 4 || size == 16) << size;
    if (address.has_value()) {
      EXPECT_EQ(address->is_v4(), size == 4);
      EXPECT_EQ(address->bytes(), in);
    }
  }
  EXPECT_EQ(IpAddress::FromBytes(absl::MakeSpan(bytes).first(16))->ToString(),
            "2001:db8::1");
  EXPECT_EQ(IpAddress::FromBytes(absl::MakeSpan(bytes).first(4))->ToString(),
            "32.1.13.184");
}

TEST(IpAddressTest, ParsesBothFamiliesAndPrintsTheShortForm) {
  struct Case {
    absl::string_view text;
    absl::string_view printed;
    bool is_v4;
  };
  const Case kCases[] = {
      {"169.254.0.1", "169.254.0.1", true},
      {"::", "::", false},
      {"::1", "::1", false},
      {"2001:DB8:0:0:0:0:0:1", "2001:db8::1", false},
      {"fe80::1:2", "fe80::1:2", false},
      {"::ffff:10.0.0.1", "::ffff:10.0.0.1", false},  // stays IPv6
      {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
       "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.text);
    const std::optional<IpAddress> address = IpAddress::Parse(c.text);
    ASSERT_TRUE(address.has_value());
    EXPECT_EQ(address->is_v4(), c.is_v4);
    EXPECT_EQ(address->bytes().size(), c.is_v4 ? 4u : 16u);
    EXPECT_EQ(address->ToString(), c.printed);
  }
}

TEST(IpAddressTest, RefusesWhateverIsNoAddress) {
  const std::string too_long(100, ':');
  const absl::string_view kCases[] = {
      "",
      ":",
      ":::",
      "1::2::3",
      "[::1]",
      "::1%lo",
      "::1/64",
      " ::1",
      "::1 ",
      "12345::",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "ovoc.example",
      "169.254.0.01",
      "169.254.0.1:443",
      absl::string_view("::1\0", 4),
      absl::string_view("::1\0::", 6),
      too_long,
  };
  for (const absl::string_view text : kCases) {
    EXPECT_FALSE(IpAddress::Parse(text).has_value()) << text;
  }
}

TEST(IpAddressTest, GivesItsIpv4ViewOnlyWhenItIsOne) {
  EXPECT_EQ(IpAddress(V4(0xA9FE0001)).v4(), V4(0xA9FE0001));
  EXPECT_EQ(IpAddress::Parse("::ffff:10.0.0.1")->v4(), Ipv4Address());
  EXPECT_EQ(IpAddress().v4(), Ipv4Address());
}

TEST(IpAddressTest, KeepsTheZoneOfALinkLocalAddress) {
  for (const absl::string_view text :
       {"fe80::1%eth0", "febf::1%2", "fe80::1%wlp0s20f3.1234"}) {
    const std::optional<IpAddress> address = IpAddress::ParseZoned(text);
    ASSERT_TRUE(address.has_value()) << text;
    EXPECT_EQ(address->ToString(), text);
    EXPECT_EQ(address->bytes().size(), 16u);
    EXPECT_EQ(address->WithoutZone().zone(), "");
    EXPECT_NE(address->WithoutZone(), *address);
  }
  EXPECT_EQ(IpAddress::ParseZoned("fe80::1%eth0")->zone(), "eth0");
  EXPECT_EQ(IpAddress::ParseZoned("fe80::1%eth0")->WithoutZone(),
            IpAddress::Parse("fe80::1"));
  EXPECT_NE(*IpAddress::ParseZoned("fe80::1%eth0"),
            *IpAddress::ParseZoned("fe80::1%eth1"));
  EXPECT_EQ(IpAddress::ParseZoned("192.0.2.1")->ToString(), "192.0.2.1");
  EXPECT_EQ(IpAddress::ParseZoned("2001:db8::1")->zone(), "");
}

TEST(IpAddressTest, RefusesAZoneThatIsNoneOrHasNoUse) {
  for (const absl::string_view text :
       {"fe80::1%", "fe80::1%sixteen-letters-", "fe80::1%a b", "fe80::1%a/b",
        "fe80::1%a%b", "fe80::1%a:b", "fe80::1%\xc3\xa9", "%eth0",
        "2001:db8::1%eth0", "::1%lo", "ff02::1%eth0", "fec0::1%eth0",
        "192.0.2.1%eth0", "[fe80::1%eth0]"}) {
    EXPECT_FALSE(IpAddress::ParseZoned(text).has_value()) << text;
  }
  EXPECT_FALSE(
      IpAddress::ParseZoned(absl::string_view("fe80::1%a\0", 10)).has_value());
  EXPECT_FALSE(IpAddress::Parse("fe80::1%eth0").has_value());
}

TEST(IpAddressTest, SortsIpv4BeforeIpv6AndThenByBytes) {
  std::vector<IpAddress> addresses = {
      *IpAddress::Parse("::1"), *IpAddress::Parse("10.0.0.2"),
      *IpAddress::Parse("::"), *IpAddress::Parse("9.255.255.255")};
  std::sort(addresses.begin(), addresses.end());
  EXPECT_EQ(addresses[0].ToString(), "9.255.255.255");
  EXPECT_EQ(addresses[1].ToString(), "10.0.0.2");
  EXPECT_EQ(addresses[2].ToString(), "::");
  EXPECT_EQ(addresses[3].ToString(), "::1");
  EXPECT_NE(*IpAddress::Parse("::"), *IpAddress::Parse("0.0.0.0"));
  EXPECT_EQ(*IpAddress::Parse("::1"), *IpAddress::Parse("0::0:1"));
}

}  // namespace
}  // namespace ovoc::netif
