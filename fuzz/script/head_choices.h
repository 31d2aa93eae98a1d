// SPDX-License-Identifier: Apache-2.0
//
// What the end of an input chooses for a target that reads a response head.

#ifndef OVOC_FUZZ_SCRIPT_HEAD_CHOICES_H_
#define OVOC_FUZZ_SCRIPT_HEAD_CHOICES_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::fuzz {

// HeadChoices is an input taken apart. Its last two octets are
//   filler   255 and cut 255: so many letters are put into the reason phrase
//            that 64 bytes of the text come to the limit of a head. Two octets
//            say so, since such an input takes as long as thirty others.
//   cut      see Pieces
// and all before them is the text. Each is 0 when it is missing.
struct HeadChoices {
  std::string text;
  uint8_t cut = 0;
};

HeadChoices ReadHeadChoices(absl::Span<const uint8_t> input);

// Octets views a text as octets.
absl::Span<const uint8_t> Octets(absl::string_view text);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_SCRIPT_HEAD_CHOICES_H_
