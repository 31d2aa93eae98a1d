// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/pieces.h"

#include <algorithm>
#include <cstddef>

namespace ovoc::fuzz {
namespace {

constexpr uint8_t kFirstDrawn = 128;
constexpr uint32_t kDrawnLengths = 32;

}  // namespace

uint8_t TakeLast(absl::Span<const uint8_t>* input) {
  if (input->empty()) {
    return 0;
  }
  const uint8_t last = input->back();
  input->remove_suffix(1);
  return last;
}

Pieces::Pieces(absl::Span<const uint8_t> stream, uint8_t how)
    : rest_(stream), how_(how), generator_(how) {}

bool Pieces::Next(absl::Span<const uint8_t>* piece) {
  if (begun_ && rest_.empty()) {
    return false;
  }
  begun_ = true;
  size_t size = how_ == 0 ? rest_.size() : how_;
  if (how_ >= kFirstDrawn) {
    generator_ = generator_ * 1664525 + 1013904223;  // Numerical Recipes 7.1
    size = (generator_ >> 16) % kDrawnLengths;
  }
  *piece = rest_.first(std::min(size, rest_.size()));
  rest_.remove_prefix(piece->size());
  return true;
}

}  // namespace ovoc::fuzz
