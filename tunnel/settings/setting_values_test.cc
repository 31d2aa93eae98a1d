// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/setting_values.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "netif/overlay.h"

namespace ovoc::tunnel {
namespace {

TEST(ParseNumberTest, TakesPlainDecimalsInTheRange) {
  EXPECT_EQ(ParseNumber("0", 0, 65535), 0);
  EXPECT_EQ(ParseNumber("65535", 0, 65535), 65535);
  EXPECT_EQ(ParseNumber("576", 576, 1500), 576);
  EXPECT_EQ(ParseNumber("999999999", 0, 999999999), 999999999);
  EXPECT_EQ(ParseNumber("65536", 0, 65535), std::nullopt);
  EXPECT_EQ(ParseNumber("575", 576, 1500), std::nullopt);
}

TEST(ParseNumberTest, RefusesEveryOtherSpelling) {
  for (const absl::string_view text :
       {"", " 1", "1 ", "+1", "-1", "01", "00", "0x1", "1.0", "1e1", "1s",
        "one", "1000000000", "99999999999999999999"}) {
    EXPECT_EQ(ParseNumber(text, 0, 2000000000), std::nullopt) << text;
  }
}

TEST(ParseNumberTest, GivesEachNumberOfItsRangeAndNoOther) {
  for (int number = 0; number <= 2000; ++number) {
    const std::string text = absl::StrCat(number);
    const bool inside = number >= 576 && number <= 1500;
    EXPECT_EQ(ParseNumber(text, 576, 1500),
              inside ? std::optional<int>(number) : std::nullopt);
    EXPECT_EQ(ParseNumber(absl::StrCat("0", text), 0, 2000), std::nullopt);
    EXPECT_EQ(ParseNumber(text, number, number), number);
  }
}

TEST(ParseSwitchTest, TakesZeroAndOneOnly) {
  EXPECT_EQ(ParseSwitch("0"), false);
  EXPECT_EQ(ParseSwitch("1"), true);
  for (const absl::string_view text :
       {"", "2", "00", "01", "-0", "true", "yes", "on", " 1"}) {
    EXPECT_EQ(ParseSwitch(text), std::nullopt) << text;
  }
}

TEST(ParseServerAddressTest, TakesUnicastAndLoopback) {
  for (const absl::string_view text :
       {"192.0.2.1", "10.0.0.1", "127.0.0.1", "2001:db8::1", "::1",
        "fe80::1%eth0", "fe80::1%7", "64:ff9b::c000:201"}) {
    const std::optional<netif::IpAddress> address = ParseServerAddress(text);
    ASSERT_TRUE(address.has_value()) << text;
    EXPECT_EQ(address->ToString(), text);
  }
}

TEST(ParseServerAddressTest, RefusesAddressesNoServerHas) {
  for (const absl::string_view text : {"0.0.0.0",
                                       "0.1.2.3",
                                       "224.0.0.1",
                                       "239.255.255.255",
                                       "240.0.0.1",
                                       "255.255.255.255",
                                       "::",
                                       "::2",
                                       "::ffff:192.0.2.1",
                                       "::192.0.2.1",
                                       "ff02::1",
                                       "[::1]",
                                       "fe80::1",
                                       "febf::1",
                                       "fe80::1%",
                                       "::1%lo",
                                       "192.0.2.1:443",
                                       "192.0.2",
                                       "ovoc.example",
                                       ""}) {
    EXPECT_FALSE(ParseServerAddress(text).has_value()) << text;
  }
}

// The first and the last address of each range, and those beside it.
TEST(ParseServerAddressTest, KnowsTheEndsOfEachRange) {
  struct Case {
    absl::string_view text;
    bool taken;
  };
  constexpr Case kCases[] = {
      {"0.255.255.255", false},  // 0/8, RFC 1122 3.2.1.3
      {"1.0.0.0", true},
      {"126.255.255.255", true},
      {"127.0.0.0", true},  // 127/8: a proxy on the same machine
      {"127.255.255.255", true},
      {"128.0.0.0", true},
      {"223.255.255.255", true},
      {"224.0.0.0", false},  // 224/4: multicast, RFC 1112 4
      {"239.255.255.255", false},
      {"240.0.0.0", false},      // 240/4: reserved, RFC 1112 4
      {"fe7f:ffff::1", true},    // in front of fe80::/10, RFC 4291 2.5.6
      {"fe80::", false},         // no interface
      {"febf:ffff::1", false},   // no interface
      {"fec0::1", true},         // behind it
      {"feff:ffff::1", true},    // in front of ff00::/8, RFC 4291 2.7
      {"ff00::", false},         //
      {"ffff:ffff::1", false},   //
      {"::1:0:0", true},         // behind ::/96, RFC 4291 2.5.5.1
      {"::ffff:ffff", false},    // its last one
      {"::ffff:0:0", false},     // the first of ::ffff:0:0/96, 2.5.5.2
      {"::1:0:0:0", true},       // behind that
      {"::fffe:0:0", true},      // in front of it
      {"febf::1%lo", true},      // with an interface
      {"fec0::1%eth0", false},   // no link-local address
      {"127.0.0.1%lo", false},   // no zones in IPv4
      {"::ffff:1.2.3.4", false}  // IPv4 all the same
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(ParseServerAddress(c.text).has_value(), c.taken) << c.text;
  }
}

TEST(IsHostNameTest, TakesLettersDigitsAndHyphens) {
  const std::string label(kMaxHostLabelBytes, 'a');
  for (const std::string& text :
       {std::string("ovoc"), std::string("ovoc.example"),
        std::string("OVOC.Example.COM"), std::string("a-b.c--d.e"),
        std::string("3com.example"), std::string("1.2.3.4a"),
        std::string("xn--bcher-kva.example"), label + ".example",
        // 3 * 64 + 61 = 253
        absl::StrCat(label, ".", label, ".", label, ".",
                     std::string(61, 'a'))}) {
    EXPECT_TRUE(IsHostName(text)) << text;
  }
}

TEST(IsHostNameTest, RefusesEverythingElse) {
  const std::string label(kMaxHostLabelBytes, 'a');
  for (const std::string& text :
       {std::string(""), std::string("."), std::string("ovoc."),
        std::string(".ovoc"), std::string("a..b"), std::string("-a.b"),
        std::string("a-.b"), std::string("a_b"), std::string("a b"),
        std::string("a/b"), std::string("a:443"), std::string("user@a"),
        std::string("b\xc3\xbc"
                    "cher.example"),
        std::string("*.example"),
        // Addresses with a slip in them
        std::string("10.0.0.256"), std::string("10.0.1"), std::string("1"),
        std::string("[::1]"), label + "a.example",
        absl::StrCat(label, ".", label, ".", label, ".",
                     std::string(62, 'a'))}) {
    EXPECT_FALSE(IsHostName(text)) << text;
  }
}

TEST(ParseRequestPathTest, TakesOneLeadingSlashOff) {
  EXPECT_EQ(ParseRequestPath("tun"), "tun");
  EXPECT_EQ(ParseRequestPath("/tun"), "tun");
  EXPECT_EQ(ParseRequestPath("a/b?c=%20d"), "a/b?c=%20d");
  EXPECT_EQ(ParseRequestPath("a%2Fb%ff"), "a%2Fb%ff");
  constexpr absl::string_view kAll = "aZ09-._~!$&'()*+,;=:@/?";
  EXPECT_EQ(ParseRequestPath(kAll), kAll);
  EXPECT_EQ(ParseRequestPath(""), "");
  EXPECT_EQ(ParseRequestPath("/"), "");
  const std::string longest(kMaxPathBytes, 'x');
  EXPECT_EQ(ParseRequestPath(longest), longest);
  EXPECT_EQ(ParseRequestPath("/" + longest), longest);
}

TEST(ParseRequestPathTest, RefusesWhatWouldSpoilTheRequestLine) {
  for (const std::string& text :
       {std::string("a b"),      std::string(" tun"),
        std::string("tun\t"),    std::string("a\r\nb"),
        std::string("a#b"),      std::string("a\x7f"),
        std::string("\xc3\xa9"), std::string("a\0b", 3),
        std::string("//tun"),    std::string("a%"),
        std::string("a%2"),      std::string("a%2g"),
        std::string("a%%20"),    std::string("a\"b"),
        std::string("<a>"),      std::string("a\\b"),
        std::string("a{b}"),     std::string("a|b"),
        std::string("a^b"),      std::string("a`b"),
        std::string("[a]"),      std::string(kMaxPathBytes + 1, 'x')}) {
    EXPECT_EQ(ParseRequestPath(text), std::nullopt) << text;
  }
}

// RFC 7617 2 MUST NOT: a colon in the user-id
// RFC 7617 2 MUST NOT: control characters in user-id or password
TEST(CredentialsTest, FollowTheRulesOfBasicAuthentication) {
  struct Case {
    std::string text;
    bool user_name;
    bool password;
  };
  const Case kCases[] = {
      {"VPN", true, true},
      {"a b;'\"", true, true},
      {"\xc3\xa9", true, true},
      {std::string(255, 'x'), true, true},
      {"a:b", false, true},
      {"", false, false},
      {std::string(256, 'x'), false, false},
      {"a\tb", false, false},
      {std::string("a\0b", 3), false, false},
      {"a\x7f", false, false},
      {"a\n", false, false},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(IsUserName(c.text), c.user_name) << c.text;
    EXPECT_EQ(IsPassword(c.text), c.password) << c.text;
  }
}

TEST(IsFilePathTest, TakesAnyNameWithoutControlBytes) {
  EXPECT_TRUE(IsFilePath("/etc/ssl/ca.pem"));
  EXPECT_TRUE(IsFilePath("my ca.pem"));
  EXPECT_TRUE(IsFilePath("\xc3\xa9.pem"));
  EXPECT_FALSE(IsFilePath(""));
  EXPECT_FALSE(IsFilePath("a\tb"));
}

TEST(IsDeviceNameTest, TakesNamesThatAreSafeInEveryPath) {
  for (const absl::string_view text :
       {"ovoc0", "main-vrf", "eth0.100", "a", "A_b", "fifteen-letters"}) {
    EXPECT_TRUE(IsDeviceName(text)) << text;
  }
  for (const absl::string_view text :
       {"", "sixteen--letters", ".", "..", "all", "default", "a/b", "a:b",
        "a b", "tun%d", "a\n", "\xc3\xa9"}) {
    EXPECT_FALSE(IsDeviceName(text)) << text;
  }
}

TEST(ParseOverlayTest, TakesPrefixesWithOvocInThem) {
  for (const absl::string_view text :
       {"169.254.0.0/16", "169.254.0.0/18", "169.254.0.0/30"}) {
    const std::optional<netif::Ipv4Prefix> prefix = ParseOverlay(text);
    ASSERT_TRUE(prefix.has_value()) << text;
    EXPECT_EQ(prefix->ToString(), text);
  }
}

TEST(ParseOverlayTest, RefusesEveryOtherPrefix) {
  for (const absl::string_view text : {
           "169.254.0.0",      // no length
           "169.254.0.0/15",   // bits behind the length, and too wide
           "168.0.0.0/7",      // too wide: addresses that are routed elsewhere
           "169.0.0.0/8",      // the same
           "0.0.0.0/0",        // the same
           "169.254.0.0/31",   // no room for a device beside OVOC
           "169.254.0.1/32",   // the same
           "169.254.0.1/16",   // bits behind the length
           "169.254.64.0/18",  // OVOC is not in it
           "10.0.0.0/16",      // the same
           "169.254.0.0/016",
           "169.254.0.0/",
           "/16",
           "",
           "169.254.0.0/16 ",
       }) {
    EXPECT_FALSE(ParseOverlay(text).has_value()) << text;
  }
}

TEST(ParseOverlayTest, TakesOneAddressForEachLengthFrom16To30) {
  for (int length = 0; length <= 32; ++length) {
    // OVOC's address without the bits behind the length.
    const uint32_t host_bits =
        length == 0 ? ~uint32_t{0} : (uint32_t{1} << (32 - length)) - 1;
    const uint32_t network = netif::kOvocAddress.value() & ~host_bits;
    const auto text = [length](uint32_t address) {
      return absl::StrCat(netif::Ipv4Address::FromHostOrder(address).ToString(),
                          "/", length);
    };
    EXPECT_EQ(ParseOverlay(text(network)).has_value(),
              length >= 16 && length <= 30)
        << length;
    // The network behind that one, and a bit behind the length.
    EXPECT_FALSE(ParseOverlay(text(network + host_bits + 1)).has_value())
        << length;
    if (length < 32) {
      EXPECT_FALSE(ParseOverlay(text(network | 1)).has_value()) << length;
    }
  }
}

constexpr absl::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

// Each byte between two letters, against lists from the RFCs and from Linux.
TEST(SettingValuesTest, EachKindHasItsOwnBytes) {
  const std::string letters_and_digits = absl::StrCat(kLetters, "0123456789");
  const std::string host = absl::StrCat(letters_and_digits, "-.");
  const std::string device = absl::StrCat(letters_and_digits, "_-.");
  // RFC 3986 3.3 and 3.4: pchar without pct-encoded, '/' and '?'.
  const std::string path =
      absl::StrCat(letters_and_digits, "-._~!$&'()*+,;=:@/?");
  for (int byte = 0; byte <= 255; ++byte) {
    const char c = static_cast<char>(byte);
    const bool control = byte < 0x20 || byte == 0x7f;
    const std::string text = {'a', c, 'b'};
    SCOPED_TRACE(byte);
    EXPECT_EQ(IsHostName(text), absl::StrContains(host, c));
    EXPECT_EQ(IsDeviceName(text), absl::StrContains(device, c));
    EXPECT_EQ(ParseRequestPath(text).has_value(), absl::StrContains(path, c));
    EXPECT_EQ(IsPassword(text), !control);
    EXPECT_EQ(IsFilePath(text), !control);
    EXPECT_EQ(IsUserName(text), !control && c != ':');
    // Alone, a digit is half an address, and a hyphen no label.
    EXPECT_EQ(IsHostName(text.substr(1, 1)), absl::StrContains(kLetters, c));
  }
}

TEST(OvocAddressTest, IsTheOneOfTheManual) {
  EXPECT_EQ(netif::kOvocAddress.ToString(), "169.254.0.1");
}

}  // namespace
}  // namespace ovoc::tunnel
