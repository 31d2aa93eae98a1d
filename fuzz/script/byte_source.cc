// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/byte_source.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace ovoc::fuzz {

uint8_t ByteSource::Byte() {
  if (rest_.empty()) {
    return 0;
  }
  const uint8_t byte = rest_.front();
  rest_.remove_prefix(1);
  return byte;
}

uint16_t ByteSource::Uint16() {
  const uint8_t high = Byte();
  return static_cast<uint16_t>(high << 8 | Byte());
}

uint32_t ByteSource::Uint32() {
  const uint16_t high = Uint16();
  return static_cast<uint32_t>(high) << 16 | Uint16();
}

size_t ByteSource::Below(size_t limit) { return Byte() % limit; }

absl::Span<const uint8_t> ByteSource::Bytes(size_t count) {
  const absl::Span<const uint8_t> bytes =
      rest_.first(std::min(count, rest_.size()));
  rest_.remove_prefix(bytes.size());
  return bytes;
}

}  // namespace ovoc::fuzz
