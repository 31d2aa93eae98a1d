// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/tcp_connector.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "netif/linux/socket_address.h"
#include "tunnel/transport/direct_socket_maker.h"

namespace ovoc::tunnel {
namespace {

using netif::IpAddress;
using More = MoreAddresses;

// Longer than any wait of a test that works.
constexpr absl::Duration kLimit = absl::Seconds(20);

IpAddress Address(absl::string_view text) {
  const std::optional<IpAddress> address = IpAddress::Parse(text);
  EXPECT_TRUE(address.has_value()) << text;
  return address.value_or(IpAddress());
}

// A socket that listens on `address`; not valid when the machine has no such
// address, or another program has that port (0: any).
netif::UniqueFd Listen(absl::string_view address, uint16_t port = 0) {
  const netif::SocketAddress local(Address(address), port);
  netif::UniqueFd fd(
      socket(local.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  if (local.family() == AF_INET6) {
    setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
  }
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (!fd.valid() || bind(fd.get(), local.get(), local.size()) != 0 ||
      listen(fd.get(), 8) != 0) {
    fd.Reset();
  }
  return fd;
}

uint16_t PortOf(const netif::UniqueFd& fd) {
  sockaddr_storage storage = {};
  socklen_t size = sizeof(storage);
  EXPECT_EQ(getsockname(fd.get(), reinterpret_cast<sockaddr*>(&storage), &size),
            0);
  return ntohs(storage.ss_family == AF_INET6
                   ? reinterpret_cast<sockaddr_in6*>(&storage)->sin6_port
                   : reinterpret_cast<sockaddr_in*>(&storage)->sin_port);
}

class TcpConnectorTest : public testing::Test, private TcpConnector::Observer {
 protected:
  void SetUp() override {
    auto loop = EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
    start_ = MonotonicNow();
  }

  TcpConnector& Make(uint16_t port) {
    options_.server_port = port;
    connector_ = std::make_unique<TcpConnector>(
        loop_.get(), &sockets_, static_cast<TcpConnector::Observer*>(this));
    return *connector_;
  }

  bool RunUntilDone() {
    const absl::Time limit = MonotonicNow() + kLimit;
    while (!result_.has_value()) {
      if (MonotonicNow() > limit ||
          !loop_->RunOnce(std::min(limit, connector_->NextTime())).ok()) {
        return false;
      }
      connector_->OnTime(MonotonicNow());
    }
    return true;
  }

  int Option(int level, int name) {
    int value = -1;
    socklen_t size = sizeof(value);
    EXPECT_EQ(getsockopt((*result_)->socket.get(), level, name, &value, &size),
              0);
    return value;
  }

  void OnConnecting(const IpAddress& address) override {
    EXPECT_FALSE(result_.has_value()) << "after the end";
    connecting_.push_back(address.ToString());
  }
  void OnConnectDone(absl::StatusOr<TcpConnector::Connected> result) override {
    EXPECT_FALSE(result_.has_value()) << "a second end";
    result_ = std::move(result);
  }

  std::unique_ptr<EventLoop> loop_;
  absl::Time start_;
  SocketOptions options_;
  DirectSocketMaker sockets_{&options_};
  std::unique_ptr<TcpConnector> connector_;
  std::vector<std::string> connecting_;
  std::optional<absl::StatusOr<TcpConnector::Connected>> result_;
};

TEST_F(TcpConnectorTest, ConnectsToTheAddressThatListens) {
  const netif::UniqueFd listener = Listen("127.0.0.1");
  ASSERT_TRUE(listener.valid());
  Make(PortOf(listener)).Add({Address("127.0.0.1")}, More::kNone, start_);
  ASSERT_TRUE(RunUntilDone());
  ASSERT_TRUE(result_->ok()) << result_->status();
  EXPECT_EQ((*result_)->address, Address("127.0.0.1"));
  EXPECT_EQ(connecting_, std::vector<std::string>{"127.0.0.1"});
  EXPECT_EQ(connector_->NextTime(), absl::InfiniteFuture());
  const netif::UniqueFd accepted(accept(listener.get(), nullptr, nullptr));
  EXPECT_TRUE(accepted.valid());
}

TEST_F(TcpConnectorTest, SetsEveryOption) {
  const netif::UniqueFd listener = Listen("127.0.0.1");
  ASSERT_TRUE(listener.valid());
  options_.user_timeout = absl::Seconds(7);
  options_.probe_after = absl::Seconds(9);
  Make(PortOf(listener)).Add({Address("127.0.0.1")}, More::kNone, start_);
  ASSERT_TRUE(RunUntilDone());
  ASSERT_TRUE(result_->ok()) << result_->status();
  EXPECT_EQ(Option(IPPROTO_TCP, TCP_NODELAY), 1);
  EXPECT_EQ(Option(IPPROTO_TCP, TCP_USER_TIMEOUT), 7000);
  EXPECT_EQ(Option(SOL_SOCKET, SO_KEEPALIVE), 1);
  EXPECT_EQ(Option(IPPROTO_TCP, TCP_KEEPIDLE), 9);
  EXPECT_EQ(Option(IPPROTO_TCP, TCP_KEEPINTVL), 4);
  const int fd = (*result_)->socket.get();
  EXPECT_NE(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(TcpConnectorTest, GoesOnToTheNextAddressWhenOneRefuses) {
  const netif::UniqueFd listener = Listen("127.0.0.2");
  ASSERT_TRUE(listener.valid());
  Make(PortOf(listener))
      .Add({Address("127.0.0.1"), Address("127.0.0.2")}, More::kNone, start_);
  ASSERT_TRUE(RunUntilDone());
  ASSERT_TRUE(result_->ok()) << result_->status();
  EXPECT_EQ((*result_)->address, Address("127.0.0.2"));
  EXPECT_EQ(connecting_, (std::vector<std::string>{"127.0.0.1", "127.0.0.2"}));
}

TEST_F(TcpConnectorTest, NamesEveryAddressWhenAllRefuse) {
  netif::UniqueFd listener = Listen("127.0.0.1");
  ASSERT_TRUE(listener.valid());
  const uint16_t port = PortOf(listener);
  listener.Reset();
  Make(port).Add({Address("127.0.0.1"), Address("127.0.0.2")}, More::kNone,
                 start_);
  ASSERT_TRUE(RunUntilDone());
  ASSERT_FALSE(result_->ok());
  EXPECT_TRUE(absl::IsUnavailable(result_->status()));
  EXPECT_TRUE(absl::StrContains(result_->status().message(), "127.0.0.1: "));
  EXPECT_TRUE(absl::StrContains(result_->status().message(), "127.0.0.2: "));
  EXPECT_TRUE(absl::StrContains(result_->status().message(), "refused"));
}

TEST_F(TcpConnectorTest, WaitsForAddressesThatMayCome) {
  const netif::UniqueFd listener = Listen("127.0.0.2");
  ASSERT_TRUE(listener.valid());
  TcpConnector& connector = Make(PortOf(listener));
  connector.Add({Address("127.0.0.1")}, More::kMayCome, start_);
  for (int i = 0; i < 10; ++i) {  // the refusal is there within one of them
    ASSERT_TRUE(loop_->RunOnce(MonotonicNow() + absl::Milliseconds(1)).ok());
  }
  EXPECT_FALSE(result_.has_value()) << "more addresses may come";
  connector.Add({Address("127.0.0.1"), Address("127.0.0.2")}, More::kNone,
                MonotonicNow());
  ASSERT_TRUE(RunUntilDone());
  ASSERT_TRUE(result_->ok()) << result_->status();
  EXPECT_EQ((*result_)->address, Address("127.0.0.2"));
}

TEST_F(TcpConnectorTest, NoAddressAtAllIsAnEnd) {
  Make(9).Add({}, More::kNone, start_);
  ASSERT_TRUE(result_.has_value());
  EXPECT_TRUE(absl::IsUnavailable(result_->status()));
}

TEST_F(TcpConnectorTest, TriesTheFirstAddressAndTakesItWhenItAnswers) {
  const netif::UniqueFd listener6 = Listen("::1");
  if (!listener6.valid()) {
    GTEST_SKIP() << "this machine has no ::1";
  }
  const netif::UniqueFd listener4 = Listen("127.0.0.1", PortOf(listener6));
  Make(PortOf(listener6))
      .Add({Address("::1"), Address("127.0.0.1")}, More::kNone, start_);
  ASSERT_TRUE(RunUntilDone());
  ASSERT_TRUE(result_->ok()) << result_->status();
  EXPECT_EQ((*result_)->address, Address("::1"));
  EXPECT_EQ(connecting_, std::vector<std::string>{"::1"});
}

TEST_F(TcpConnectorTest, TakesTheNextWhenTheFirstIsRefusedOrMissing) {
  const netif::UniqueFd listener = Listen("127.0.0.1");
  ASSERT_TRUE(listener.valid());
  Make(PortOf(listener))
      .Add({Address("::1"), Address("127.0.0.1")}, More::kNone, start_);
  ASSERT_TRUE(RunUntilDone());
  ASSERT_TRUE(result_->ok()) << result_->status();
  EXPECT_EQ((*result_)->address, Address("127.0.0.1"));
  EXPECT_EQ(connecting_, (std::vector<std::string>{"::1", "127.0.0.1"}));
}

TEST_F(TcpConnectorTest, BeginsTheNextAfterAQuarterOfASecond) {
  const netif::UniqueFd listener = Listen("127.0.0.1");
  ASSERT_TRUE(listener.valid());
  TcpConnector& connector = Make(PortOf(listener));
  // The loop does not run: nobody hears how the attempts end.
  connector.Add({Address("127.0.0.1"), Address("127.0.0.2")}, More::kNone,
                start_);
  EXPECT_EQ(connecting_.size(), 1u);
  EXPECT_EQ(connector.NextTime(), start_ + absl::Milliseconds(250));
  connector.OnTime(start_ + absl::Milliseconds(249));
  EXPECT_EQ(connecting_.size(), 1u);
  connector.OnTime(start_ + absl::Milliseconds(250));
  EXPECT_EQ(connecting_.size(), 2u);
}

// RFC 6455 4.1 MUST: no more than one connection is CONNECTING
TEST_F(TcpConnectorTest, DropsAllConnectionsButTheFirst) {
  const netif::UniqueFd first = Listen("127.0.0.1");
  ASSERT_TRUE(first.valid());
  const netif::UniqueFd second = Listen("127.0.0.2", PortOf(first));
  ASSERT_TRUE(second.valid());
  // Both are connected before the loop hears of either.
  TcpConnector& connector = Make(PortOf(first));
  connector.Add({Address("127.0.0.1"), Address("127.0.0.2")}, More::kNone,
                start_);
  connector.OnTime(start_ + absl::Milliseconds(250));
  EXPECT_EQ(connecting_.size(), 2u);
  ASSERT_TRUE(RunUntilDone());
  ASSERT_TRUE(result_->ok()) << result_->status();
  const bool first_won = (*result_)->address == Address("127.0.0.1");
  const netif::UniqueFd& loser = first_won ? second : first;
  const netif::UniqueFd accepted(accept(loser.get(), nullptr, nullptr));
  ASSERT_TRUE(accepted.valid());
  const timeval limit = {.tv_sec = 10, .tv_usec = 0};  // instead of for ever
  setsockopt(accepted.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  char byte = 0;
  EXPECT_EQ(recv(accepted.get(), &byte, 1, 0), 0) << "closed without a byte";
}

TEST_F(TcpConnectorTest, GivesUpAnAddressAfterTenSeconds) {
  const netif::UniqueFd listener = Listen("127.0.0.1");
  ASSERT_TRUE(listener.valid());
  TcpConnector& connector = Make(PortOf(listener));
  connector.Add({Address("127.0.0.1")}, More::kNone, start_);
  connector.OnTime(start_ + absl::Seconds(9.9));
  EXPECT_FALSE(result_.has_value());
  connector.OnTime(start_ + absl::Seconds(10));
  ASSERT_TRUE(result_.has_value());
  EXPECT_TRUE(absl::StrContains(result_->status().message(), "10s"))
      << result_->status();
  // Its socket is closed and no longer watched.
  ASSERT_TRUE(loop_->RunOnce(absl::InfinitePast()).ok());
}

TEST_F(TcpConnectorTest, AVrfThatDoesNotExistIsAFailureNotADetour) {
  const netif::UniqueFd listener = Listen("127.0.0.1");
  ASSERT_TRUE(listener.valid());
  options_.vrf = "no-such-vrf0";
  Make(PortOf(listener)).Add({Address("127.0.0.1")}, More::kNone, start_);
  ASSERT_TRUE(result_.has_value());
  EXPECT_FALSE(result_->ok());
}

TEST_F(TcpConnectorTest, CanBeDestroyedWhileItConnects) {
  const netif::UniqueFd listener = Listen("127.0.0.1");
  ASSERT_TRUE(listener.valid());
  Make(PortOf(listener)).Add({Address("127.0.0.1")}, More::kNone, start_);
  connector_.reset();
  ASSERT_TRUE(loop_->RunOnce(absl::InfinitePast()).ok());
  EXPECT_FALSE(result_.has_value());
}

}  // namespace
}  // namespace ovoc::tunnel
