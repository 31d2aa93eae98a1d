// SPDX-License-Identifier: Apache-2.0
//
// A fuzzer's input as a source of choices.

#ifndef OVOC_FUZZ_SCRIPT_BYTE_SOURCE_H_
#define OVOC_FUZZ_SCRIPT_BYTE_SOURCE_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace ovoc::fuzz {

// ByteSource hands out an input from front to back, and then goes on with
// zeros. So a script that is cut anywhere is a script too, and a mutation in
// the middle does not change the meaning of what comes before it. Numbers are
// big-endian.
class ByteSource {
 public:
  // The input outlives the source and the views it gives.
  explicit ByteSource(absl::Span<const uint8_t> input) : rest_(input) {}

  bool empty() const { return rest_.empty(); }
  absl::Span<const uint8_t> rest() const { return rest_; }

  uint8_t Byte();
  uint16_t Uint16();
  uint32_t Uint32();
  // A number below `limit` (1..256), one byte of input.
  size_t Below(size_t limit);
  // The next `count` bytes, or fewer at the end.
  absl::Span<const uint8_t> Bytes(size_t count);
  // One byte of length, then so many bytes.
  absl::Span<const uint8_t> Block() { return Bytes(Byte()); }
  // Two bytes of length, then so many bytes.
  absl::Span<const uint8_t> LongBlock() { return Bytes(Uint16()); }

 private:
  absl::Span<const uint8_t> rest_;
};

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_SCRIPT_BYTE_SOURCE_H_
