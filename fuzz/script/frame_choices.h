// SPDX-License-Identifier: Apache-2.0
//
// What the end of an input chooses for a target that reads frames.

#ifndef OVOC_FUZZ_SCRIPT_FRAME_CHOICES_H_
#define OVOC_FUZZ_SCRIPT_FRAME_CHOICES_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "frame/frame_parser.h"
#include "frame/message_reader.h"

namespace ovoc::fuzz {

// Of a longer input the rest is left out: what can go wrong does so earlier,
// and short inputs are many inputs.
inline constexpr size_t kMaxFrameStreamBytes = 512;
// Up to so many octets are read octet by octet, too.
inline constexpr size_t kMaxOctetwiseBytes = 64;

// FrameChoices is an input taken apart. Its last three octets are
//   cut      the first of `cuts`
//   limits   bits 0..3 of a frame, bits 4..7 of a message: places in a list
//   options  bit 0 the profile: 0 ovoc, 1 rfc6455; bit 1 the role: 0 client,
//            1 server
// and all before them is the stream. Each is 0 when it is missing.
struct FrameChoices {
  absl::Span<const uint8_t> stream;
  // How to cut the stream, one way after the other; see Pieces. The second is
  // octet by octet, or whole when that would take long.
  std::array<uint8_t, 2> cuts = {0, 1};
  frame::MessageReaderOptions options;

  frame::FrameParserOptions parser_options() const;
};

FrameChoices ReadFrameChoices(absl::Span<const uint8_t> input);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_SCRIPT_FRAME_CHOICES_H_
