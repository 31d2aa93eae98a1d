// SPDX-License-Identifier: Apache-2.0
#include "tunnel/attempt/attempt_options.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"

namespace ovoc::tunnel {
namespace {

using netif::IpAddress;

AttemptProxy Proxy(const char* host) {
  AttemptProxy proxy;
  proxy.hop = {SocketPurpose::kProxy, host, IpAddress::Parse(host), {}, 3128};
  return proxy;
}

std::string Off(const AttemptOptions& options) {
  std::string text;
  for (const netif::Ipv4Address& address : OffOverlay(options)) {
    absl::StrAppend(&text, address.ToString(), " ");
  }
  return text;
}

TEST(AttemptOptionsTest, TheServerIsTheFirstHopUnlessThereIsAProxy) {
  AttemptOptions options;
  options.server = "ovoc.example";
  options.port = 8443;
  const Hop server = FirstHop(options);
  EXPECT_EQ(server.name, "ovoc.example");
  EXPECT_EQ(server.port, 8443);
  EXPECT_FALSE(server.is_proxy());
  EXPECT_TRUE(server.is_looked_up());
  options.proxy = Proxy("192.0.2.8");
  const Hop proxy = FirstHop(options);
  EXPECT_EQ(proxy.name, "192.0.2.8");
  EXPECT_EQ(proxy.port, 3128);
  EXPECT_TRUE(proxy.is_proxy());
  EXPECT_FALSE(proxy.is_looked_up());
  EXPECT_EQ(ServerHop(options).name, "ovoc.example");
}

TEST(AttemptOptionsTest, WhatEtcHostsHasIsNotLookedUp) {
  AttemptOptions options;
  options.server = "ovoc.example";
  options.known = {*IpAddress::Parse("10.0.0.3")};
  EXPECT_FALSE(FirstHop(options).is_looked_up());
  EXPECT_EQ(FirstHop(options).known, options.known);
}

TEST(AttemptOptionsTest, WhatMakesTheTunnelStaysOutsideOfIt) {
  AttemptOptions options;
  options.dns.servers = {*IpAddress::Parse("169.254.0.53"),
                         *IpAddress::Parse("2001:db8::53")};
  options.address = IpAddress::Parse("192.0.2.1");
  options.other_servers = {*IpAddress::Parse("192.0.2.2")};
  EXPECT_EQ(Off(options), "169.254.0.53 192.0.2.2 192.0.2.1 ");
  options.proxy = Proxy("192.0.2.8");
  EXPECT_EQ(Off(options), "169.254.0.53 192.0.2.2 192.0.2.1 192.0.2.8 ");
  options.proxy = Proxy("proxy.example");
  EXPECT_EQ(Off(options), "169.254.0.53 192.0.2.2 192.0.2.1 ");
}

}  // namespace
}  // namespace ovoc::tunnel
