// SPDX-License-Identifier: Apache-2.0
//
// Runs against the kernel, in a network namespace of its own, with the
// inspector that is made of it.

#include "netif/linux/link_watch.h"

#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "netif/linux/linux_interface_config.h"
#include "netif/linux/linux_interface_inspector.h"
#include "netif/linux/linux_tun_device.h"
#include "netif/linux/unique_fd.h"
#include "netif/overlay.h"
#include "netif/testing/network_namespace.h"

namespace ovoc::netif {
namespace {

constexpr int kMtu = 1400;

Overlay Ours(absl::string_view address = "169.254.0.2") {
  return Overlay(
      {.address = Ipv4Address::Parse(address).value_or(Ipv4Address())});
}

absl::StatusOr<std::unique_ptr<LinuxTunDevice>> OpenDevice(
    const std::string& name) {
  LinuxTunDevice::Options options;
  options.name = name;
  return LinuxTunDevice::Open(options);
}

// Sets something by ioctl(2), as ifconfig(8) does.
void Set(absl::string_view name, unsigned long what, ifreq request) {
  const UniqueFd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  std::copy(name.begin(), name.end(), request.ifr_name);
  EXPECT_EQ(ioctl(fd.get(), what, &request), 0);
}

void SetMtu(absl::string_view name, int mtu_bytes) {
  ifreq request = {};
  request.ifr_mtu = mtu_bytes;
  Set(name, SIOCSIFMTU, request);
}

void TakeAddressOff(absl::string_view name) {
  ifreq request = {};
  request.ifr_addr.sa_family = AF_INET;  // and 0.0.0.0: ifconfig(8) means none
  Set(name, SIOCSIFADDR, request);
}

class LinkWatchTest : public testing::Test {
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
    auto device = OpenDevice("ovoc0");
    if (absl::IsPermissionDenied(device.status()) ||
        absl::IsNotFound(device.status())) {
      GTEST_SKIP() << "no TUN devices here: " << device.status();
    }
    ASSERT_TRUE(device.ok()) << device.status();
    device_ = *std::move(device);
    ASSERT_TRUE(config_.Configure("ovoc0", Ours(), kMtu).ok());
    absl::StatusOr<LinkWatch> watch = LinkWatch::Open();
    ASSERT_TRUE(watch.ok()) << watch.status();
    inspector_ = std::make_unique<LinuxInterfaceInspector>(*std::move(watch));
  }

  std::string Inspect() {
    return inspector_->Inspect("ovoc0", Ours(), kMtu).value_or("failed");
  }
  bool Concerned() { return inspector_->Concerned("ovoc0"); }

  // Sees what is different, and that mending it is seen, too.
  void ExpectDifference(absl::string_view words) {
    EXPECT_TRUE(Concerned());
    EXPECT_EQ(Inspect(), words);
    EXPECT_TRUE(config_.Configure("ovoc0", Ours(), kMtu).ok());
    EXPECT_TRUE(Concerned());
    EXPECT_EQ(Inspect(), "");
    EXPECT_FALSE(Concerned());
  }

  static absl::Status* namespace_;
  std::unique_ptr<LinuxTunDevice> device_;
  LinuxInterfaceConfig config_;
  std::unique_ptr<LinuxInterfaceInspector> inspector_;
};

absl::Status* LinkWatchTest::namespace_ = nullptr;

TEST_F(LinkWatchTest, HearsNothingWhileNothingHappens) {
  EXPECT_EQ(Inspect(), "");
  EXPECT_FALSE(Concerned());
  // The kernel tells of a request that changes nothing; a look ends it.
  EXPECT_TRUE(config_.Configure("ovoc0", Ours(), kMtu).ok());
  Concerned();
  EXPECT_EQ(Inspect(), "");
  EXPECT_FALSE(Concerned());
}

TEST_F(LinkWatchTest, HearsOfAnAddressThatGoes) {
  TakeAddressOff("ovoc0");
  ExpectDifference("has lost its address 169.254.0.2/32");
}

TEST_F(LinkWatchTest, HearsOfADeviceThatIsTurnedOff) {
  Set("ovoc0", SIOCSIFFLAGS, {});
  ExpectDifference("is down");
}

TEST_F(LinkWatchTest, HearsOfAnotherMtu) {
  SetMtu("ovoc0", 600);
  ExpectDifference("has the MTU 600 instead of 1400");
}

TEST_F(LinkWatchTest, HearsOfAnotherAddressAndOfLostRoutes) {
  // Gives the device another address and other routes.
  ASSERT_TRUE(config_.Configure("ovoc0", Ours("169.254.0.9"), kMtu).ok());
  ExpectDifference("has the address 169.254.0.9/32");
}

TEST_F(LinkWatchTest, HearsOfOtherDevicesOnlyWhatMayConcernOurs) {
  auto other = OpenDevice("ovoc1");
  ASSERT_TRUE(other.ok()) << other.status();
  SetMtu("ovoc1", 1300);
  EXPECT_FALSE(Concerned());
  ASSERT_TRUE(config_.Configure("ovoc1", Ours("169.254.0.7"), kMtu).ok());
  EXPECT_TRUE(Concerned()) << "an address might be ours";
  EXPECT_EQ(Inspect(), "");
}

TEST_F(LinkWatchTest, HearsWhatHappensToAPreparedDeviceToo) {
  auto other = OpenDevice("ovoc1");
  ASSERT_TRUE(other.ok()) << other.status();
  const auto inspect = [this] {
    return inspector_->Inspect("ovoc1", Overlay(Overlay::Options()), kMtu)
        .value_or("failed");
  };
  EXPECT_EQ(inspect(), "is down");
  ASSERT_TRUE(config_.Prepare("ovoc1", kMtu).ok());
  EXPECT_EQ(inspect(), "");
  inspector_->Concerned("ovoc1");
  Set("ovoc1", SIOCSIFFLAGS, {});
  EXPECT_TRUE(inspector_->Concerned("ovoc1"));
  EXPECT_EQ(inspect(), "is down");
  ASSERT_TRUE(config_.Prepare("ovoc1", kMtu).ok());
  EXPECT_EQ(inspect(), "");
}

TEST_F(LinkWatchTest, ADeviceThatIsGoneIsNotFound) {
  device_.reset();
  EXPECT_TRUE(Concerned());
  EXPECT_TRUE(
      absl::IsNotFound(inspector_->Inspect("ovoc0", Ours(), kMtu).status()));
}

TEST_F(LinkWatchTest, ADeviceThatWasRenamedKnowsItsName) {
  EXPECT_EQ(device_->Name().value_or("failed"), "ovoc0");
  Set("ovoc0", SIOCSIFFLAGS, {});  // off: before Linux 6.2 it has to be
  ifreq request = {};
  std::copy_n("ovoc9", 5, request.ifr_newname);
  Set("ovoc0", SIOCSIFNAME, request);
  EXPECT_TRUE(Concerned());
  EXPECT_EQ(device_->Name().value_or("failed"), "ovoc9");
  device_.reset();
}

TEST_F(LinkWatchTest, NewsThatWasLostIsAReasonToLook) {
  auto other = OpenDevice("ovoc1");
  ASSERT_TRUE(other.ok()) << other.status();
  for (int i = 0; i < 20000; ++i) {  // more than the socket holds
    SetMtu("ovoc1", 1300 + i % 2);
  }
  bool concerned = false;
  for (int i = 0; i < 1000 && !concerned; ++i) {
    concerned = Concerned();
  }
  EXPECT_TRUE(concerned);
}

TEST_F(LinkWatchTest, ShowsTheCarrierAsItIsSet) {
  const auto running = [] {
    const UniqueFd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request = {};
    std::copy_n("ovoc0", 5, request.ifr_name);
    EXPECT_EQ(ioctl(fd.get(), SIOCGIFFLAGS, &request), 0);
    return (request.ifr_flags & IFF_RUNNING) != 0;
  };
  EXPECT_TRUE(running());
  const absl::Status off = device_->SetCarrier(Carrier::kOff);
  if (absl::IsUnimplemented(off)) {
    GTEST_SKIP() << off;
  }
  ASSERT_TRUE(off.ok()) << off;
  for (int i = 0; i < 300 && running(); ++i) {
    usleep(10000);  // the kernel gathers such news for up to a second
  }
  EXPECT_FALSE(running());
  EXPECT_EQ(Inspect(), "") << "the carrier is no difference";
  ASSERT_TRUE(device_->SetCarrier(Carrier::kOn).ok());
  for (int i = 0; i < 300 && !running(); ++i) {
    usleep(10000);
  }
  EXPECT_TRUE(running());
}

}  // namespace
}  // namespace ovoc::netif
