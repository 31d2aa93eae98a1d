// SPDX-License-Identifier: Apache-2.0
//
// Runs against the kernel, in a network namespace of its own.

#include "netif/linux/linux_tun_device.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/burst.h"
#include "netif/checksum.h"
#include "netif/ip_address.h"
#include "netif/ipv4_packet.h"
#include "netif/linux/linux_interface_config.h"
#include "netif/linux/unique_fd.h"
#include "netif/overlay.h"
#include "netif/testing/network_namespace.h"
#include "netif/tun_device.h"

namespace ovoc::netif {
namespace {

constexpr uint32_t kOvoc = 0xA9FE0001;  // 169.254.0.1
constexpr uint32_t kOurs = 0xA9FE0002;  // 169.254.0.2
constexpr int kPatienceMs = 5000;       // far above what the kernel needs

// With each offload that may be asked for.
class LinuxTunDeviceTest : public testing::TestWithParam<TunOffload> {
 protected:
  static void SetUpTestSuite() {
    namespace_ = new absl::Status(EnterNewNetworkNamespace());
  }
  static void TearDownTestSuite() {
    delete namespace_;
    namespace_ = nullptr;
  }

  void SetUp() override {
    if (!namespace_->ok()) {
      GTEST_SKIP() << *namespace_;
    }
    LinuxTunDevice::Options options;
    options.name = "ovoc0";
    options.offload = GetParam();
    absl::StatusOr<std::unique_ptr<LinuxTunDevice>> device =
        LinuxTunDevice::Open(options);
    if (absl::IsPermissionDenied(device.status()) ||
        absl::IsNotFound(device.status())) {
      GTEST_SKIP() << "no TUN devices here: " << device.status();
    }
    ASSERT_TRUE(device.ok()) << device.status();
    device_ = *std::move(device);
  }

  static absl::Status TurnOn() {
    return LinuxInterfaceConfig().Configure(
        "ovoc0",
        Overlay({.address = Ipv4Address::FromHostOrder(kOurs),
                 .prefix_length = 18}),
        1500);
  }

  // TurnOff is done by other means than the code under test.
  static void TurnOff() {
    const UniqueFd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request = {};
    const absl::string_view name = "ovoc0";
    std::copy(name.begin(), name.end(), request.ifr_name);
    ASSERT_EQ(ioctl(fd.get(), SIOCSIFFLAGS, &request), 0);  // no flag: not up
  }

  bool WaitReadable() const {
    pollfd entry = {device_->fd(), POLLIN, 0};
    return poll(&entry, 1, kPatienceMs) == 1;
  }

  // Empty when there is none.
  std::vector<uint8_t> ReadPacket() {
    std::vector<uint8_t> buffer(kTunReadBytes);
    const absl::StatusOr<Burst> burst = device_->Read(absl::MakeSpan(buffer));
    EXPECT_TRUE(burst.ok()) << burst.status();
    return burst.ok() ? std::vector<uint8_t>(burst->packet.begin(),
                                             burst->packet.end())
                      : std::vector<uint8_t>();
  }

  absl::StatusOr<size_t> Write(const std::vector<uint8_t>& packet) {
    return device_->Write({{}, packet});
  }

  static absl::Status* namespace_;
  std::unique_ptr<LinuxTunDevice> device_;
};

absl::Status* LinuxTunDeviceTest::namespace_ = nullptr;

// SendToOvoc sends a UDP datagram that the route leads into the device.
void SendToOvoc(absl::string_view payload) {
  const UniqueFd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in to = {};
  to.sin_family = AF_INET;
  to.sin_port = htons(514);
  to.sin_addr.s_addr = htonl(kOvoc);
  ASSERT_EQ(sendto(fd.get(), payload.data(), payload.size(), 0,
                   reinterpret_cast<const sockaddr*>(&to), sizeof(to)),
            static_cast<ssize_t>(payload.size()));
}

void Store16(uint16_t value, size_t offset, std::vector<uint8_t>* out) {
  (*out)[offset] = static_cast<uint8_t>(value >> 8);
  (*out)[offset + 1] = static_cast<uint8_t>(value);
}

std::vector<uint8_t> EchoRequest() {
  std::vector<uint8_t> packet = {
      0x45, 0x00, 0x00, 0x20,  // version 4, IHL 5; total length 32
      0x00, 0x01, 0x40, 0x00,  // identification; don't fragment
      0x40, 0x01, 0x00, 0x00,  // TTL 64, ICMP, checksum below
      0xA9, 0xFE, 0x00, 0x01,  // source OVOC
      0xA9, 0xFE, 0x00, 0x02,  // destination us
      0x08, 0x00, 0x00, 0x00,  // echo request, checksum below
      0x00, 0x07, 0x00, 0x01,  // identifier, sequence number
      'p',  'i',  'n',  'g',
  };
  const absl::Span<const uint8_t> bytes(packet);
  Store16(InternetChecksum(bytes.first(20)), 10, &packet);
  Store16(InternetChecksum(bytes.subspan(20)), 22, &packet);
  return packet;
}

TEST_P(LinuxTunDeviceTest, HasNoMoreOffloadThanWasAskedFor) {
  EXPECT_LE(device_->offload(), GetParam());
  if (GetParam() != TunOffload::kNone) {
    EXPECT_GE(device_->offload(), TunOffload::kTcp) << "Linux has it since 2.6";
  }
}

TEST_P(LinuxTunDeviceTest, LeavesTheChecksumToUsOnlyWithAnOffload) {
  ASSERT_TRUE(TurnOn().ok()) << TurnOn();
  SendToOvoc("datagram");
  ASSERT_TRUE(WaitReadable());
  std::vector<uint8_t> buffer(kTunReadBytes);
  const Burst burst = device_->Read(absl::MakeSpan(buffer)).value();
  EXPECT_EQ(burst.header.needs_checksum, GetParam() != TunOffload::kNone);
  Ipv4Packet packet;
  ASSERT_EQ(Ipv4Packet::Parse(burst.packet, &packet), Ipv4Error::kNone);
  const auto length = static_cast<uint16_t>(packet.payload().size());
  const uint32_t pseudo_header = PseudoHeaderSum(
      packet.source(), packet.destination(), packet.protocol(), length);
  EXPECT_EQ(InternetChecksum(packet.payload(), pseudo_header) == 0,
            !burst.header.needs_checksum);
}

TEST_P(LinuxTunDeviceTest, HasNothingToReadAtFirst) {
  EXPECT_TRUE(ReadPacket().empty());
}

TEST_P(LinuxTunDeviceTest, ReadsOnePacketPerCallAsTheHostSendsIt) {
  ASSERT_TRUE(TurnOn().ok()) << TurnOn();
  SendToOvoc("first");
  SendToOvoc("second one");
  for (const absl::string_view expected : {"first", "second one"}) {
    ASSERT_TRUE(WaitReadable());
    const std::vector<uint8_t> bytes = ReadPacket();
    Ipv4Packet packet;
    ASSERT_EQ(Ipv4Packet::Parse(bytes, &packet), Ipv4Error::kNone);
    EXPECT_EQ(packet.source().value(), kOurs);
    EXPECT_EQ(packet.destination().value(), kOvoc);
    EXPECT_EQ(packet.protocol(), 17);
    const absl::Span<const uint8_t> payload = packet.payload().subspan(8);
    EXPECT_EQ(std::string(payload.begin(), payload.end()), expected);
  }
  EXPECT_TRUE(ReadPacket().empty());
}

TEST_P(LinuxTunDeviceTest, TheHostAnswersAPingThatIsWritten) {
  ASSERT_TRUE(TurnOn().ok()) << TurnOn();
  const std::vector<uint8_t> request = EchoRequest();
  EXPECT_EQ(Write(request).value(), request.size());
  ASSERT_TRUE(WaitReadable());
  const std::vector<uint8_t> bytes = ReadPacket();
  Ipv4Packet reply;
  ASSERT_EQ(Ipv4Packet::Parse(bytes, &reply), Ipv4Error::kNone);
  EXPECT_EQ(reply.source().value(), kOurs);
  EXPECT_EQ(reply.destination().value(), kOvoc);
  ASSERT_EQ(reply.payload().size(), 12u);
  EXPECT_EQ(reply.payload()[0], 0);  // echo reply
  EXPECT_EQ(InternetChecksum(reply.payload()), 0);
  EXPECT_EQ(reply.payload().subspan(4),
            absl::MakeConstSpan(request).subspan(24));
}

TEST_P(LinuxTunDeviceTest, RefusesWhatIsNoIpPacketAndGoesOn) {
  ASSERT_TRUE(TurnOn().ok()) << TurnOn();
  const std::vector<uint8_t> no_ip(20, 0x25);  // version 2
  EXPECT_TRUE(absl::IsInvalidArgument(Write(no_ip).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Write({}).status()));
  EXPECT_TRUE(Write(EchoRequest()).ok());
}

TEST_P(LinuxTunDeviceTest, IsUnavailableWhileItIsDown) {
  EXPECT_TRUE(absl::IsUnavailable(Write(EchoRequest()).status()));
  ASSERT_TRUE(TurnOn().ok()) << TurnOn();
  EXPECT_TRUE(Write(EchoRequest()).ok());
  TurnOff();
  const absl::Status status = Write(EchoRequest()).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "ovoc0")) << status;
}

TEST_P(LinuxTunDeviceTest, NeverTakesOverADeviceThatIsThere) {
  LinuxTunDevice::Options options;
  options.name = "ovoc0";
  const absl::Status status = LinuxTunDevice::Open(options).status();
  EXPECT_TRUE(absl::IsAlreadyExists(status)) << status;
  // No word of removing it: it may be the running client's, or one of the LAN.
  EXPECT_EQ(status.message(),
            "cannot create the TUN device ovoc0: an interface of the machine "
            "has this name; stop the client that already runs, or choose "
            "another name with WSTunInterface");
}

TEST_P(LinuxTunDeviceTest, IsGoneWithTheObject) {
  EXPECT_NE(if_nametoindex("ovoc0"), 0u);
  device_.reset();
  EXPECT_EQ(if_nametoindex("ovoc0"), 0u);
}

TEST_P(LinuxTunDeviceTest, GoesOnInAnotherObjectThatAdoptsIt) {
  ASSERT_TRUE(TurnOn().ok()) << TurnOn();
  const TunOffload offload = device_->offload();
  UniqueFd copy(fcntl(device_->fd(), F_DUPFD_CLOEXEC, 0));
  device_ = LinuxTunDevice::Adopt(std::move(copy), "ovoc0", offload);
  EXPECT_EQ(device_->offload(), offload);
  EXPECT_TRUE(Write(EchoRequest()).ok());
  ASSERT_TRUE(WaitReadable());
  EXPECT_EQ(ReadPacket().size(), EchoRequest().size());
}

INSTANTIATE_TEST_SUITE_P(Offloads, LinuxTunDeviceTest,
                         testing::Values(TunOffload::kNone, TunOffload::kTcp,
                                         TunOffload::kTcpAndUdp),
                         [](const testing::TestParamInfo<TunOffload>& instance)
                             -> std::string {
                           switch (instance.param) {
                             case TunOffload::kNone:
                               return "None";
                             case TunOffload::kTcp:
                               return "Tcp";
                             case TunOffload::kTcpAndUdp:
                               return "TcpAndUdp";
                           }
                           return "?";
                         });

TEST(LinuxTunDeviceOpenTest, RefusesNamesThatLinuxWouldTakeForAPattern) {
  for (const absl::string_view name :
       {"", "ovoc%d", "a/b", "sixteen-letters-"}) {
    LinuxTunDevice::Options options;
    options.name = std::string(name);
    EXPECT_TRUE(absl::IsInvalidArgument(LinuxTunDevice::Open(options).status()))
        << name;
  }
}

TEST(LinuxTunDeviceOpenTest, NamesTheRemedyWhereTheKernelHasNoTun) {
  LinuxTunDevice::Options options;
  options.name = "ovoc7";
  options.device_path = "/no/such/file";
  const absl::Status status = LinuxTunDevice::Open(options).status();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_EQ(status.message(),
            "cannot create the TUN device ovoc7: /no/such/file cannot be "
            "opened: No such file or directory; load the kernel module tun, or "
            "pass the device into the container");
}

TEST(LinuxTunDeviceOpenTest, NamesTheRemedyWhereTheNodeIsAnotherFile) {
  LinuxTunDevice::Options options;
  options.name = "ovoc7";
  options.device_path = "/dev/null";
  EXPECT_EQ(
      LinuxTunDevice::Open(options).status().message(),
      "cannot create the TUN device ovoc7: /dev/null is not the kernel's "
      "TUN device: Inappropriate ioctl for device; remove this file, then "
      "run mknod /dev/net/tun c 10 200");
}

// A folder is no device either, but no remedy is known.
TEST(LinuxTunDeviceOpenTest, SaysTheSystemsWordWhereItKnowsNoRemedy) {
  LinuxTunDevice::Options options;
  options.name = "ovoc7";
  options.device_path = "/";
  EXPECT_EQ(LinuxTunDevice::Open(options).status().message(),
            "cannot create the TUN device ovoc7: / cannot be opened: Is a "
            "directory");
}

// The keeper's root is empty: its path has no slash in front, the message does.
TEST(LinuxTunDeviceOpenTest, ShowsAPathBelowTheWorkingFolderAsAWholeOne) {
  LinuxTunDevice::Options options;
  options.name = "ovoc7";
  options.device_path = "no/such/file";
  const absl::Status status = LinuxTunDevice::Open(options).status();
  EXPECT_TRUE(absl::StrContains(status.message(), ": /no/such/file cannot be"))
      << status;
}

}  // namespace
}  // namespace ovoc::netif
