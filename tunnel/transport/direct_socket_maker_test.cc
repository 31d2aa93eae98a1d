// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/direct_socket_maker.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <string>

#include "gtest/gtest.h"
#include "netif/ip_address.h"

namespace ovoc::tunnel {
namespace {

int Option(const netif::UniqueFd& fd, int level, int name) {
  int value = -1;
  socklen_t size = sizeof(value);
  EXPECT_EQ(getsockopt(fd.get(), level, name, &value, &size), 0);
  return value;
}

// A TCP or UDP socket of 127.0.0.1, listening if it can; `*port` is its own.
netif::UniqueFd Local(int type, uint16_t* port) {
  netif::UniqueFd fd(socket(AF_INET, type | SOCK_CLOEXEC, 0));
  sockaddr_in address = {AF_INET, 0, {htonl(INADDR_LOOPBACK)}, {}};
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(bind(fd.get(), generic, size), 0);
  EXPECT_EQ(getsockname(fd.get(), generic, &size), 0);
  if (type == SOCK_STREAM) {
    EXPECT_EQ(listen(fd.get(), 4), 0);
  }
  *port = ntohs(address.sin_port);
  return fd;
}

// The port that a socket is connected to; 0 when it is not.
uint16_t PeerPort(const netif::UniqueFd& fd) {
  sockaddr_in peer = {};
  socklen_t size = sizeof(peer);
  return getpeername(fd.get(), reinterpret_cast<sockaddr*>(&peer), &size) == 0
             ? ntohs(peer.sin_port)
             : uint16_t{0};
}

class DirectSocketMakerTest : public testing::Test {
 protected:
  absl::StatusOr<netif::UniqueFd> Make(SocketPurpose purpose,
                                       absl::string_view address) {
    return DirectSocketMaker(&options_).Make(
        {purpose, *netif::IpAddress::ParseZoned(address)});
  }

  SocketOptions options_;
};

TEST_F(DirectSocketMakerTest, ConnectsToTheServersPortWithAllOptions) {
  const netif::UniqueFd listener = Local(SOCK_STREAM, &options_.server_port);
  options_.user_timeout = absl::Seconds(7);
  options_.probe_after = absl::Seconds(9);
  const auto fd = Make(SocketPurpose::kServer, "127.0.0.1");
  ASSERT_TRUE(fd.ok()) << fd.status();
  EXPECT_EQ(PeerPort(*fd), options_.server_port);
  EXPECT_EQ(Option(*fd, SOL_SOCKET, SO_TYPE), SOCK_STREAM);
  EXPECT_EQ(Option(*fd, IPPROTO_TCP, TCP_NODELAY), 1);
  EXPECT_EQ(Option(*fd, IPPROTO_TCP, TCP_USER_TIMEOUT), 7000);
  EXPECT_EQ(Option(*fd, SOL_SOCKET, SO_KEEPALIVE), 1);
  EXPECT_EQ(Option(*fd, IPPROTO_TCP, TCP_KEEPIDLE), 9);
  EXPECT_EQ(Option(*fd, IPPROTO_TCP, TCP_KEEPINTVL), 4);
  EXPECT_NE(fcntl(fd->get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(fcntl(fd->get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(DirectSocketMakerTest, ConnectsToTheProxysPortWithTheServersOptions) {
  const netif::UniqueFd listener = Local(SOCK_STREAM, &options_.proxy_port);
  options_.user_timeout = absl::Seconds(7);
  const auto fd = Make(SocketPurpose::kProxy, "127.0.0.1");
  ASSERT_TRUE(fd.ok()) << fd.status();
  EXPECT_EQ(PeerPort(*fd), options_.proxy_port);
  EXPECT_EQ(Option(*fd, SOL_SOCKET, SO_TYPE), SOCK_STREAM);
  EXPECT_EQ(Option(*fd, IPPROTO_TCP, TCP_USER_TIMEOUT), 7000);
}

TEST_F(DirectSocketMakerTest, ConnectsToTheNameServersPort) {
  for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
    const netif::UniqueFd server = Local(type, &options_.dns_port);
    const auto fd = Make(
        type == SOCK_DGRAM ? SocketPurpose::kDnsUdp : SocketPurpose::kDnsTcp,
        "127.0.0.1");
    ASSERT_TRUE(fd.ok()) << fd.status();
    EXPECT_EQ(PeerPort(*fd), options_.dns_port);
    EXPECT_EQ(Option(*fd, SOL_SOCKET, SO_TYPE), type);
    EXPECT_NE(fcntl(fd->get(), F_GETFL) & O_NONBLOCK, 0);
  }
}

TEST_F(DirectSocketMakerTest, DoesNotWaitForTheConnection) {
  netif::UniqueFd listener = Local(SOCK_STREAM, &options_.server_port);
  listener.Reset();  // the refusal comes as SO_ERROR
  const auto fd = Make(SocketPurpose::kServer, "127.0.0.1");
  if (fd.ok()) {
    EXPECT_EQ(PeerPort(*fd), 0);
    EXPECT_EQ(Option(*fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
  } else {
    EXPECT_TRUE(absl::IsUnavailable(fd.status())) << fd.status();
  }
}

// RFC 4007 6: without a zone, or with one that is not there, no link is known.
TEST_F(DirectSocketMakerTest, SaysWhyAnAddressCannotBeReached) {
  const netif::UniqueFd v6(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  options_.server_port = 443;
  for (const absl::string_view address : {"fe80::1", "febf::1", "fe80::1%0"}) {
    const auto fd = Make(SocketPurpose::kServer, address);
    ASSERT_FALSE(fd.ok()) << address;
    EXPECT_TRUE(absl::IsUnavailable(fd.status())) << fd.status();
    if (v6.valid()) {  // the kernel has IPv6
      EXPECT_EQ(fd.status().message(),
                "it is link-local, and its zone is missing or no interface of "
                "this machine; write it as in fe80::1%eth0");
    }
  }
}

TEST_F(DirectSocketMakerTest, AVrfThatDoesNotExistIsAFailureNotADetour) {
  const netif::UniqueFd listener = Local(SOCK_STREAM, &options_.server_port);
  options_.vrf = "no-such-vrf0";
  for (const SocketPurpose purpose :
       {SocketPurpose::kServer, SocketPurpose::kDnsUdp, SocketPurpose::kDnsTcp,
        SocketPurpose::kProxy}) {
    EXPECT_FALSE(Make(purpose, "127.0.0.1").ok());
  }
}

}  // namespace
}  // namespace ovoc::tunnel
