// SPDX-License-Identifier: Apache-2.0

#include "netif/linux/reverse_path_filter.h"

#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "netif/linux/linux_interface_config.h"
#include "netif/linux/linux_tun_device.h"
#include "netif/linux/unique_fd.h"
#include "netif/overlay.h"
#include "netif/testing/network_namespace.h"

namespace ovoc::netif {
namespace {

using Open = std::vector<OpenInterface>;

TEST(OpenInterfacesTest, TakesTheLargerValueOfAllAndTheDevice) {
  struct Case {
    int all;
    int own;
    bool open;
    int value;
  };
  const Case kCases[] = {
      {0, 0, true, 0},  {0, 1, false, 1}, {0, 2, true, 2}, {1, 0, false, 1},
      {1, 1, false, 1}, {1, 2, true, 2},  {2, 0, true, 2}, {2, 1, true, 2},
  };
  for (const Case& c : kCases) {
    InterfaceState state;
    state.links = {{2, "eth0", true, false}};
    state.path_filters = {{kAllInterfaces, c.all}, {2, c.own}};
    EXPECT_EQ(OpenInterfaces(state, "ovoc0"),
              c.open ? Open({{"eth0", c.value}}) : Open())
        << c.all << " " << c.own;
  }
}

TEST(OpenInterfacesTest, PassesOverLoopbackOursAndWhatIsDown) {
  InterfaceState state;
  state.links = {{1, "lo", true, true},
                 {2, "eth0", false, false},
                 {3, "ovoc0", true, false},
                 {4, "eth1", true, false}};
  EXPECT_EQ(OpenInterfaces(state, "ovoc0"), Open({{"eth1", 0}}));
}

TEST(OpenInterfacesTest, ShowsANameOfOddBytesWithoutThem) {
  InterfaceState state;
  state.links = {{5, "e\n", true, false}, {6, "x\033[31m\377", true, false}};
  EXPECT_EQ(OpenInterfaces(state, "ovoc0"), Open({{"e?", 0}, {"x?[31m?", 0}}));
}

TEST(DescribeOpenInterfacesTest, NamesSixteenAndCountsTheRest) {
  EXPECT_TRUE(DescribeOpenInterfaces({}).empty());
  EXPECT_EQ(DescribeOpenInterfaces(Open({{"eth0", 0}, {"eth1", 2}})),
            std::vector<std::string>({"net.ipv4.conf.eth0.rp_filter=0",
                                      "net.ipv4.conf.eth1.rp_filter=2"}));
  Open open(16, {"eth0", 0});
  EXPECT_EQ(DescribeOpenInterfaces(open).size(), 16);
  open.resize(20);
  const std::vector<std::string> lines = DescribeOpenInterfaces(open);
  ASSERT_EQ(lines.size(), 17);
  EXPECT_EQ(lines.back(), "rp_filter is not 1 on 4 more interfaces");
}

TEST(FindOpenInterfacesTest, AsksTheKernel) {
  const absl::Status entered = EnterNewNetworkNamespace();
  if (!entered.ok()) {
    GTEST_SKIP() << entered;
  }
  LinuxTunDevice::Options options;
  options.name = "eth7";
  auto device = LinuxTunDevice::Open(options);
  if (absl::IsPermissionDenied(device.status()) ||
      absl::IsNotFound(device.status())) {
    GTEST_SKIP() << "no TUN devices here: " << device.status();
  }
  ASSERT_TRUE(device.ok()) << device.status();
  EXPECT_TRUE(FindOpenInterfaces("ovoc0").value_or(Open()).empty())
      << "it is down";
  LinuxInterfaceConfig config;
  ASSERT_TRUE(
      config
          .Configure(
              "eth7",
              Overlay({.address = Ipv4Address::FromHostOrder(0x0A000001)}),
              1400)
          .ok());
  const auto set = [](const char* name, const char* value) {
    const std::string path =
        absl::StrCat("/proc/sys/net/ipv4/conf/", name, "/rp_filter");
    const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CLOEXEC));
    return fd.valid() && write(fd.get(), value, 1) == 1;
  };
  if (!set("all", "0")) {
    GTEST_SKIP() << "/proc/sys is read-only here";
  }
  for (const char* value : {"0", "2"}) {
    ASSERT_TRUE(set("eth7", value));
    const auto found = FindOpenInterfaces("ovoc0");
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(*found, Open({{"eth7", value[0] - '0'}}));
  }
  ASSERT_TRUE(set("eth7", "1"));
  EXPECT_TRUE(FindOpenInterfaces("ovoc0").value_or(Open({{"?", 0}})).empty());
  EXPECT_TRUE(FindOpenInterfaces("eth7").value_or(Open({{"?", 0}})).empty());
}

}  // namespace
}  // namespace ovoc::netif
