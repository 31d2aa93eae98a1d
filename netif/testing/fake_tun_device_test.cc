// SPDX-License-Identifier: Apache-2.0

#include "netif/testing/fake_tun_device.h"

#include <poll.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/tun_device.h"

namespace ovoc::netif {
namespace {

bool IsReadable(const TunDevice& device) {
  pollfd entry = {device.fd(), POLLIN, 0};
  return poll(&entry, 1, 0) == 1;
}

TEST(FakeTunDeviceTest, GivesPacketsInOrderAndThenNothing) {
  FakeTunDevice device;
  EXPECT_FALSE(IsReadable(device));
  device.HostSends({1, 2, 3});
  device.HostSends({4});
  std::array<uint8_t, 8> buffer = {};
  EXPECT_TRUE(IsReadable(device));
  EXPECT_EQ(device.Read(absl::MakeSpan(buffer)).value().packet.size(), 3u);
  EXPECT_EQ(buffer[2], 3);
  EXPECT_TRUE(IsReadable(device));
  EXPECT_EQ(device.Read(absl::MakeSpan(buffer)).value().packet.size(), 1u);
  EXPECT_EQ(buffer[0], 4);
  EXPECT_FALSE(IsReadable(device));
  EXPECT_EQ(device.Read(absl::MakeSpan(buffer)).value().packet.size(), 0u);
}

TEST(FakeTunDeviceTest, CutsAPacketThatDoesNotFitTheBuffer) {
  FakeTunDevice device;
  device.HostSends({1, 2, 3});
  std::array<uint8_t, 3> buffer = {0, 0, 0xEE};
  EXPECT_EQ(device.Read(absl::MakeSpan(buffer).first(2)).value().packet.size(),
            2u);
  EXPECT_EQ(buffer[2], 0xEE);  // guard
  EXPECT_EQ(device.Read(absl::MakeSpan(buffer)).value().packet.size(), 0u);
}

TEST(FakeTunDeviceTest, KeepsWhatWasWrittenUntilItIsTaken) {
  FakeTunDevice device;
  device.SetRoom(1);
  const std::vector<uint8_t> packet = {9, 8, 7};
  EXPECT_EQ(device.Write({{}, packet}).value(), 3u);
  EXPECT_EQ(device.Write({{}, packet}).value(), 0u);  // no room
  ASSERT_EQ(device.TakeReceived().size(), 1u);
  EXPECT_TRUE(device.TakeReceived().empty());
}

TEST(FakeTunDeviceTest, PassesOnTheHeadersOfBurstsBothWays) {
  FakeTunDevice device(TunOffload::kTcp);
  EXPECT_EQ(device.offload(), TunOffload::kTcp);
  VirtioNetHeader header;
  header.gso = GsoType::kTcpIpv4;
  header.segment_bytes = 1360;
  device.HostSends({1, 2, 3}, header);
  std::array<uint8_t, 8> buffer = {};
  const Burst burst = device.Read(absl::MakeSpan(buffer)).value();
  EXPECT_EQ(burst.header, header);
  ASSERT_TRUE(device.Write(burst).ok());
  EXPECT_EQ(device.received_headers(), std::vector<VirtioNetHeader>{header});
  EXPECT_EQ(device.TakeReceived().size(), 1u);
  EXPECT_TRUE(device.received_headers().empty());
}

TEST(FakeTunDeviceTest, FailsAsToldUntilToldOtherwise) {
  FakeTunDevice device;
  std::array<uint8_t, 8> buffer = {};
  const std::vector<uint8_t> packet = {9, 8, 7};
  device.HostSends({1});
  device.SetReadError(absl::UnavailableError("down"));
  device.SetWriteError(absl::InternalError("lost"));
  EXPECT_EQ(device.Read(absl::MakeSpan(buffer)).value().packet.size(), 1u);
  EXPECT_TRUE(IsReadable(device));
  EXPECT_TRUE(
      absl::IsUnavailable(device.Read(absl::MakeSpan(buffer)).status()));
  EXPECT_TRUE(absl::IsInternal(device.Write({{}, packet}).status()));
  device.SetReadError(absl::OkStatus());
  device.SetWriteError(absl::OkStatus());
  EXPECT_FALSE(IsReadable(device));
  EXPECT_EQ(device.Read(absl::MakeSpan(buffer)).value().packet.size(), 0u);
  EXPECT_EQ(device.Write({{}, packet}).value(), 3u);
}

}  // namespace
}  // namespace ovoc::netif
