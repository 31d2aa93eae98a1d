// SPDX-License-Identifier: Apache-2.0

#include "netif/linux/device_networks.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "netif/linux/linux_interface_config.h"
#include "netif/linux/linux_tun_device.h"
#include "netif/overlay.h"
#include "netif/testing/network_namespace.h"

namespace ovoc::netif {
namespace {

std::vector<std::string> Texts(const std::vector<Ipv4Prefix>& prefixes) {
  std::vector<std::string> texts;
  for (const Ipv4Prefix& prefix : prefixes) {
    texts.push_back(prefix.ToString());
  }
  return texts;
}

// A device of the tunnel stands for any other: an address and routes into it.
TEST(DeviceNetworksTest, ListsAddressesAndRoutesOfDevicesThatAreUp) {
  const absl::Status entered = EnterNewNetworkNamespace();
  if (!entered.ok()) {
    GTEST_SKIP() << entered;
  }
  const auto before = ListDeviceNetworks();
  ASSERT_TRUE(before.ok()) << before.status();
  EXPECT_TRUE(before->empty()) << "loopback is down in a new namespace";
  LinuxTunDevice::Options options;
  options.name = "eth7";
  auto device = LinuxTunDevice::Open(options);
  if (absl::IsPermissionDenied(device.status()) ||
      absl::IsNotFound(device.status())) {
    GTEST_SKIP() << "no TUN devices here: " << device.status();
  }
  ASSERT_TRUE(device.ok()) << device.status();
  EXPECT_TRUE(ListDeviceNetworks()->empty()) << "it is down";
  LinuxInterfaceConfig config;
  const Overlay overlay({.address = Ipv4Address::FromHostOrder(0xA9FE0309)});
  ASSERT_TRUE(config.Configure("eth7", overlay, 1400).ok());
  const auto found = ListDeviceNetworks();
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ((*found)[0].name, "eth7");
  EXPECT_EQ(Texts((*found)[0].addresses),
            std::vector<std::string>{"169.254.3.9/32"});
  // The standing route to OVOC, and that of the address.
  ASSERT_FALSE((*found)[0].routes.empty());
  for (const std::string& route : Texts((*found)[0].routes)) {
    EXPECT_EQ(route, "169.254.0.1/32");
  }
}

}  // namespace
}  // namespace ovoc::netif
