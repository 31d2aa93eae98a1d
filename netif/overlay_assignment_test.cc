// SPDX-License-Identifier: Apache-2.0
#include "netif/overlay_assignment.h"

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"

namespace ovoc::netif {
namespace {

using ::testing::HasSubstr;

Ipv4Prefix Prefix(absl::string_view text) { return *Ipv4Prefix::Parse(text); }

OverlayRule Range(absl::string_view range,
                  absl::string_view ovoc = "169.254.0.1") {
  return {.range = Prefix(range), .ovoc_address = *Ipv4Address::Parse(ovoc)};
}

OverlayRule AnyRange() { return Range("0.0.0.0/0"); }
OverlayRule WideRange() { return Range("169.254.0.0/16"); }

TEST(OverlayAssignmentTest, TakesAHostAddressInsideTheRange) {
  struct Row {
    absl::string_view address;
    absl::string_view prefix;
    uint32_t value;
    int length;
  };
  const Row kRows[] = {
      {"169.254.0.2", "18", 0xA9FE0002, 18},      // every recording
      {"169.254.0.2", "30", 0xA9FE0002, 30},      // the smallest pool
      {"169.254.0.2", "16", 0xA9FE0002, 16},      // the largest
      {"169.254.63.254", "18", 0xA9FE3FFE, 18},   // last host of the /18
      {"169.254.64.1", "18", 0xA9FE4001, 18},     // first host of the next
      {"169.254.255.254", "16", 0xA9FEFFFE, 16},  // last host of the range
      {"169.254.1.0", "16", 0xA9FE0100, 16},      // ends in 0, but is a host
      {"169.254.1.255", "16", 0xA9FE01FF, 16},    // ends in 255, likewise
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(absl::StrCat(row.address, "/", row.prefix));
    const absl::StatusOr<Ipv4Prefix> assignment =
        ParseOverlayAssignment(row.address, row.prefix, WideRange());
    ASSERT_TRUE(assignment.ok()) << assignment.status();
    EXPECT_EQ(assignment->address().value(), row.value);
    EXPECT_EQ(assignment->length(), row.length);
  }
}

struct Refused {
  absl::string_view name;
  absl::string_view address;
  absl::string_view prefix;
  absl::string_view rule;
};

void ExpectRefused(const Refused& row, const OverlayRule& rule) {
  SCOPED_TRACE(row.name);
  const absl::StatusOr<Ipv4Prefix> assignment =
      ParseOverlayAssignment(row.address, row.prefix, rule);
  ASSERT_FALSE(assignment.ok());
  EXPECT_EQ(assignment.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(assignment.status().message()),
              HasSubstr(std::string(row.rule)));
}

TEST(OverlayAssignmentTest, RefusesAnAddressThatIsNoStrictDottedQuad) {
  constexpr absl::string_view kRule =
      "X-Audc-OverlayIP must be four decimal numbers, 0 to 255, without "
      "leading zeros (RFC 3986 3.2.2)";
  const Refused kRows[] = {
      {"empty", "", "18", kRule},
      {"three parts", "169.254.2", "18", kRule},
      {"five parts", "169.254.0.2.1", "18", kRule},
      {"one number", "2852000002", "18", kRule},
      {"leading zero", "169.254.0.02", "18", kRule},
      {"leading zeros", "169.254.000.2", "18", kRule},
      {"256", "169.254.0.256", "18", kRule},
      {"999", "169.254.0.999", "18", kRule},
      {"four digits", "169.254.0.1000", "18", kRule},
      {"hexadecimal", "169.254.0.0x2", "18", kRule},
      {"sign", "169.254.0.+2", "18", kRule},
      {"minus", "169.254.0.-2", "18", kRule},
      {"empty part", "169..0.2", "18", kRule},
      {"dot at the end", "169.254.0.2.", "18", kRule},
      {"dot in front", ".169.254.0.2", "18", kRule},
      {"space in front", " 169.254.0.2", "18", kRule},
      {"space inside", "169.254. 0.2", "18", kRule},
      {"prefix with it", "169.254.0.2/18", "18", kRule},
      {"list", "169.254.0.2, 169.254.0.3", "18", kRule},
      {"comma", "169,254,0,2", "18", kRule},
      {"IPv6", "fe80::2", "18", kRule},
      {"mapped", "::ffff:169.254.0.2", "18", kRule},
      {"letters", "ovoc", "18", kRule},
      {"NUL at the end", absl::string_view("169.254.0.2\0", 12), "18", kRule},
      {"digits beyond ASCII", "169.254.0.\xD9\xA2", "18", kRule},
  };
  for (const Refused& row : kRows) {
    ExpectRefused(row, OverlayRule());
  }
}

TEST(OverlayAssignmentTest, RefusesAPrefixThatIsNoPlainNumberFrom16To30) {
  constexpr absl::string_view kRule =
      "X-Audc-OverlayPrefix must be a decimal number 16 to 30 without a "
      "leading zero (RFC 4632 3.1)";
  for (absl::string_view prefix : {"",
                                   "0",
                                   "1",
                                   "8",
                                   "15",
                                   "31",
                                   "32",
                                   "33",
                                   "64",
                                   "99",
                                   "100",
                                   "255",
                                   "256",
                                   "016",
                                   "018",
                                   "0x12",
                                   "+18",
                                   "-18",
                                   " 18",
                                   "18 ",
                                   "1 8",
                                   "18.0",
                                   "/18",
                                   "18,18",
                                   "255.255.192.0",
                                   "18446744073709551634",
                                   "4294967314",
                                   "a",
                                   "\xEF\xBC\x91"}) {
    ExpectRefused({prefix, "169.254.0.2", prefix, kRule}, OverlayRule());
  }
}

TEST(OverlayAssignmentTest, TakesEveryPrefixFrom16To30) {
  for (int prefix = 16; prefix <= 30; ++prefix) {
    SCOPED_TRACE(prefix);
    EXPECT_TRUE(ParseOverlayAssignment("169.254.0.2", absl::StrCat(prefix),
                                       OverlayRule())
                    .ok());
  }
}

TEST(OverlayAssignmentTest, RefusesAnAddressOutsideTheRange) {
  constexpr absl::string_view kRule =
      "the address must lie inside the configured overlay range "
      "169.254.0.0/18";
  const Refused kRows[] = {
      {"just below", "169.253.255.254", "18", kRule},
      {"just above", "169.254.64.1", "18", kRule},
      {"link-local, beyond the range", "169.254.128.7", "16", kRule},
      {"private", "10.0.0.2", "18", kRule},
      {"public", "198.51.100.7", "24", kRule},
      {"swapped bytes", "2.0.254.169", "18", kRule},
  };
  for (const Refused& row : kRows) {
    ExpectRefused(row, OverlayRule());
  }
}

TEST(OverlayAssignmentTest, HoldsTheAddressAgainstTheRangeNotThePrefix) {
  const OverlayRule rule = Range("172.20.16.0/20", "172.20.16.1");
  constexpr absl::string_view kRule = "configured overlay range 172.20.16.0/20";
  ExpectRefused({"the default range", "169.254.0.2", "20", kRule}, rule);
  ExpectRefused({"beyond the range", "172.20.32.1", "24", kRule}, rule);
  EXPECT_TRUE(ParseOverlayAssignment("172.20.16.2", "18", rule).ok());
  EXPECT_TRUE(ParseOverlayAssignment("172.20.31.254", "24", rule).ok());
}

TEST(OverlayAssignmentTest, IgnoresHostBitsOfTheConfiguredRange) {
  const OverlayRule rule = Range("169.254.18.52/16");
  EXPECT_TRUE(ParseOverlayAssignment("169.254.0.2", "18", rule).ok());
  ExpectRefused({"outside", "169.255.0.2", "18", "range 169.254.0.0/16"}, rule);
}

TEST(OverlayAssignmentTest, RefusesAddressesThatAreNotUnicastInAnyRange) {
  constexpr absl::string_view kRule =
      "the address must be unicast (RFC 1122 3.2.1.3)";
  const Refused kRows[] = {
      {"unspecified", "0.0.0.0", "18", kRule},
      {"this network", "0.1.2.3", "18", kRule},
      {"loopback", "127.0.0.1", "18", kRule},
      {"last loopback", "127.255.255.254", "18", kRule},
      {"first multicast", "224.0.0.1", "18", kRule},
      {"last multicast", "239.255.255.254", "18", kRule},
      {"reserved", "240.0.0.1", "18", kRule},
      {"broadcast", "255.255.255.255", "18", kRule},
  };
  for (const Refused& row : kRows) {
    ExpectRefused(row, AnyRange());
  }
  for (absl::string_view neighbour :
       {"1.0.0.1", "126.255.255.254", "128.0.0.1", "223.255.255.254"}) {
    SCOPED_TRACE(neighbour);
    EXPECT_TRUE(ParseOverlayAssignment(neighbour, "18", AnyRange()).ok());
  }
}

TEST(OverlayAssignmentTest, RefusesOvocsOwnAddress) {
  constexpr absl::string_view kRule = "the address must not be OVOC's own";
  ExpectRefused({"default", "169.254.0.1", "18", kRule}, OverlayRule());
  const OverlayRule rule = Range("172.20.0.0/16", "172.20.9.9");
  ExpectRefused({"configured", "172.20.9.9", "24", kRule}, rule);
  EXPECT_TRUE(ParseOverlayAssignment("172.20.0.1", "24", rule).ok());
}

TEST(OverlayAssignmentTest, RefusesTheNetworkAndBroadcastAddressOfThePrefix) {
  constexpr absl::string_view kNetwork =
      "must not be the network address of its prefix (RFC 1122 3.2.1.3)";
  constexpr absl::string_view kBroadcast =
      "must not be the broadcast address of its prefix (RFC 1122 3.2.1.3)";
  const Refused kRows[] = {
      {"network /16", "169.254.0.0", "16", kNetwork},
      {"network /18", "169.254.64.0", "18", kNetwork},
      {"network /30", "169.254.0.4", "30", kNetwork},
      {"broadcast /16", "169.254.255.255", "16", kBroadcast},
      {"broadcast /18", "169.254.63.255", "18", kBroadcast},
      {"broadcast /30", "169.254.0.3", "30", kBroadcast},
  };
  for (const Refused& row : kRows) {
    ExpectRefused(row, WideRange());
  }
}

TEST(OverlayAssignmentTest, RefusesTheBroadcastAddressOfWhatIsInsideTheRange) {
  const OverlayRule rule = Range("169.254.0.0/24");
  ExpectRefused({"of the range, not of the prefix", "169.254.0.255", "18",
                 "must not be the broadcast address"},
                rule);
  EXPECT_TRUE(ParseOverlayAssignment("169.254.0.254", "18", rule).ok());
}

TEST(OverlayAssignmentTest, RefusesTheCloudsServicesInAnyRange) {
  constexpr absl::string_view kRule =
      "must not lie in 169.254.169.0/24, where clouds have their metadata, DNS "
      "and time services";
  for (const OverlayRule& rule : {OverlayRule(), WideRange(), AnyRange()}) {
    for (absl::string_view address :
         {"169.254.169.254", "169.254.169.253", "169.254.169.123",
          "169.254.169.1", "169.254.169.0", "169.254.169.255"}) {
      ExpectRefused({address, address, "16", kRule}, rule);
    }
  }
  for (absl::string_view neighbour : {"169.254.168.255", "169.254.170.1"}) {
    EXPECT_TRUE(ParseOverlayAssignment(neighbour, "16", WideRange()).ok());
  }
}

TEST(OverlayAssignmentTest, NoServerWidensWhatTheDeviceReaches) {
  struct Row {
    int range_prefix;
    int assigned;
    int with_peers;
  };
  const Row kRows[] = {
      {18, 16, 18}, {18, 18, 18}, {18, 24, 24}, {16, 16, 16}, {30, 16, 30}};
  for (const Row& row : kRows) {
    SCOPED_TRACE(absl::StrCat(row.range_prefix, " ", row.assigned));
    OverlayRule rule = Range(absl::StrCat("169.254.0.0/", row.range_prefix));
    const Ipv4Prefix assigned =
        Prefix(absl::StrCat("169.254.0.2/", row.assigned));
    ASSERT_TRUE(CheckOverlayAssignment(assigned, rule).ok());
    Ipv4Prefix narrowed = NarrowOverlay(assigned, rule);
    EXPECT_EQ(narrowed.ToString(), "169.254.0.2/32");
    EXPECT_TRUE(CheckNarrowedOverlay(narrowed, rule).ok());
    rule.reach = OverlayReach::kHosts;
    narrowed = NarrowOverlay(assigned, rule);
    EXPECT_EQ(narrowed.ToString(),
              absl::StrCat("169.254.0.2/", row.with_peers));
    EXPECT_TRUE(CheckNarrowedOverlay(narrowed, rule).ok());
  }
}

TEST(OverlayAssignmentTest, WhatWasNotNarrowedIsRefused) {
  OverlayRule rule;
  const auto check = [&rule](absl::string_view narrowed) {
    return std::string(CheckNarrowedOverlay(Prefix(narrowed), rule).message());
  };
  EXPECT_THAT(check("169.254.0.2/18"), HasSubstr("must be 32"));
  EXPECT_THAT(check("169.254.0.2/30"), HasSubstr("must be 32"));
  EXPECT_THAT(check("169.254.169.254/32"), HasSubstr("169.254.169.0/24"));
  EXPECT_THAT(check("169.254.64.1/32"), HasSubstr("range 169.254.0.0/18"));
  EXPECT_THAT(check("169.254.0.1/32"), HasSubstr("OVOC's own"));
  rule.reach = OverlayReach::kHosts;
  EXPECT_EQ(check("169.254.0.2/18"), "");
  EXPECT_THAT(check("169.254.0.2/16"), HasSubstr("must lie inside"));
  EXPECT_THAT(check("169.254.0.2/32"), HasSubstr("must be 16 to 30"));
  EXPECT_THAT(check("169.254.0.3/30"), HasSubstr("broadcast"));
}

TEST(OverlayAssignmentTest, ShowsWhatWasFound) {
  const auto message = [](absl::string_view address, absl::string_view prefix) {
    return std::string(ParseOverlayAssignment(address, prefix, OverlayRule())
                           .status()
                           .message());
  };
  EXPECT_EQ(message("169.254.0.02", "18"),
            "overlay assignment: X-Audc-OverlayIP must be four decimal "
            "numbers, 0 to 255, without leading zeros (RFC 3986 3.2.2); found "
            "\"169.254.0.02\"");
  EXPECT_EQ(message("169.254.0.2", "31"),
            "overlay assignment: X-Audc-OverlayPrefix must be a decimal number "
            "16 to 30 without a leading zero (RFC 4632 3.1); found \"31\"");
  EXPECT_EQ(message("169.254.0.1", "18"),
            "overlay assignment: the address must not be OVOC's own; found "
            "\"169.254.0.1/18\"");
}

}  // namespace
}  // namespace ovoc::netif
