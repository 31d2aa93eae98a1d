// SPDX-License-Identifier: Apache-2.0
#include "conformance/bench/memory_path.h"

#include <cstddef>
#include <memory>

#include "absl/status/statusor.h"
#include "conformance/bench/traffic.h"
#include "frame/frame_writer.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

constexpr size_t kSizes[] = {64, 576, 1400, 65535};

TEST(MemoryPathTest, UpSendsAllPacketsOfTheBurstAsFrames) {
  for (const size_t bytes : kSizes) {
    SCOPED_TRACE(bytes);
    const Traffic traffic = MakeTraffic(bytes);
    const absl::StatusOr<std::unique_ptr<MemoryPath>> path =
        MemoryPath::Create(&traffic);
    ASSERT_TRUE(path.ok()) << path.status();
    const size_t packets = traffic.packets.size();
    for (size_t turn = 1; turn <= 5; ++turn) {  // masks are drawn anew
      EXPECT_EQ((*path)->Up(), packets);
      EXPECT_EQ((*path)->stream_bytes(),
                turn * packets * frame::ClientFrameBytes(bytes));
    }
  }
}

TEST(MemoryPathTest, DownGivesTheDeviceAllPacketsInOneBurst) {
  for (const size_t bytes : kSizes) {
    SCOPED_TRACE(bytes);
    const Traffic traffic = MakeTraffic(bytes);
    const absl::StatusOr<std::unique_ptr<MemoryPath>> path =
        MemoryPath::Create(&traffic);
    ASSERT_TRUE(path.ok()) << path.status();
    for (size_t turn = 1; turn <= 5; ++turn) {
      EXPECT_EQ((*path)->Down(), traffic.packets.size());
      EXPECT_EQ((*path)->device_bursts(), turn);
      EXPECT_EQ((*path)->device_bytes(), turn * traffic.burst.packet.size());
    }
  }
}

TEST(MemoryPathTest, WhatTheSessionDropsIsNotCounted) {
  Traffic traffic = MakeTraffic(1400);
  const absl::StatusOr<std::unique_ptr<MemoryPath>> path =
      MemoryPath::Create(&traffic);
  ASSERT_TRUE(path.ok()) << path.status();
  traffic.stream.clear();
  EXPECT_EQ((*path)->Down(), 0u);
  traffic.burst.packet[12] ^= 1;  // the source is not ours
  EXPECT_EQ((*path)->Up(), 0u);
  EXPECT_EQ((*path)->stream_bytes(), 0u);
}

}  // namespace
}  // namespace ovoc::conformance
