// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/socket_granter.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tunnel/report/testing/memory_sink.h"

namespace ovoc::tunnel {
namespace {

class SocketGranterTest : public testing::Test {
 protected:
  SocketGranterTest() {
    config_.settings.servers = {{"ovoc.example"}};
    config_.attempt.dns.servers = {*netif::IpAddress::Parse("127.0.0.53")};
    config_.sockets.server_port = 1;
  }

  absl::StatusOr<SocketMade> Grant(SocketPurpose purpose,
                                   absl::string_view address) {
    return granter_.Grant({purpose, *netif::IpAddress::Parse(address)}, config_,
                          now_);
  }
  bool HasOne() {
    const auto made = Grant(SocketPurpose::kDnsUdp, "127.0.0.53");
    return made.ok() && made->result.ok() && made->socket.valid();
  }

  TunnelConfig config_;
  std::vector<std::string> log_;
  Logger logger_{std::make_unique<MemorySink>(&log_), LogLevel::kDebug};
  SocketGranter granter_{&logger_};
  absl::Time now_ = absl::UnixEpoch();
};

TEST_F(SocketGranterTest, ConnectsToTheNameServerOnItsPort) {
  const auto made = Grant(SocketPurpose::kDnsUdp, "127.0.0.53");
  ASSERT_TRUE(made.ok() && made->result.ok());
  sockaddr_in peer = {};
  socklen_t size = sizeof(peer);
  ASSERT_EQ(getpeername(made->socket.get(), reinterpret_cast<sockaddr*>(&peer),
                        &size),
            0);
  EXPECT_EQ(ntohs(peer.sin_port), 53);
  EXPECT_EQ(ntohl(peer.sin_addr.s_addr), 0x7f000035u);
}

TEST_F(SocketGranterTest, RefusesForGoodWhatTheRuleForbids) {
  for (const char* address : {"127.0.0.1", "169.254.169.254", "0.0.0.0",
                              "224.0.0.1", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(absl::IsPermissionDenied(
        Grant(SocketPurpose::kServer, address).status()))
        << address;
  }
  for (const SocketPurpose purpose :
       {SocketPurpose::kDnsUdp, SocketPurpose::kDnsTcp}) {
    EXPECT_TRUE(
        absl::IsPermissionDenied(Grant(purpose, "127.0.0.54").status()));
  }
  config_.settings.servers[0].address = netif::IpAddress::Parse("127.0.0.1");
  const auto refused = Grant(SocketPurpose::kServer, "127.0.0.2");
  EXPECT_TRUE(absl::IsPermissionDenied(refused.status()));
}

// The worker chooses among them.
TEST_F(SocketGranterTest, ConnectsToEachServerOfTheSettingsAndToNoOther) {
  config_.settings.servers = {
      {"127.0.0.2", netif::IpAddress::Parse("127.0.0.2")},
      {"ovoc.example"},
      {"127.0.0.4", netif::IpAddress::Parse("127.0.0.4")}};
  config_.known = {{},
                   {*netif::IpAddress::Parse("127.0.0.3")},  // in /etc/hosts
                   {}};
  for (const char* address : {"127.0.0.2", "127.0.0.3", "127.0.0.4"}) {
    EXPECT_TRUE(Grant(SocketPurpose::kServer, address).ok()) << address;
  }
  for (const char* address : {"127.0.0.1", "127.0.0.5", "192.0.2.1"}) {
    EXPECT_TRUE(absl::IsPermissionDenied(
        Grant(SocketPurpose::kServer, address).status()))
        << address;
  }
  EXPECT_TRUE(HasOne()) << "the second one is looked up";
  config_.settings.servers.erase(config_.settings.servers.begin() + 1);
  config_.known.clear();
  EXPECT_TRUE(absl::IsPermissionDenied(
      Grant(SocketPurpose::kDnsUdp, "127.0.0.53").status()))
      << "nothing is looked up";
}

TEST_F(SocketGranterTest, TellsWhatTheSystemSaid) {
  config_.sockets.vrf = "no-such-vrf0";
  const auto made = Grant(SocketPurpose::kDnsUdp, "127.0.0.53");
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_FALSE(made->result.ok());
  EXPECT_FALSE(made->socket.valid());
}

TEST_F(SocketGranterTest, GivesSoManyAndNoMore) {
  for (int i = 0; i < 128; ++i) {
    ASSERT_TRUE(HasOne()) << i;
  }
  for (int i = 0; i < 10; ++i) {
    const auto made = Grant(SocketPurpose::kDnsUdp, "127.0.0.53");
    ASSERT_TRUE(made.ok()) << "no reason to end a worker";
    EXPECT_TRUE(absl::IsResourceExhausted(made->result)) << made->result;
    EXPECT_FALSE(made->socket.valid());
  }
  EXPECT_EQ(CountLines(log_, "event=sockets_refused"), 1) << "not one each";
  EXPECT_EQ(CountLines(log_, "sockets=1 "), 1);
  now_ += absl::Seconds(1);
  EXPECT_TRUE(HasOne());
  EXPECT_TRUE(HasOne());
  EXPECT_FALSE(HasOne()) << "two a second";
  EXPECT_EQ(CountLines(log_, "event=sockets_refused"), 1) << "once a minute";
  now_ += absl::Seconds(59);
  EXPECT_TRUE(HasOne());
  EXPECT_EQ(CountLines(log_, "event=sockets_refused"), 2)
      << "said when there are sockets again, too";
  EXPECT_EQ(CountLines(log_, "sockets=10 "), 1) << "those since the first line";
  now_ += absl::Hours(1);
  EXPECT_TRUE(HasOne());
  EXPECT_EQ(CountLines(log_, "event=sockets_refused"), 2) << "none since";
}

// Its budget refills all the time, and it takes what there is.
TEST_F(SocketGranterTest, AWorkerThatAsksForADayFillsNoLog) {
  int refused = 0;
  for (int quarter = 0; quarter < 4 * 24 * 3600; ++quarter) {
    now_ += absl::Milliseconds(250);
    refused += HasOne() ? 0 : 1;
  }
  EXPECT_GT(refused, 150000);
  EXPECT_LE(CountLines(log_, "event=sockets_refused"), 24 * 60);
  EXPECT_LE(log_.size(), 24u * 60) << "there is no other line";
}

}  // namespace
}  // namespace ovoc::tunnel
