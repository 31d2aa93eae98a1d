// SPDX-License-Identifier: Apache-2.0

#include "netif/testing/fake_interface_config.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "netif/overlay.h"

namespace ovoc::netif {
namespace {

TEST(FakeInterfaceConfigTest, NotesCallsInOrderAndNothingThatFailed) {
  const Overlay overlay(
      {.address = Ipv4Address::FromHostOrder(0xA9FE0002), .prefix_length = 18});
  FakeInterfaceConfig config;
  EXPECT_TRUE(config.Configure("ovoc0", overlay, 1500).ok());
  config.SetError(absl::PermissionDeniedError("no"));
  EXPECT_TRUE(absl::IsPermissionDenied(config.Configure("x", overlay, 1400)));
  EXPECT_TRUE(absl::IsPermissionDenied(config.Prepare("x", 1400)));
  config.SetError(absl::OkStatus());
  EXPECT_TRUE(config.Configure("ovoc1", overlay, 1400).ok());
  const std::vector<std::string> expected = {
      "configure ovoc0 169.254.0.2/18 1500",
      "configure ovoc1 169.254.0.2/18 1400"};
  EXPECT_EQ(config.calls(), expected);
  EXPECT_TRUE(config.Prepare("ovoc0", 1300).ok());
  EXPECT_EQ(config.prepared(), std::vector<std::string>{"ovoc0 1300"});
}

}  // namespace
}  // namespace ovoc::netif
