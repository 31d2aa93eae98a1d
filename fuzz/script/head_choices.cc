// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/head_choices.h"

#include <algorithm>
#include <cstddef>

#include "fuzz/script/pieces.h"

namespace ovoc::fuzz {
namespace {

constexpr size_t kMaxTextBytes = 2048;
constexpr uint8_t kFiller = 255;
constexpr size_t kFillerBytes = 16384 - 64;
constexpr size_t kReasonOffset = 13;  // "HTTP/1.1 101 "

}  // namespace

HeadChoices ReadHeadChoices(absl::Span<const uint8_t> input) {
  HeadChoices choices;
  choices.cut = TakeLast(&input);
  const uint8_t filler = TakeLast(&input);
  input = input.first(std::min(input.size(), kMaxTextBytes));
  choices.text.assign(input.begin(), input.end());
  if (filler == kFiller && choices.cut == kFiller &&
      input.size() >= kReasonOffset) {
    choices.text.insert(kReasonOffset, kFillerBytes, 'r');
  }
  return choices;
}

absl::Span<const uint8_t> Octets(absl::string_view text) {
  return absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()),
                             text.size());
}

}  // namespace ovoc::fuzz
