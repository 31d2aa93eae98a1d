// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/byte_carrier.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"

namespace ovoc::tunnel {
namespace {

class SocketCarrierTest : public testing::Test {
 protected:
  void SetUp() override {
    std::array<int, 2> fds = {-1, -1};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                         fds.data()),
              0);
    ours_ = netif::UniqueFd(fds[0]);
    theirs_ = netif::UniqueFd(fds[1]);
  }

  void PeerSends(const std::string& text) {
    ASSERT_EQ(send(theirs_.get(), text.data(), text.size(), 0),
              static_cast<ssize_t>(text.size()));
  }

  netif::UniqueFd ours_;
  netif::UniqueFd theirs_;
};

TEST_F(SocketCarrierTest, FillsTheFirstPieceBeforeTheOther) {
  SocketCarrier carrier(ours_.get());
  PeerSends("abcdef");
  std::vector<uint8_t> first(4);
  std::vector<uint8_t> more(4);
  EXPECT_EQ(carrier.Receive(absl::MakeSpan(first), absl::MakeSpan(more)), 6);
  EXPECT_EQ(std::string(first.begin(), first.end()), "abcd");
  EXPECT_EQ(std::string(more.begin(), more.begin() + 2), "ef");
  EXPECT_FALSE(carrier.HasInput()) << "epoll tells of what there is";
}

TEST_F(SocketCarrierTest, SendsAndKeepsNothing) {
  SocketCarrier carrier(ours_.get());
  const std::vector<uint8_t> bytes = {'o', 'n', 'e'};
  EXPECT_EQ(carrier.Send(bytes, 0), 3);
  EXPECT_FALSE(carrier.HasOutput());
  std::array<char, 8> got;
  EXPECT_EQ(recv(theirs_.get(), got.data(), got.size(), 0), 3);
}

TEST_F(SocketCarrierTest, DoesNotBlock) {
  SocketCarrier carrier(ours_.get());
  std::vector<uint8_t> bytes(65536, 'x');
  EXPECT_EQ(carrier.Receive(absl::MakeSpan(bytes), {}), -1);
  EXPECT_EQ(errno, EAGAIN);
  while (carrier.Send(bytes, 0) > 0) {
  }
  EXPECT_EQ(errno, EAGAIN);
}

TEST_F(SocketCarrierTest, TellsAnEndFromAFailure) {
  SocketCarrier carrier(ours_.get());
  theirs_ = netif::UniqueFd();
  std::vector<uint8_t> bytes(8);
  EXPECT_EQ(carrier.Receive(absl::MakeSpan(bytes), {}), 0);
  EXPECT_EQ(carrier.Send(bytes, 0), -1) << "and no SIGPIPE";
  EXPECT_EQ(errno, EPIPE);
}

}  // namespace
}  // namespace ovoc::tunnel
