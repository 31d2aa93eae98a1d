// SPDX-License-Identifier: Apache-2.0

#include "netif/overlay.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "netif/ip_address.h"

namespace ovoc::netif {
namespace {

using Strings = std::vector<std::string>;

Ipv4Address V4(const char* text) {
  return Ipv4Address::Parse(text).value_or(Ipv4Address());
}

Overlay Make(const char* address, int prefix_length,
             const std::vector<Ipv4Address>& left_out = {}) {
  return Overlay({.address = V4(address),
                  .prefix_length = prefix_length,
                  .left_out = left_out});
}

Strings Routes(const Overlay& overlay) {
  Strings routes;
  for (const Ipv4Prefix& route : overlay.Routes()) {
    routes.push_back(route.ToString());
  }
  return routes;
}

TEST(OverlayTest, ReachesOvocAloneWithAPrefixOf32) {
  const Overlay overlay = Make("169.254.0.2", 32);
  EXPECT_TRUE(overlay.Reaches(V4("169.254.0.1")));
  for (const char* other :
       {"169.254.0.2", "169.254.0.3", "169.254.0.0", "10.0.0.1",
        "169.254.169.254", "255.255.255.255", "0.0.0.0"}) {
    EXPECT_FALSE(overlay.Reaches(V4(other))) << other;
  }
  EXPECT_EQ(Routes(overlay), Strings({"169.254.0.1/32"}));
  EXPECT_EQ(Make("169.254.0.2", 99), overlay) << "no prefix at all";
}

TEST(OverlayTest, ReachesTheOtherHostsOfItsPrefix) {
  const Overlay overlay = Make("169.254.0.2", 18);
  for (const char* host : {"169.254.0.1", "169.254.0.3", "169.254.63.254"}) {
    EXPECT_TRUE(overlay.Reaches(V4(host))) << host;
  }
  for (const char* other : {"169.254.0.2", "169.254.0.0", "169.254.63.255",
                            "169.254.64.1", "169.254.169.254"}) {
    EXPECT_FALSE(overlay.Reaches(V4(other))) << other;
  }
  EXPECT_EQ(Routes(overlay), Strings({"169.254.0.1/32", "169.254.0.0/18"}));
}

TEST(OverlayTest, LeavesTheCloudsServicesOutOfAWidePrefix) {
  const Overlay overlay = Make("169.254.0.2", 16);
  EXPECT_FALSE(overlay.Reaches(V4("169.254.169.254")));
  EXPECT_TRUE(overlay.Reaches(V4("169.254.168.254")));
  EXPECT_TRUE(overlay.LeavesOut(V4("169.254.169.253")));
  EXPECT_FALSE(overlay.LeavesOut(V4("169.254.0.1")));
  EXPECT_EQ(
      Routes(overlay),
      Strings({"169.254.0.1/32", "169.254.0.0/17", "169.254.128.0/19",
               "169.254.160.0/21", "169.254.168.0/24", "169.254.170.0/23",
               "169.254.172.0/22", "169.254.176.0/20", "169.254.192.0/18"}));
}

// The routes hold exactly what is reached, the network, the broadcast and our
// own address.
TEST(OverlayTest, RoutesExactlyWhatItReaches) {
  const Overlay kOverlays[] = {
      Make("169.254.0.2", 16),
      Make("169.254.0.2", 18, {V4("169.254.20.10"), V4("169.254.0.3")}),
      Make("169.254.0.2", 30, {V4("169.254.0.3")}),
      Make("169.254.169.9", 24),
      Make("169.254.0.2", 24, {V4("169.254.0.1"), V4("192.0.2.53")}),
  };
  for (const Overlay& overlay : kOverlays) {
    SCOPED_TRACE(overlay.ToString());
    const std::vector<Ipv4Prefix> routes = overlay.Routes();
    for (uint32_t i = 0; i <= 0xFFFF; ++i) {
      const auto address = Ipv4Address::FromHostOrder(0xA9FE0000 | i);
      const bool routed = std::any_of(
          routes.begin(), routes.end(),
          [&](const Ipv4Prefix& route) { return route.Contains(address); });
      const bool special = address == overlay.address() ||
                           (overlay.hosts().Contains(address) &&
                            !overlay.hosts().ContainsHost(address) &&
                            !overlay.LeavesOut(address));
      if (!special) {
        ASSERT_EQ(routed, overlay.Reaches(address)) << address.ToString();
      }
    }
  }
}

TEST(OverlayTest, AnythingMakesAnOverlay) {
  for (const char* address : {"0.0.0.0", "255.255.255.255", "224.0.0.1"}) {
    for (int length = -1; length <= 33; ++length) {
      const Overlay overlay =
          Make(address, length, {V4("0.0.0.0"), V4("255.255.255.255")});
      EXPECT_GE(overlay.Routes().size(), 1u);
      EXPECT_LE(overlay.Routes().size(), 100u);
    }
  }
}

}  // namespace
}  // namespace ovoc::netif
