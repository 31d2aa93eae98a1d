// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/frame_choices.h"

#include <algorithm>
#include <array>

#include "fuzz/script/pieces.h"

namespace ovoc::fuzz {
namespace {

// Around the lengths where a header changes its form, and where 64 bits end.
constexpr std::array<uint64_t, 16> kFrameLimits = {1500,
                                                   0,
                                                   1,
                                                   2,
                                                   20,
                                                   124,
                                                   125,
                                                   126,
                                                   127,
                                                   1000,
                                                   65534,
                                                   65535,
                                                   65536,
                                                   uint64_t{1} << 32,
                                                   (uint64_t{1} << 63) - 1,
                                                   ~uint64_t{0}};

// Small: a reader allocates as much.
constexpr std::array<size_t, 16> kMessageLimits = {
    1500, 0, 1, 2, 3, 7, 20, 31, 64, 124, 125, 126, 127, 200, 300, 1000};

}  // namespace

frame::FrameParserOptions FrameChoices::parser_options() const {
  return {.profile = options.profile,
          .role = options.role,
          .max_payload_bytes = options.max_payload_bytes};
}

FrameChoices ReadFrameChoices(absl::Span<const uint8_t> input) {
  const uint8_t bits = TakeLast(&input);
  const uint8_t limits = TakeLast(&input);
  FrameChoices choices;
  choices.cuts[0] = TakeLast(&input);
  choices.stream = input.first(std::min(input.size(), kMaxFrameStreamBytes));
  choices.cuts[1] = choices.stream.size() <= kMaxOctetwiseBytes ? 1 : 0;
  choices.options = {
      .profile = (bits & 1) == 0 ? frame::FramingProfile::kOvoc
                                 : frame::FramingProfile::kRfc6455,
      .role = (bits & 2) == 0 ? frame::Role::kClient : frame::Role::kServer,
      .max_payload_bytes = kFrameLimits[limits % 16],
      .max_message_bytes = kMessageLimits[limits / 16]};
  return choices;
}

}  // namespace ovoc::fuzz
