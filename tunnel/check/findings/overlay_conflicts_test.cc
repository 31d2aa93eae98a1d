// SPDX-License-Identifier: Apache-2.0
#include "tunnel/check/findings/overlay_conflicts.h"

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

netif::Ipv4Prefix Prefix(absl::string_view text) {
  return netif::Ipv4Prefix::Parse(text).value();
}

netif::DeviceNetworks Device(absl::string_view name,
                             const std::vector<absl::string_view>& addresses,
                             const std::vector<absl::string_view>& routes) {
  netif::DeviceNetworks device;
  device.name = std::string(name);
  for (const absl::string_view address : addresses) {
    device.addresses.push_back(Prefix(address));
  }
  for (const absl::string_view route : routes) {
    device.routes.push_back(Prefix(route));
  }
  return device;
}

std::vector<std::string> Conflicts(
    const std::vector<netif::DeviceNetworks>& devices) {
  return OverlayConflicts(devices, "ovoc0", Prefix("169.254.0.0/18"));
}

TEST(OverlayConflictsTest, NamesAnAddressInsideOfTheRange) {
  EXPECT_EQ(Conflicts({Device("eth1", {"169.254.3.7/16"}, {})}),
            std::vector<std::string>{
                "eth1 has the address 169.254.3.7/16, which is inside "
                "WSTunOverlay (169.254.0.0/18); give it another one"});
}

TEST(OverlayConflictsTest, NamesARouteInsideOfTheRange) {
  EXPECT_EQ(Conflicts({Device("eth1", {}, {"169.254.0.1/32"})}),
            std::vector<std::string>{
                "a route to 169.254.0.1/32 leads to eth1 and not into the "
                "tunnel, though it is inside WSTunOverlay (169.254.0.0/18); "
                "delete it"});
  EXPECT_EQ(Conflicts({Device("eth1", {}, {"169.254.0.0/18"})}).size(), 1u);
}

// What a machine has that is none of the tunnel's business.
TEST(OverlayConflictsTest, LeavesTheRestAlone) {
  EXPECT_TRUE(Conflicts({}).empty());
  EXPECT_TRUE(Conflicts({Device("lo", {"127.0.0.1/8"}, {}),
                         Device("eth0", {"192.0.2.20/24", "169.254.64.1/16"},
                                {"0.0.0.0/0", "192.0.2.0/24", "169.254.0.0/16",
                                 "169.254.0.0/17", "169.254.64.0/18",
                                 "169.254.169.254/32"})})
                  .empty());
}

// That of a client which runs while the settings are checked.
TEST(OverlayConflictsTest, LeavesTheTunnelsOwnDeviceAlone) {
  EXPECT_TRUE(
      Conflicts({Device("ovoc0", {"169.254.0.2/32"}, {"169.254.0.1/32"})})
          .empty());
}

TEST(OverlayConflictsTest, CountsWhatIsTooMuchForAReport) {
  std::vector<netif::DeviceNetworks> devices;
  for (int i = 0; i < 8; ++i) {
    devices.push_back(Device("eth1", {"169.254.3.7/16"}, {}));
  }
  EXPECT_EQ(Conflicts(devices).size(), 8u);
  devices.push_back(Device("eth1", {"169.254.3.7/16"}, {"169.254.3.0/24"}));
  const std::vector<std::string> found = Conflicts(devices);
  ASSERT_EQ(found.size(), 9u);
  EXPECT_EQ(found.back(),
            "2 more addresses and routes are inside WSTunOverlay "
            "(169.254.0.0/18); see ip addr and ip route");
}

}  // namespace
}  // namespace ovoc::tunnel
