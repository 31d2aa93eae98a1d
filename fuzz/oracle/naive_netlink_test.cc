// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_netlink.h"

#include <cerrno>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "netif/rtnetlink_message.h"
#include "netif/rtnetlink_request.h"

namespace ovoc::fuzz {
namespace {

using netif::ReplyResult;

TEST(NaiveNetlinkTest, ReadsAnAddress) {
  const netif::Ipv4Prefix address =
      netif::Ipv4Prefix::Parse("169.254.0.2/18").value_or(netif::Ipv4Prefix());
  const std::vector<uint8_t> message =
      netif::AddressRequest(7, netif::Change::kAdd, 3, address);
  const NaiveNetlink ours = ReadNaiveNetlink(message, 7, 3);
  EXPECT_EQ(ours.result, ReplyResult::kMore);
  ASSERT_EQ(ours.state.addresses.size(), 1u);
  EXPECT_EQ(ours.state.addresses[0].address, address);
  EXPECT_EQ(ours.state.addresses[0].interface_index, 3);
  EXPECT_TRUE(ReadNaiveNetlink(message, 8, 3).state.addresses.empty());
}

TEST(NaiveNetlinkTest, ReadsARouteIntoOurInterfaceOnly) {
  const netif::InterfaceRoute route = {
      .destination = *netif::Ipv4Prefix::Parse("169.254.0.1/32"),
      .source = netif::Ipv4Address::FromHostOrder(0xA9FE0002)};
  const std::vector<uint8_t> message =
      netif::RouteRequest(7, netif::Change::kAdd, 3, route);
  const NaiveNetlink ours = ReadNaiveNetlink(message, 7, 3);
  EXPECT_EQ(ours.state.routes, std::vector<netif::InterfaceRoute>{route});
  EXPECT_TRUE(ReadNaiveNetlink(message, 7, 4).state.routes.empty());
}

TEST(NaiveNetlinkTest, CutAnywhereItIsMalformed) {
  const std::vector<uint8_t> message = netif::AddressDumpRequest(7);
  for (size_t size = 1; size < message.size(); ++size) {
    const std::vector<uint8_t> part(
        message.begin(), message.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(ReadNaiveNetlink(part, 7, 3).error_number, EBADMSG) << size;
  }
  EXPECT_EQ(ReadNaiveNetlink({}, 7, 3).result, ReplyResult::kMore);
}

}  // namespace
}  // namespace ovoc::fuzz
