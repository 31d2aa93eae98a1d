// SPDX-License-Identifier: Apache-2.0

#include "netif/linux/interface_routes.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "netif/linux/rtnetlink_message.h"
#include "netif/overlay.h"

namespace ovoc::netif {
namespace {

constexpr int kIndex = 7;
constexpr int kMtu = 1400;

Ipv4Prefix Prefix(const char* text) {
  return Ipv4Prefix::Parse(text).value_or(Ipv4Prefix());
}

Overlay Ours() {
  return Overlay(
      {.address = Prefix("169.254.0.2/32").address(), .prefix_length = 18});
}

// The device as it should be, beside another interface.
InterfaceState InPlace() {
  InterfaceState state;
  state.addresses = {{1, Prefix("192.0.2.20/24"), "eth0"},
                     {kIndex, Prefix("169.254.0.2/32"), "ovoc0"}};
  state.routes = WantedRoutes(Ours());
  state.link = LinkState{true, true, kMtu};
  return state;
}

std::string Of(const InterfaceState& state) {
  return Difference(state, kIndex, Ours(), kMtu);
}

TEST(InterfaceRoutesTest, WantsOurAddressAloneAndRoutesFromIt) {
  EXPECT_EQ(WantedAddress(Ours()), Prefix("169.254.0.2/32"));
  const auto routes = WantedRoutes(Ours());
  ASSERT_EQ(routes.size(), 3u);
  EXPECT_EQ(routes[0].destination, Prefix("169.254.0.1/32"));
  EXPECT_EQ(routes[1].destination, Prefix("169.254.0.0/18"));
  EXPECT_EQ(routes[1].source, Ours().address());
  EXPECT_EQ(routes[1].metric, 0u);
  EXPECT_TRUE(routes[1].direct);
  EXPECT_EQ(routes[2], StandingRoute(Ours()));
}

TEST(InterfaceRoutesTest, WithoutAnAddressOnlyTheRouteToOvocIsWanted) {
  const Overlay none((Overlay::Options()));
  const InterfaceRoute standing = {.destination = Prefix("169.254.0.1/32"),
                                   .metric = kStandingMetric};
  EXPECT_EQ(WantedRoutes(none), std::vector<InterfaceRoute>({standing}));
  InterfaceState state;
  state.addresses = {{1, Prefix("192.0.2.20/24"), "eth0"}};
  state.link = LinkState{true, true, kMtu};
  EXPECT_EQ(Difference(state, kIndex, none, kMtu),
            "has lost its route to 169.254.0.1/32");
  state.routes = {standing};
  EXPECT_EQ(Difference(state, kIndex, none, kMtu), "");
  state.addresses.push_back({kIndex, Prefix("10.0.0.9/8"), "ovoc0"});
  EXPECT_EQ(Difference(state, kIndex, none, kMtu), "") << "no matter of ours";
  state.link->up = false;
  EXPECT_EQ(Difference(state, kIndex, none, kMtu), "is down");
}

TEST(InterfaceRoutesTest, SeesNoDifferenceWhereThereIsNone) {
  InterfaceState state = InPlace();
  EXPECT_EQ(Of(state), "");
  state.routes.push_back({.destination = Prefix("10.0.0.0/8")});
  EXPECT_EQ(Of(state), "") << "a route beside ours";
}

TEST(InterfaceRoutesTest, SaysWhatIsDifferent) {
  InterfaceState state = InPlace();
  state.link->up = false;
  EXPECT_EQ(Of(state), "is down");
  state.link.reset();
  EXPECT_EQ(Of(state), "is down");
  state = InPlace();
  state.link->mtu_bytes = 600;
  EXPECT_EQ(Of(state), "has the MTU 600 instead of 1400");
  state = InPlace();
  state.addresses.pop_back();
  EXPECT_EQ(Of(state), "has lost its address 169.254.0.2/32");
  state = InPlace();
  state.addresses[1].address = Prefix("169.254.0.2/16");
  EXPECT_EQ(Of(state), "has the address 169.254.0.2/16");
  state = InPlace();
  state.addresses.push_back({kIndex, Prefix("10.0.0.9/8"), "ovoc0"});
  EXPECT_EQ(Of(state), "has the address 10.0.0.9/8");
  state = InPlace();
  state.routes.erase(state.routes.begin());
  EXPECT_EQ(Of(state), "has lost its route to 169.254.0.1/32");
  state = InPlace();
  state.routes[0].metric = 5;
  EXPECT_EQ(Of(state), "has lost its route to 169.254.0.1/32");
  state = InPlace();
  state.routes.pop_back();
  EXPECT_EQ(Of(state), "has lost its route to 169.254.0.1/32") << "standing";
  state = InPlace();
  state.addresses.push_back({1, Prefix("169.254.0.2/16"), "eth1"});
  EXPECT_EQ(Of(state), "shares its address with interface eth1");
}

TEST(InterfaceRoutesTest, NamesTheOwnerInPrintableCharacters) {
  const auto owner = [](const std::string& label) {
    return OtherOwner({{3, Prefix("169.254.0.2/16"), label}}, kIndex,
                      Ours().address());
  };
  EXPECT_EQ(owner("eth1:0"), "eth1:0");
  EXPECT_EQ(owner(""), "number 3");
  EXPECT_EQ(owner("e\n"), "number 3");
  EXPECT_EQ(OtherOwner({{kIndex, Prefix("169.254.0.2/32"), "ovoc0"}}, kIndex,
                       Ours().address()),
            "");
}

}  // namespace
}  // namespace ovoc::netif
