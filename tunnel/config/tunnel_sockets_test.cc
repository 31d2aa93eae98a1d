// SPDX-License-Identifier: Apache-2.0
#include "tunnel/config/tunnel_sockets.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "tunnel/attempt/attempt_options.h"
#include "tunnel/transport/decisions/socket_maker.h"

namespace ovoc::tunnel {
namespace {

using netif::IpAddress;

// A name, an address, and a name that /etc/hosts has.
class TunnelSocketsTest : public testing::Test {
 protected:
  TunnelSocketsTest() {
    config_.settings.servers = {{"one.example"},
                                {"192.0.2.2", IpAddress::Parse("192.0.2.2")},
                                {"three.example"}};
    config_.known = {
        {}, {*IpAddress::Parse("192.0.2.2")}, {*IpAddress::Parse("10.0.0.3")}};
    config_.attempt.dns.servers = {*IpAddress::Parse("192.0.2.53")};
    config_.attempt.session.overlay.range =
        *netif::Ipv4Prefix::Parse("169.254.0.0/18");
  }

  // The addresses to which an attempt to each server may connect, of those that
  // matter, and whether it may ask the name server.
  std::string AllowedFor(size_t server) {
    SelectServer(server, &config_);
    return Allowed([this](const SocketRequest& request) {
      return CheckSocketRequest(request, AttemptSocketRules(config_)).ok();
    });
  }
  template <typename Check>
  std::string Allowed(const Check& check) {
    std::string allowed;
    for (const char* address : {"192.0.2.2", "198.51.100.1", "10.0.0.3",
                                "169.254.0.1", "169.254.7.7", "127.0.0.1"}) {
      if (check({SocketPurpose::kServer, *IpAddress::Parse(address)})) {
        absl::StrAppend(&allowed, address, " ");
      }
    }
    return allowed +
           (check({SocketPurpose::kDnsUdp, *IpAddress::Parse("192.0.2.53")})
                ? "and DNS"
                : "");
  }

  // As the settings do it; the first server is selected.
  void UseProxy(const AttemptProxy& way) {
    config_.proxy = way;
    config_.settings.proxy.emplace();
    SelectServer(0, &config_);
  }

  TunnelConfig config_;
};

TEST_F(TunnelSocketsTest, AnAttemptMayConnectToItsServerOnly) {
  EXPECT_EQ(AllowedFor(0), "192.0.2.2 198.51.100.1 10.0.0.3 and DNS")
      << "whatever DNS may say";
  EXPECT_EQ(AllowedFor(1), "192.0.2.2 ");
  EXPECT_EQ(AllowedFor(2), "10.0.0.3 and DNS");
}

TEST_F(TunnelSocketsTest, AKeeperAllowsWhatAnAttemptToOneServerMayDo) {
  const auto allowed = [this] {
    return Allowed([this](const SocketRequest& request) {
      return CheckSocketRequest(request, SocketRulesOf(config_)).ok();
    });
  };
  EXPECT_EQ(allowed(), "192.0.2.2 198.51.100.1 10.0.0.3 and DNS");
  SelectServer(1, &config_);
  EXPECT_EQ(allowed(), "192.0.2.2 198.51.100.1 10.0.0.3 and DNS")
      << "whichever is selected";
  config_.settings.servers.erase(config_.settings.servers.begin());
  config_.known.erase(config_.known.begin());
  EXPECT_EQ(allowed(), "192.0.2.2 10.0.0.3 and DNS");
  config_.settings.servers.pop_back();
  EXPECT_EQ(allowed(), "192.0.2.2 ");
  config_.known.clear();
  EXPECT_EQ(allowed(), "192.0.2.2 ") << "before anybody has looked around";
  config_.settings.servers.clear();
  EXPECT_EQ(allowed(), "");
}

// The proxy knows the servers, so nothing of theirs is asked for or connected.
TEST_F(TunnelSocketsTest, WithAProxyOnlyItIsConnectedTo) {
  const auto proxy = [](const char* address) {
    return SocketRequest{SocketPurpose::kProxy, *IpAddress::Parse(address)};
  };
  const auto allowed = [this](const SocketRequest& request) {
    return CheckSocketRequest(request, AttemptSocketRules(config_)).ok();
  };
  const auto kept = [this](const SocketRequest& request) {
    return CheckSocketRequest(request, SocketRulesOf(config_)).ok();
  };
  AttemptProxy way;
  way.hop = {SocketPurpose::kProxy,
             "192.0.2.8",
             IpAddress::Parse("192.0.2.8"),
             {},
             3128};
  UseProxy(way);
  for (const size_t server : {size_t{0}, size_t{1}, size_t{2}}) {
    EXPECT_EQ(AllowedFor(server), "");
    EXPECT_TRUE(allowed(proxy("192.0.2.8")));
    EXPECT_FALSE(allowed(proxy("192.0.2.2"))) << "that is a server";
  }
  EXPECT_EQ(Allowed(kept), "");
  EXPECT_TRUE(kept(proxy("192.0.2.8")));
  way.hop.name = "proxy.example";
  way.hop.address.reset();
  UseProxy(way);
  EXPECT_EQ(Allowed(kept), "and DNS") << "the proxy's name is looked up";
  EXPECT_TRUE(kept(proxy("192.0.2.8")));
  EXPECT_FALSE(kept(proxy("169.254.0.1")));
}

TEST_F(TunnelSocketsTest, WithAFallbackBothMayBeConnectedTo) {
  AttemptProxy way;
  way.hop = {SocketPurpose::kProxy,
             "192.0.2.8",
             IpAddress::Parse("192.0.2.8"),
             {},
             3128};
  way.fallback = AttemptProxy::Fallback::kDirect;
  UseProxy(way);
  EXPECT_EQ(AllowedFor(0), "192.0.2.2 198.51.100.1 10.0.0.3 and DNS");
  EXPECT_EQ(AllowedFor(1), "192.0.2.2 ");
  EXPECT_TRUE(CheckSocketRequest(
                  {SocketPurpose::kProxy, *IpAddress::Parse("192.0.2.8")},
                  AttemptSocketRules(config_))
                  .ok());
}

// NO_PROXY of the environment.
TEST_F(TunnelSocketsTest, AnExemptServerIsConnectedToDirectly) {
  AttemptProxy way;
  way.hop = {SocketPurpose::kProxy,
             "192.0.2.8",
             IpAddress::Parse("192.0.2.8"),
             {},
             3128};
  config_.settings.no_proxy = "192.0.2.2";
  UseProxy(way);
  EXPECT_EQ(AllowedFor(0), "");
  EXPECT_EQ(AllowedFor(1), "192.0.2.2 ");
  EXPECT_FALSE(CheckSocketRequest(
                   {SocketPurpose::kProxy, *IpAddress::Parse("192.0.2.8")},
                   AttemptSocketRules(config_))
                   .ok());
  EXPECT_EQ(Allowed([this](const SocketRequest& request) {
              return CheckSocketRequest(request, SocketRulesOf(config_)).ok();
            }),
            "192.0.2.2 ");
}

}  // namespace
}  // namespace ovoc::tunnel
