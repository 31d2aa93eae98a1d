// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/private_address.h"

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

bool IsPrivate(const char* text) {
  const auto address = netif::IpAddress::Parse(text);
  EXPECT_TRUE(address.has_value()) << text;
  return address.has_value() && IsPrivateAddress(*address);
}

TEST(PrivateAddressTest, HasBothEndsOfEachRange) {
  for (const char* address :
       {"10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255",
        "192.168.0.0", "192.168.255.255", "100.64.0.0", "100.127.255.255",
        "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}) {
    EXPECT_TRUE(IsPrivate(address)) << address;
  }
}

TEST(PrivateAddressTest, TheNeighboursOfTheRangesAreNotPrivate) {
  for (const char* address :
       {"9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0",
        "192.167.255.255", "192.169.0.0", "100.63.255.255", "100.128.0.0",
        "198.51.100.10", "fbff::1", "fe00::", "fe80::1", "2001:db8::1"}) {
    EXPECT_FALSE(IsPrivate(address)) << address;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
