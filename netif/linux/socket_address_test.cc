// SPDX-License-Identifier: Apache-2.0
#include "netif/linux/socket_address.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>

#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::netif {
namespace {

TEST(SocketAddressTest, HoldsAnIpv4AddressAndPort) {
  const SocketAddress address(IpAddress::Parse("192.0.2.10").value(), 443);
  ASSERT_EQ(address.family(), AF_INET);
  ASSERT_EQ(address.size(), sizeof(sockaddr_in));
  const auto* v4 = reinterpret_cast<const sockaddr_in*>(address.get());
  EXPECT_EQ(v4->sin_port, htons(443));
  char text[INET_ADDRSTRLEN];
  EXPECT_EQ(std::string(inet_ntop(AF_INET, &v4->sin_addr, text, sizeof(text))),
            "192.0.2.10");
}

TEST(SocketAddressTest, HoldsAnIpv6AddressAndPort) {
  const SocketAddress address(IpAddress::Parse("2001:db8::a").value(), 53);
  ASSERT_EQ(address.family(), AF_INET6);
  ASSERT_EQ(address.size(), sizeof(sockaddr_in6));
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address.get());
  EXPECT_EQ(v6->sin6_port, htons(53));
  EXPECT_EQ(v6->sin6_scope_id, 0u);
  char text[INET6_ADDRSTRLEN];
  EXPECT_EQ(
      std::string(inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof(text))),
      "2001:db8::a");
}

uint32_t ScopeOf(const IpAddress& address) {
  const SocketAddress socket(address, 53);
  return reinterpret_cast<const sockaddr_in6*>(socket.get())->sin6_scope_id;
}

TEST(SocketAddressTest, HasTheZonesNumberAsItsScope) {
  EXPECT_EQ(ScopeOf(IpAddress::ParseZoned("fe80::1%7").value()), 7u);
  EXPECT_EQ(ScopeOf(IpAddress::Parse("fe80::1").value()), 0u);
  // Every machine has this interface, and it has some number.
  const IpAddress zoned =
      ResolveZone(IpAddress::ParseZoned("fe80::1%lo").value());
  EXPECT_EQ(ScopeOf(zoned), if_nametoindex("lo"));
  EXPECT_NE(ScopeOf(zoned), 0u);
}

TEST(ResolveZoneTest, LeavesNumbersAndAddressesWithoutAZone) {
  for (const absl::string_view text : {"192.0.2.1", "2001:db8::1", "fe80::1"}) {
    const IpAddress address = IpAddress::Parse(text).value();
    EXPECT_EQ(ResolveZone(address), address) << text;
  }
  EXPECT_EQ(ResolveZone(IpAddress::ParseZoned("fe80::1%77").value()).zone(),
            "77");
  EXPECT_EQ(ResolveZone(IpAddress::ParseZoned("fe80::1%077").value()).zone(),
            "77");
  EXPECT_EQ(
      ResolveZone(IpAddress::ParseZoned("fe80::1%none-such").value()).zone(),
      "0")
      << "an interface that is not there";
}

}  // namespace
}  // namespace ovoc::netif
