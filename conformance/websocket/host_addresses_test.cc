// SPDX-License-Identifier: Apache-2.0
#include "conformance/websocket/host_addresses.h"

#include <string>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"

namespace ovoc::conformance {
namespace {

TEST(HostAddressesTest, AnAddressIsItself) {
  for (const char* text : {"192.0.2.7", "2001:db8::7", "::1"}) {
    SCOPED_TRACE(text);
    const auto addresses = HostAddresses(text);
    ASSERT_TRUE(addresses.ok()) << addresses.status();
    ASSERT_EQ(addresses->size(), 1u);
    EXPECT_EQ(addresses->front().ToString(), text);
  }
}

TEST(HostAddressesTest, TheLocalHostIsAtALoopbackAddress) {
  const auto addresses = HostAddresses("localhost");
  ASSERT_TRUE(addresses.ok()) << addresses.status();
  for (const netif::IpAddress& address : *addresses) {
    EXPECT_TRUE(address.is_v4() ? address.v4().IsLoopback()
                                : address.ToString() == "::1")
        << address.ToString();
  }
}

// The empty name, for which nobody is asked.
TEST(HostAddressesTest, WhatIsNoNameHasNone) {
  const auto addresses = HostAddresses("");
  ASSERT_FALSE(addresses.ok());
  EXPECT_TRUE(absl::StrContains(addresses.status().message(), "has no address"))
      << addresses.status();
}

}  // namespace
}  // namespace ovoc::conformance
