// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_utf8.h"

#include <algorithm>

namespace ovoc::fuzz {
namespace {

constexpr size_t kMaxCharacterBytes = 4;

// How many octets a character has by its first: as many as that has leading
// ones, or one; 0 when it is no first octet.
size_t SizeByFirst(uint32_t first) {
  if (first < 0x80) {
    return 1;
  }
  size_t ones = 0;
  while (ones < 8 && (first & (0x80U >> ones)) != 0) {
    ++ones;
  }
  return ones == 1 || ones > kMaxCharacterBytes ? 0 : ones;
}

// True when a character of `size` octets has a number in low..high, both
// included.
bool AnyCharacter(size_t size, uint32_t low, uint32_t high) {
  const auto meets = [low, high](uint32_t from, uint32_t to) {
    return low <= to && from <= high;
  };
  switch (size) {
    case 1:
      return meets(0, 0x7F);
    case 2:
      return meets(0x80, 0x7FF);
    case 3:
      return meets(0x800, 0xD7FF) || meets(0xE000, 0xFFFF);
    default:
      return meets(0x10000, 0x10FFFF);
  }
}

// True when the octets are a character or can become one.
bool CanBeCharacter(absl::Span<const uint8_t> octets, size_t size) {
  if (size == 0) {
    return false;
  }
  uint32_t number = size == 1 ? octets[0] : octets[0] & (0xFFU >> (size + 1));
  for (size_t i = 1; i < octets.size(); ++i) {
    if (octets[i] / 64 != 2) {
      return false;
    }
    number = number * 64 + octets[i] % 64;
  }
  uint32_t low = number;
  uint32_t high = number;
  for (size_t i = octets.size(); i < size; ++i) {
    low = low * 64;
    high = high * 64 + 63;
  }
  return AnyCharacter(size, low, high);
}

}  // namespace

NaiveUtf8 ReadNaiveUtf8(absl::Span<const uint8_t> text) {
  size_t whole = 0;
  while (whole < text.size()) {
    const size_t size = SizeByFirst(text[whole]);
    const size_t there =
        std::min(std::max<size_t>(size, 1), text.size() - whole);
    for (size_t i = 1; i <= there; ++i) {
      if (!CanBeCharacter(text.subspan(whole, i), size)) {
        return {.whole = whole, .good = whole + i - 1};
      }
    }
    if (there < size) {
      break;
    }
    whole += size;
  }
  return {.whole = whole, .good = text.size()};
}

}  // namespace ovoc::fuzz
