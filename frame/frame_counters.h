// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_FRAME_FRAME_COUNTERS_H_
#define OVOC_FRAME_FRAME_COUNTERS_H_

#include <array>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace ovoc::frame {

// FrameCounters counts what the ovoc profile has tolerated or dropped since the
// connection began, where the RFC would have failed the connection. Each event
// is counted once, under one reason. In the rfc6455 profile all counters stay
// 0.
struct FrameCounters {
  // Counted by the parser, in frames.
  uint64_t skipped_reserved_bits = 0;
  uint64_t skipped_text = 0;
  uint64_t skipped_too_long = 0;
  uint64_t read_non_minimal_length = 0;

  // Counted by the assembler: the first and the last in messages, the other in
  // frames.
  uint64_t dropped_unfinished_message = 0;
  uint64_t dropped_orphan_continuation = 0;
  uint64_t dropped_message_too_long = 0;

  friend bool operator==(const FrameCounters&, const FrameCounters&) = default;
};

struct NamedFrameCount {
  absl::string_view name;  // As the field; static storage.
  uint64_t count;
};

inline constexpr int kFrameCounterCount = 7;

// NamedCounts lists the counters in the order above, for logs and the status.
std::array<NamedFrameCount, kFrameCounterCount> NamedCounts(
    const FrameCounters& counters);

// Sum adds each counter of `a` and `b`.
FrameCounters Sum(const FrameCounters& a, const FrameCounters& b);

}  // namespace ovoc::frame

#endif  // OVOC_FRAME_FRAME_COUNTERS_H_
