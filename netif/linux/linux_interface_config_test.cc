// SPDX-License-Identifier: Apache-2.0
//
// Runs against the kernel, in a network namespace of its own.

#include "netif/linux/linux_interface_config.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "netif/linux/linux_tun_device.h"
#include "netif/linux/unique_fd.h"
#include "netif/overlay.h"
#include "netif/testing/network_namespace.h"

namespace ovoc::netif {
namespace {

using Strings = std::vector<std::string>;

Ipv4Address V4(absl::string_view text) {
  return Ipv4Address::Parse(text).value_or(Ipv4Address());
}

Overlay Ours(absl::string_view address, int prefix_length = 32) {
  return Overlay({.address = V4(address), .prefix_length = prefix_length});
}

uint32_t HostOrder(const sockaddr* address) {
  sockaddr_in in = {};
  std::memcpy(&in, address, sizeof(in));
  return ntohl(in.sin_addr.s_addr);
}

// Addresses lists what the C library says that a device has, sorted: IPv4 with
// its prefix length, and "ipv6" for each IPv6 address.
Strings Addresses(absl::string_view name) {
  Strings result;
  ifaddrs* list = nullptr;
  EXPECT_EQ(getifaddrs(&list), 0);
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_name != name || entry->ifa_addr == nullptr) {
      continue;
    }
    if (entry->ifa_addr->sa_family == AF_INET) {
      result.push_back(absl::StrCat(
          Ipv4Address::FromHostOrder(HostOrder(entry->ifa_addr)).ToString(),
          "/", std::popcount(HostOrder(entry->ifa_netmask))));
    } else if (entry->ifa_addr->sa_family == AF_INET6) {
      result.push_back("ipv6");
    }
  }
  freeifaddrs(list);
  std::sort(result.begin(), result.end());
  return result;
}

ifreq Ask(absl::string_view name, unsigned long what) {
  const UniqueFd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request = {};
  std::copy(name.begin(), name.end(), request.ifr_name);
  EXPECT_EQ(ioctl(fd.get(), what, &request), 0);
  return request;
}

int Mtu(absl::string_view name) { return Ask(name, SIOCGIFMTU).ifr_mtu; }

// As another program does it: 0.0.0.0 is no address (ifconfig(8)).
void TakeAddressOff(absl::string_view name) {
  const UniqueFd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request = {};
  std::copy(name.begin(), name.end(), request.ifr_name);
  request.ifr_addr.sa_family = AF_INET;
  EXPECT_EQ(ioctl(fd.get(), SIOCSIFADDR, &request), 0);
}

bool IsUp(absl::string_view name) {
  return (Ask(name, SIOCGIFFLAGS).ifr_flags & IFF_UP) != 0;
}

bool IsRunning(absl::string_view name) {
  return (Ask(name, SIOCGIFFLAGS).ifr_flags & IFF_RUNNING) != 0;
}

// SourceTowards is the address that the host would send from, "" without route.
std::string SourceTowards(absl::string_view destination) {
  const UniqueFd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = {};
  socklen_t size = sizeof(address);
  address.sin_family = AF_INET;
  address.sin_port = htons(514);
  address.sin_addr.s_addr = htonl(V4(destination).value());
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (connect(fd.get(), generic, size) != 0 ||
      getsockname(fd.get(), generic, &size) != 0) {
    return "";
  }
  return Ipv4Address::FromHostOrder(HostOrder(generic)).ToString();
}

// SendTowards sends one datagram of UDP.
bool SendTowards(absl::string_view destination) {
  const UniqueFd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(514);
  address.sin_addr.s_addr = htonl(V4(destination).value());
  return sendto(fd.get(), "x", 1, 0, reinterpret_cast<sockaddr*>(&address),
                sizeof(address)) == 1;
}

std::string ReadFile(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 16> text = {};
  const ssize_t size = read(fd.get(), text.data(), text.size());
  return size < 0 ? "" : std::string(text.data(), static_cast<size_t>(size));
}

// AddressEvents hears what the kernel tells about IPv4 addresses.
class AddressEvents {
 public:
  AddressEvents()
      : fd_(socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
                   NETLINK_ROUTE)) {
    sockaddr_nl address = {};
    address.nl_family = AF_NETLINK;
    address.nl_groups = RTMGRP_IPV4_IFADDR;
    EXPECT_EQ(bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address),
                   sizeof(address)),
              0);
  }

  // Types is the types of all messages since the last call, one per datagram.
  std::vector<uint16_t> Types() {
    std::vector<uint16_t> types;
    std::array<uint8_t, 4096> buffer = {};
    while (recv(fd_.get(), buffer.data(), buffer.size(), 0) > 0) {
      nlmsghdr header = {};
      std::memcpy(&header, buffer.data(), sizeof(header));
      types.push_back(header.nlmsg_type);
    }
    return types;
  }

 private:
  UniqueFd fd_;
};

class LinuxInterfaceConfigTest : public testing::Test {
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
    absl::StatusOr<std::unique_ptr<LinuxTunDevice>> device =
        LinuxTunDevice::Open(options);
    if (absl::IsPermissionDenied(device.status()) ||
        absl::IsNotFound(device.status())) {
      GTEST_SKIP() << "no TUN devices here: " << device.status();
    }
    ASSERT_TRUE(device.ok()) << device.status();
    device_ = *std::move(device);
  }

  absl::Status Configure(absl::string_view address, int prefix_length,
                         int mtu_bytes = 1500) {
    return config_.Configure("ovoc0", Ours(address, prefix_length), mtu_bytes);
  }

  static absl::Status* namespace_;
  std::unique_ptr<LinuxTunDevice> device_;
  LinuxInterfaceConfig config_;
};

absl::Status* LinuxInterfaceConfigTest::namespace_ = nullptr;

TEST_F(LinuxInterfaceConfigTest, SetsAddressPrefixMtuAndTurnsTheDeviceOn) {
  ASSERT_FALSE(IsUp("ovoc0"));
  const absl::Status status = Configure("169.254.0.2", 18, 1400);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(Addresses("ovoc0"), Strings({"169.254.0.2/32"}));
  EXPECT_EQ(Mtu("ovoc0"), 1400);
  EXPECT_TRUE(IsUp("ovoc0"));
  EXPECT_EQ(SourceTowards("169.254.0.1"), "169.254.0.2");
  EXPECT_EQ(SourceTowards("169.254.63.254"), "169.254.0.2");
  EXPECT_EQ(SourceTowards("169.254.64.1"), "");  // beyond the /18
}

TEST_F(LinuxInterfaceConfigTest, APreparedDeviceHasOvocsPacketsAtOnce) {
  EXPECT_EQ(SourceTowards("169.254.0.1"), "");
  ASSERT_TRUE(config_.Prepare("ovoc0", 1400).ok());
  EXPECT_EQ(SourceTowards("169.254.0.1"), "0.0.0.0") << "there is no address";
  EXPECT_EQ(SourceTowards("169.254.0.3"), "");
  EXPECT_EQ(Addresses("ovoc0"), Strings());
  EXPECT_EQ(Mtu("ovoc0"), 1400);
  EXPECT_TRUE(config_.Prepare("ovoc0", 1400).ok()) << "again: nothing to do";
  ASSERT_TRUE(Configure("169.254.0.2", 32).ok());
  EXPECT_EQ(SourceTowards("169.254.0.1"), "169.254.0.2");
  ASSERT_TRUE(config_.Prepare("ovoc0", 1400).ok());
  EXPECT_EQ(SourceTowards("169.254.0.1"), "169.254.0.2") << "ours comes first";
  TakeAddressOff("ovoc0");
  EXPECT_EQ(SourceTowards("169.254.0.1"), "") << "the kernel takes the route";
  ASSERT_TRUE(config_.Prepare("ovoc0", 1400).ok());
  EXPECT_EQ(SourceTowards("169.254.0.1"), "0.0.0.0");
  device_.reset();
  EXPECT_EQ(SourceTowards("169.254.0.1"), "") << "nothing is left";
}

TEST_F(LinuxInterfaceConfigTest, ADeviceWithoutCarrierKeepsOvocsPackets) {
  ASSERT_TRUE(config_.Prepare("ovoc0", 1400).ok());
  const absl::Status off = device_->SetCarrier(Carrier::kOff);
  if (absl::IsUnimplemented(off)) {
    GTEST_SKIP() << off;
  }
  ASSERT_TRUE(off.ok()) << off;
  EXPECT_EQ(SourceTowards("169.254.0.1"), "0.0.0.0");
  EXPECT_EQ(
      ReadFile("/proc/sys/net/ipv4/conf/ovoc0/ignore_routes_with_linkdown"),
      "0\n");
}

// The kernel dropped what it sent right after the carrier had come. Here the
// carrier comes when all else is done, so that only who waits sees it.
TEST_F(LinuxInterfaceConfigTest, TheFirstPacketOfATunnelIsSent) {
  const absl::Status off = device_->SetCarrier(Carrier::kOff);
  if (absl::IsUnimplemented(off)) {
    GTEST_SKIP() << off;
  }
  ASSERT_TRUE(off.ok()) << off;
  ASSERT_TRUE(config_.Prepare("ovoc0", 1400).ok());
  for (int wait = 0; wait < 3000 && IsRunning("ovoc0"); ++wait) {
    usleep(1000);  // the kernel takes a carrier that goes slowly: 1 s
  }
  ASSERT_FALSE(IsRunning("ovoc0"));
  absl::Status on;
  std::thread late([this, &on] {  // in this thread's network namespace
    for (int i = 0; i < 10000 && SourceTowards("169.254.0.1") == "0.0.0.0";
         ++i) {
      usleep(1000);
    }
    usleep(100'000);
    on = device_->SetCarrier(Carrier::kOn);
  });
  LinuxInterfaceConfig patient({.running_looks = 50'000'000});
  const absl::Status status =
      patient.Configure("ovoc0", Ours("169.254.0.2"), 1400);
  EXPECT_TRUE(IsRunning("ovoc0"));
  EXPECT_TRUE(SendTowards("169.254.0.1"));
  std::array<uint8_t, 2048> buffer = {};
  EXPECT_TRUE(device_->Read(absl::MakeSpan(buffer)).ok());
  late.join();
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_TRUE(on.ok()) << on;
}

// A tunnel whose carrier never comes is set up all the same, and soon.
TEST_F(LinuxInterfaceConfigTest, WhatDoesNotRunIsNotWaitedForLong) {
  const absl::Status off = device_->SetCarrier(Carrier::kOff);
  if (absl::IsUnimplemented(off)) {
    GTEST_SKIP() << off;
  }
  ASSERT_TRUE(off.ok()) << off;
  ASSERT_TRUE(Configure("169.254.0.2", 32).ok());
  EXPECT_EQ(Addresses("ovoc0"), Strings({"169.254.0.2/32"}));
}

// The files of the kernel's own settings of IPv6; empty where they cannot be
// written.
std::string Ipv6Settings() {
  std::string folder = "/proc/sys/net/ipv6/conf/ovoc0/";
  struct statvfs file_system = {};
  const bool writable = statvfs(folder.c_str(), &file_system) == 0 &&
                        (file_system.f_flag & ST_RDONLY) == 0;
  return writable ? folder : "";
}

TEST_F(LinuxInterfaceConfigTest, TurnsIpv6OffWhereThereIsAny) {
  const std::string folder = Ipv6Settings();
  if (folder.empty()) {
    GTEST_SKIP() << "no IPv6 here, or /proc/sys is read-only";
  }
  ASSERT_TRUE(Configure("169.254.0.2", 18).ok());
  EXPECT_EQ(ReadFile(folder + "disable_ipv6"), "1\n");
  EXPECT_EQ(ReadFile(folder + "addr_gen_mode"), "1\n");
  EXPECT_EQ(Addresses("ovoc0"), Strings({"169.254.0.2/32"}));  // and no ipv6
}

TEST_F(LinuxInterfaceConfigTest, TurnsIpv6OffAgainAfterAnMtuTooSmallForIt) {
  const std::string folder = Ipv6Settings();
  if (folder.empty()) {
    GTEST_SKIP() << "no IPv6 here, or /proc/sys is read-only";
  }
  ASSERT_TRUE(Configure("169.254.0.2", 18).ok());
  ifreq request = {};
  request.ifr_mtu = 600;
  std::copy_n("ovoc0", 5, request.ifr_name);
  const UniqueFd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(ioctl(fd.get(), SIOCSIFMTU, &request), 0);
  EXPECT_NE(access(folder.c_str(), F_OK), 0) << "the kernel has forgotten IPv6";
  ASSERT_TRUE(Configure("169.254.0.2", 18).ok());
  EXPECT_EQ(ReadFile(folder + "disable_ipv6"), "1\n");
  EXPECT_EQ(ReadFile(folder + "addr_gen_mode"), "1\n");
  EXPECT_EQ(Addresses("ovoc0"), Strings({"169.254.0.2/32"}));  // and no ipv6
}

TEST_F(LinuxInterfaceConfigTest, WorksWhereThereIsNoIpv6) {
  LinuxInterfaceConfig::Options options;
  options.ipv6_settings_path = "/no/such/folder";
  LinuxInterfaceConfig config(options);
  const absl::Status status =
      config.Configure("ovoc0", Ours("169.254.0.2"), 1500);
  EXPECT_TRUE(status.ok()) << status;
}

// MakeSettings makes a folder as /proc/sys/net/ipv6/conf is, for one device.
std::string MakeSettings(absl::string_view name) {
  const std::string path = testing::TempDir() + "/" + std::string(name);
  mkdir(path.c_str(), 0700);
  mkdir((path + "/ovoc0").c_str(), 0700);
  return path;
}

TEST_F(LinuxInterfaceConfigTest, WritesBothSettingsOfIpv6) {
  LinuxInterfaceConfig::Options options;
  options.ipv6_settings_path = MakeSettings("settings");
  for (const char* file : {"/ovoc0/addr_gen_mode", "/ovoc0/disable_ipv6"}) {
    const std::string path = options.ipv6_settings_path + file;
    const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600));
    ASSERT_EQ(write(fd.get(), "0", 1), 1);
  }
  LinuxInterfaceConfig config(options);
  const absl::Status status =
      config.Configure("ovoc0", Ours("169.254.0.2"), 1500);
  EXPECT_TRUE(status.ok()) << status;
  const std::string folder = options.ipv6_settings_path + "/ovoc0/";
  EXPECT_EQ(ReadFile(folder + "addr_gen_mode"), "1");
  EXPECT_EQ(ReadFile(folder + "disable_ipv6"), "1");
}

TEST_F(LinuxInterfaceConfigTest, NamesTheSettingThatCannotBeWritten) {
  LinuxInterfaceConfig::Options options;
  options.ipv6_settings_path = MakeSettings("broken_settings");
  // A folder where a file should be cannot be written to, even by root.
  mkdir((options.ipv6_settings_path + "/ovoc0/disable_ipv6").c_str(), 0700);
  LinuxInterfaceConfig config(options);
  const absl::Status status =
      config.Configure("ovoc0", Ours("169.254.0.2"), 1500);
  EXPECT_FALSE(status.ok());
  EXPECT_TRUE(absl::StrContains(status.message(), "disable_ipv6 of ovoc0"))
      << status;
  EXPECT_FALSE(IsUp("ovoc0"));  // it would send router solicitations
}

TEST_F(LinuxInterfaceConfigTest, ANewAddressReplacesTheOldOne) {
  struct Step {
    absl::string_view address;
    int prefix_length;
    absl::string_view listed;
  };
  const Step kSteps[] = {
      {"169.254.0.2", 18, "169.254.0.2/32"},
      {"169.254.0.3", 18, "169.254.0.3/32"},      // the same routes but for
      {"169.254.0.4", 18, "169.254.0.4/32"},      // their source
      {"169.254.0.4", 20, "169.254.0.4/32"},      // same address, other routes
      {"169.254.0.4", 16, "169.254.0.4/32"},      //
      {"169.254.0.4", 32, "169.254.0.4/32"},      // OVOC alone
      {"169.254.128.9", 24, "169.254.128.9/32"},  // elsewhere
      {"169.254.0.2", 18, "169.254.0.2/32"},      // and back
  };
  for (const Step& step : kSteps) {
    SCOPED_TRACE(step.listed);
    const absl::Status status = Configure(step.address, step.prefix_length);
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_EQ(Addresses("ovoc0"), Strings({std::string(step.listed)}));
  }
  EXPECT_EQ(SourceTowards("169.254.0.1"), "169.254.0.2");
}

TEST_F(LinuxInterfaceConfigTest, WithoutOtherDevicesRoutesOvocAlone) {
  ASSERT_TRUE(Configure("169.254.0.2", 18).ok());
  ASSERT_TRUE(Configure("169.254.0.2", 32).ok());
  EXPECT_EQ(SourceTowards("169.254.0.1"), "169.254.0.2");
  for (const char* other : {"169.254.0.3", "169.254.0.0", "169.254.63.255",
                            "169.254.20.10", "169.254.169.254"}) {
    EXPECT_EQ(SourceTowards(other), "") << other;
  }
}

TEST_F(LinuxInterfaceConfigTest, LeavesCloudServicesAndNameServersOut) {
  const Overlay wide({.address = V4("169.254.0.2"),
                      .prefix_length = 16,
                      .left_out = {V4("169.254.20.10")}});
  ASSERT_TRUE(config_.Configure("ovoc0", wide, 1500).ok());
  for (const char* other : {"169.254.169.254", "169.254.169.253",
                            "169.254.169.1", "169.254.20.10"}) {
    EXPECT_EQ(SourceTowards(other), "") << other;
  }
  for (const char* host : {"169.254.20.9", "169.254.20.11", "169.254.168.9",
                           "169.254.170.9", "169.254.255.254"}) {
    EXPECT_EQ(SourceTowards(host), "169.254.0.2") << host;
  }
}

TEST_F(LinuxInterfaceConfigTest, NoRouteOfAnotherInterfaceTakesOvocsPackets) {
  LinuxTunDevice::Options options;
  options.name = "ovoc1";
  absl::StatusOr<std::unique_ptr<LinuxTunDevice>> other =
      LinuxTunDevice::Open(options);
  ASSERT_TRUE(other.ok()) << other.status();
  // Routes 169.254.0.0/16 and 169.254.0.1 itself, from 169.254.9.9.
  ASSERT_TRUE(config_.Configure("ovoc1", Ours("169.254.9.9", 16), 1500).ok());
  ASSERT_TRUE(Configure("169.254.0.2", 32).ok());
  EXPECT_EQ(SourceTowards("169.254.0.1"), "169.254.0.2");
  EXPECT_EQ(SourceTowards("169.254.0.3"), "169.254.9.9");
}

TEST_F(LinuxInterfaceConfigTest, RefusesAnAddressOfAnotherInterface) {
  LinuxTunDevice::Options options;
  options.name = "ovoc1";
  absl::StatusOr<std::unique_ptr<LinuxTunDevice>> other =
      LinuxTunDevice::Open(options);
  ASSERT_TRUE(other.ok()) << other.status();
  ASSERT_TRUE(config_.Configure("ovoc1", Ours("169.254.0.9"), 1500).ok());
  const absl::Status status = Configure("169.254.0.9", 32);
  EXPECT_TRUE(absl::IsAlreadyExists(status)) << status;
  EXPECT_TRUE(absl::StrContains(
      status.message(), "169.254.0.9 is already an address of interface ovoc1"))
      << status;
  EXPECT_EQ(Addresses("ovoc0"), Strings());
  EXPECT_FALSE(IsUp("ovoc0"));
}

TEST_F(LinuxInterfaceConfigTest, PutsBackWhatAnotherProgramTookAway) {
  ASSERT_TRUE(Configure("169.254.0.2", 18).ok());
  // What `ip link set ovoc0 down` does: the routes go, the address stays.
  ifreq request = Ask("ovoc0", SIOCGIFFLAGS);
  request.ifr_flags = static_cast<short>(request.ifr_flags & ~IFF_UP);
  const UniqueFd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(ioctl(fd.get(), SIOCSIFFLAGS, &request), 0);
  EXPECT_EQ(SourceTowards("169.254.0.1"), "");
  ASSERT_TRUE(Configure("169.254.0.2", 18).ok());
  EXPECT_EQ(SourceTowards("169.254.0.1"), "169.254.0.2");
  EXPECT_EQ(SourceTowards("169.254.0.3"), "169.254.0.2");
}

TEST_F(LinuxInterfaceConfigTest, AddsTheNewAddressBeforeTheOldOneGoes) {
  ASSERT_TRUE(Configure("169.254.0.2", 18).ok());
  AddressEvents events;
  ASSERT_TRUE(Configure("169.254.0.3", 18).ok());
  const std::vector<uint16_t> types = events.Types();
  ASSERT_GE(types.size(), 2u);
  EXPECT_EQ(types[0], RTM_NEWADDR);
  EXPECT_EQ(std::count(types.begin(), types.end(), uint16_t{RTM_DELADDR}), 1);
  EXPECT_EQ(SourceTowards("169.254.0.1"), "169.254.0.3");
}

TEST_F(LinuxInterfaceConfigTest, LeavesAnAddressThatIsInPlaceUntouched) {
  ASSERT_TRUE(Configure("169.254.0.2", 18).ok());
  AddressEvents events;
  ASSERT_TRUE(Configure("169.254.0.2", 18, 1300).ok());
  EXPECT_TRUE(events.Types().empty());
  EXPECT_EQ(Addresses("ovoc0"), Strings({"169.254.0.2/32"}));
  EXPECT_EQ(Mtu("ovoc0"), 1300);
}

TEST_F(LinuxInterfaceConfigTest, LeavesOtherDevicesAlone) {
  LinuxTunDevice::Options options;
  options.name = "ovoc1";
  absl::StatusOr<std::unique_ptr<LinuxTunDevice>> other =
      LinuxTunDevice::Open(options);
  ASSERT_TRUE(other.ok()) << other.status();
  ASSERT_TRUE(config_.Configure("ovoc1", Ours("10.9.0.2", 24), 1280).ok());
  ASSERT_TRUE(Configure("169.254.0.2", 18).ok());
  ASSERT_TRUE(Configure("169.254.0.3", 18).ok());
  EXPECT_EQ(Addresses("ovoc1"), Strings({"10.9.0.2/32"}));
  EXPECT_EQ(Mtu("ovoc1"), 1280);
}

TEST_F(LinuxInterfaceConfigTest, RefusesWhatIsNoAddressOfAHost) {
  struct Case {
    absl::string_view address;
    int prefix_length;
    int mtu_bytes;
  };
  const Case kCases[] = {
      {"169.254.0.0", 18, 1500},     // network
      {"169.254.63.255", 18, 1500},  // broadcast
      {"224.0.0.1", 18, 1500},      {"127.0.0.1", 8, 1500},
      {"0.0.0.0", 8, 1500},         {"169.254.0.2", 18, 67},
      {"169.254.0.2", 18, 65536},   {"169.254.0.2", 18, -1},
  };
  for (const Case& c : kCases) {
    const absl::Status status =
        Configure(c.address, c.prefix_length, c.mtu_bytes);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  }
  EXPECT_EQ(Addresses("ovoc0"), Strings());
  EXPECT_FALSE(IsUp("ovoc0"));
}

TEST_F(LinuxInterfaceConfigTest, NamesTheDeviceThatIsNotThere) {
  const absl::Status status =
      config_.Configure("ovoc9", Ours("169.254.0.2"), 1500);
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "ovoc9")) << status;
  EXPECT_TRUE(absl::IsNotFound(config_.Prepare("ovoc9", 1500)));
  EXPECT_TRUE(absl::IsInvalidArgument(config_.Prepare("ovoc0", 67)));
  EXPECT_TRUE(absl::IsInvalidArgument(config_.Prepare("../lo", 1500)));
}

}  // namespace
}  // namespace ovoc::netif
