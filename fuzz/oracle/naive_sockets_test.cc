// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_sockets.h"

#include <arpa/inet.h>

#include <array>
#include <cstdint>
#include <optional>

#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "tunnel/transport/decisions/socket_maker.h"

namespace ovoc::fuzz {
namespace {

bool IsServers(const char* text) {
  std::array<uint8_t, 16> octets = {};
  if (inet_pton(AF_INET, text, octets.data()) == 1) {
    return NaiveServerAddress(absl::MakeConstSpan(octets).first(4));
  }
  EXPECT_EQ(inet_pton(AF_INET6, text, octets.data()), 1) << text;
  return NaiveServerAddress(octets);
}

TEST(NaiveSocketsTest, TellsServersFromTheRest) {
  for (const char* text : {"1.1.1.1", "10.0.0.1", "169.253.0.1", "169.255.0.1",
                           "223.255.255.255", "2001:db8::1", "fe80::1",
                           "::1:0:0", "::fffe:1.2.3.4", "::1:ffff:1.2.3.4"}) {
    EXPECT_TRUE(IsServers(text)) << text;
  }
  for (const char* text :
       {"0.0.0.0", "0.255.0.1", "127.0.0.1", "169.254.0.1", "169.254.169.254",
        "224.0.0.1", "255.255.255.255", "::", "::1", "::1.2.3.4",
        "::ffff:1.2.3.4", "ff02::1"}) {
    EXPECT_FALSE(IsServers(text)) << text;
  }
  EXPECT_FALSE(NaiveServerAddress({}));
}

TEST(NaiveSocketsTest, TellsOurOwnAddressFromTheRest) {
  const auto is_ours = [](const char* text) {
    return NaiveOverlayAddress(*netif::Ipv4Prefix::Parse(text));
  };
  EXPECT_TRUE(is_ours("169.254.0.2/32"));
  EXPECT_TRUE(is_ours("169.254.63.255/32"));
  for (const char* text : {"169.254.0.1/32", "169.254.64.0/32",
                           "169.253.0.2/32", "10.0.0.2/32", "169.254.0.2/31"}) {
    EXPECT_FALSE(is_ours(text)) << text;
  }
}

tunnel::SocketRequest RequestFor(const char* text) {
  tunnel::SocketRequest request;
  const std::optional<netif::IpAddress> address =
      netif::IpAddress::ParseZoned(text);
  EXPECT_TRUE(address.has_value()) << text;
  request.address = address.value_or(netif::IpAddress());
  return request;
}

TEST(NaiveSocketsTest, ASocketIsForTheServerAlone) {
  for (const char* text : {"192.0.2.1", "2001:db8::1", "fe80::1"}) {
    tunnel::SocketRequest request = RequestFor(text);
    EXPECT_TRUE(NaiveSocket(request)) << text;
    request.purpose = tunnel::SocketPurpose::kDnsUdp;
    EXPECT_FALSE(NaiveSocket(request)) << text;
    request.purpose = tunnel::SocketPurpose::kDnsTcp;
    EXPECT_FALSE(NaiveSocket(request)) << text;
  }
  for (const char* text : {"127.0.0.1", "169.254.0.1", "::1", "fe80::1%eth0",
                           "fe80::1%1", "ff02::1", "0.0.0.0"}) {
    EXPECT_FALSE(NaiveSocket(RequestFor(text))) << text;
  }
}

TEST(NaiveSocketsTest, KnowsEveryFirstOctet) {
  for (int first = 0; first < 256; ++first) {
    const uint8_t octets[] = {static_cast<uint8_t>(first), 1, 1, 1};
    EXPECT_EQ(NaiveServerAddress(octets),
              first >= 1 && first <= 223 && first != 127)
        << first;
  }
  const uint8_t more[] = {1, 1, 1, 1, 1};
  EXPECT_FALSE(NaiveServerAddress(more)) << "no size of an address";
}

}  // namespace
}  // namespace ovoc::fuzz
