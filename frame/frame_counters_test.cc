// SPDX-License-Identifier: Apache-2.0
#include "frame/frame_counters.h"

#include <cstdint>
#include <set>
#include <string>

#include "gtest/gtest.h"

namespace ovoc::frame {
namespace {

constexpr FrameCounters kEach = {.skipped_reserved_bits = 1,
                                 .skipped_text = 2,
                                 .skipped_too_long = 3,
                                 .read_non_minimal_length = 4,
                                 .dropped_unfinished_message = 5,
                                 .dropped_orphan_continuation = 6,
                                 .dropped_message_too_long = 7};

TEST(FrameCountersTest, BeginAtZero) {
  for (const NamedFrameCount& count : NamedCounts(FrameCounters())) {
    EXPECT_EQ(count.count, 0u) << count.name;
  }
}

TEST(FrameCountersTest, NamesEachCounterOnceInOrder) {
  uint64_t expected = 0;
  std::set<std::string> names;
  for (const NamedFrameCount& count : NamedCounts(kEach)) {
    EXPECT_EQ(count.count, ++expected) << count.name;
    names.insert(std::string(count.name));
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(kFrameCounterCount));
  EXPECT_EQ(NamedCounts(kEach).front().name, "skipped_reserved_bits");
  EXPECT_EQ(NamedCounts(kEach).back().name, "dropped_message_too_long");
}

TEST(FrameCountersTest, AddsEachCounterToItsOwn) {
  EXPECT_EQ(Sum(kEach, FrameCounters()), kEach);
  EXPECT_EQ(Sum(FrameCounters(), kEach), kEach);
  uint64_t expected = 0;
  for (const NamedFrameCount& count : NamedCounts(Sum(kEach, kEach))) {
    expected += 2;
    EXPECT_EQ(count.count, expected) << count.name;
  }
}

}  // namespace
}  // namespace ovoc::frame
