// SPDX-License-Identifier: Apache-2.0
#include "netif/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <string>

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

}  // namespace
}  // namespace ovoc::netif
