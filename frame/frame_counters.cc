// SPDX-License-Identifier: Apache-2.0
#include "frame/frame_counters.h"

#include <cstddef>

namespace ovoc::frame {
namespace {

struct Field {
  absl::string_view name;
  uint64_t FrameCounters::* count;
};

constexpr std::array<Field, kFrameCounterCount> kFields = {{
    {"skipped_reserved_bits", &FrameCounters::skipped_reserved_bits},
    {"skipped_text", &FrameCounters::skipped_text},
    {"skipped_too_long", &FrameCounters::skipped_too_long},
    {"read_non_minimal_length", &FrameCounters::read_non_minimal_length},
    {"dropped_unfinished_message", &FrameCounters::dropped_unfinished_message},
    {"dropped_orphan_continuation",
     &FrameCounters::dropped_orphan_continuation},
    {"dropped_message_too_long", &FrameCounters::dropped_message_too_long},
}};
static_assert(sizeof(FrameCounters) == kFrameCounterCount * sizeof(uint64_t),
              "every counter has a row");

}  // namespace

std::array<NamedFrameCount, kFrameCounterCount> NamedCounts(
    const FrameCounters& counters) {
  std::array<NamedFrameCount, kFrameCounterCount> named;
  for (size_t i = 0; i < kFields.size(); ++i) {
    named[i] = {kFields[i].name, counters.*kFields[i].count};
  }
  return named;
}

FrameCounters Sum(const FrameCounters& a, const FrameCounters& b) {
  FrameCounters sum;
  for (const Field& field : kFields) {
    sum.*field.count = a.*field.count + b.*field.count;
  }
  return sum;
}

}  // namespace ovoc::frame
