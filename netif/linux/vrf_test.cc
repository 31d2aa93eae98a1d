// SPDX-License-Identifier: Apache-2.0

#include "netif/linux/vrf.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"

namespace ovoc::netif {
namespace {

// The loopback device is the one that is everywhere.
constexpr absl::string_view kPresent = "lo";
constexpr absl::string_view kAbsent = "no-such-vrf";

UniqueFd UdpSocket() {
  return UniqueFd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

std::string BoundDevice(int fd) {
  std::array<char, IFNAMSIZ> name = {};
  socklen_t size = name.size();
  EXPECT_EQ(getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name.data(), &size), 0);
  return std::string(name.data());
}

TEST(VrfTest, KnowsWhichDevicesExist) {
  EXPECT_TRUE(VrfExists(kPresent).value());
  EXPECT_FALSE(VrfExists(kAbsent).value());
}

TEST(VrfTest, ReadsNamesThatAreNotTerminated) {
  EXPECT_TRUE(VrfExists(absl::string_view("loo").substr(0, 2)).value());
  EXPECT_FALSE(VrfExists(absl::string_view("lo").substr(0, 1)).value());
}

TEST(VrfTest, RefusesWhatIsNoInterfaceName) {
  const UniqueFd fd = UdpSocket();
  for (const absl::string_view name :
       {"", "a/b", "..", "a name too long for Linux"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(VrfExists(name).status())) << name;
    // An empty name would release the socket from its device.
    EXPECT_TRUE(absl::IsInvalidArgument(BindToVrf(fd.get(), name))) << name;
  }
}

TEST(VrfTest, BindsASocketToADevice) {
  const UniqueFd fd = UdpSocket();
  ASSERT_TRUE(fd.valid());
  ASSERT_EQ(BoundDevice(fd.get()), "");
  const absl::Status status = BindToVrf(fd.get(), kPresent);
  if (absl::IsPermissionDenied(status)) {
    GTEST_SKIP() << "Linux before 5.7 lets only CAP_NET_RAW bind to a device: "
                 << status;
  }
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(BoundDevice(fd.get()), kPresent);
}

TEST(VrfTest, ABoundSocketStillCarriesItsDevicesTraffic) {
  const UniqueFd fd = UdpSocket();
  const absl::Status status = BindToVrf(fd.get(), kPresent);
  if (absl::IsPermissionDenied(status)) {
    GTEST_SKIP() << "Linux before 5.7 lets only CAP_NET_RAW bind to a device: "
                 << status;
  }
  ASSERT_TRUE(status.ok()) << status;
  sockaddr_in self = {};
  self.sin_family = AF_INET;
  ASSERT_EQ(inet_pton(AF_INET, "127.0.0.1", &self.sin_addr), 1);
  socklen_t size = sizeof(self);
  auto* const address = reinterpret_cast<sockaddr*>(&self);
  ASSERT_EQ(bind(fd.get(), address, size), 0);
  ASSERT_EQ(getsockname(fd.get(), address, &size), 0);
  const std::array<char, 4> sent = {'o', 'v', 'o', 'c'};
  ASSERT_EQ(sendto(fd.get(), sent.data(), sent.size(), 0, address, size), 4);
  std::array<char, 8> received = {};
  ASSERT_EQ(recv(fd.get(), received.data(), received.size(), 0), 4);
  EXPECT_EQ(received[0], 'o');
}

TEST(VrfTest, NamesAVrfThatIsAbsent) {
  const UniqueFd fd = UdpSocket();
  const absl::Status status = BindToVrf(fd.get(), kAbsent);
  if (absl::IsPermissionDenied(status)) {
    GTEST_SKIP() << "Linux before 5.7 lets only CAP_NET_RAW bind to a device: "
                 << status;
  }
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), kAbsent)) << status;
  EXPECT_EQ(BoundDevice(fd.get()), "");
}

TEST(VrfTest, ReportsADescriptorThatIsNoSocket) {
  EXPECT_FALSE(BindToVrf(-1, kPresent).ok());
}

}  // namespace
}  // namespace ovoc::netif
