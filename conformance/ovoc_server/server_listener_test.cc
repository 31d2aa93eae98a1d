// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/server_listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

TEST(ServerListenerTest, ReadsAndWritesBothFamilies) {
  for (const char* text : {"127.0.0.1:80", "0.0.0.0:0", "192.0.2.10:65535",
                           "[::1]:443", "[2001:db8::1]:8443"}) {
    const absl::StatusOr<ListenAddress> address = ParseListenAddress(text);
    ASSERT_TRUE(address.ok()) << address.status();
    EXPECT_EQ(address->ToString(), text);
  }
}

TEST(ServerListenerTest, RefusesEverythingElse) {
  for (const char* text :
       {"", ":", "127.0.0.1", "127.0.0.1:", ":80", "127.0.0.1:65536",
        "127.0.0.1:-1", "127.0.0.1:+1", "127.0.0.1: 80", "127.0.0.1:80 ",
        "localhost:80", "::1:443", "[127.0.0.1]:80", "[::1]", "[::1:443",
        "::1]:443", "127.0.0.1:99999999999999999999"}) {
    const absl::StatusOr<ListenAddress> address = ParseListenAddress(text);
    EXPECT_FALSE(address.ok()) << text;
    EXPECT_TRUE(absl::StrContains(address.status().message(), "use a form"))
        << text;
  }
}

TEST(ServerListenerTest, AcceptsAConnectionWithoutDelay) {
  const absl::StatusOr<netif::UniqueFd> listener =
      OpenListener(*ParseListenAddress("127.0.0.1:0"));
  ASSERT_TRUE(listener.ok()) << listener.status();
  const absl::StatusOr<ListenAddress> local = LocalAddress(listener->get());
  ASSERT_TRUE(local.ok()) << local.status();
  EXPECT_NE(local->port, 0);
  absl::StatusOr<Accepted> none = Accept(listener->get());
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_FALSE(none->socket.valid());

  const netif::UniqueFd client(socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in to = {};
  to.sin_family = AF_INET;
  to.sin_port = htons(local->port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(
      connect(client.get(), reinterpret_cast<const sockaddr*>(&to), sizeof(to)),
      0);
  pollfd ready = {listener->get(), POLLIN, 0};
  ASSERT_EQ(poll(&ready, 1, 5000), 1);
  const absl::StatusOr<Accepted> accepted = Accept(listener->get());
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  ASSERT_TRUE(accepted->socket.valid());
  const absl::StatusOr<ListenAddress> own = LocalAddress(client.get());
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_EQ(accepted->remote.ToString(), own->ToString());
  int no_delay = 0;
  socklen_t size = sizeof(no_delay);
  ASSERT_EQ(getsockopt(accepted->socket.get(), IPPROTO_TCP, TCP_NODELAY,
                       &no_delay, &size),
            0);
  EXPECT_NE(no_delay, 0);
}

TEST(ServerListenerTest, SaysWhichAddressIsTaken) {
  const absl::StatusOr<netif::UniqueFd> first =
      OpenListener(*ParseListenAddress("127.0.0.1:0"));
  ASSERT_TRUE(first.ok()) << first.status();
  const absl::StatusOr<ListenAddress> address = LocalAddress(first->get());
  ASSERT_TRUE(address.ok()) << address.status();
  const absl::StatusOr<netif::UniqueFd> second = OpenListener(*address);
  ASSERT_FALSE(second.ok());
  EXPECT_TRUE(
      absl::StrContains(second.status().message(), address->ToString()));
}

}  // namespace
}  // namespace ovoc::conformance
