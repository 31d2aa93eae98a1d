// SPDX-License-Identifier: Apache-2.0
//
// A stream cut into pieces as a fuzzer's input says.

#ifndef OVOC_FUZZ_SCRIPT_PIECES_H_
#define OVOC_FUZZ_SCRIPT_PIECES_H_

#include <cstdint>

#include "absl/types/span.h"

namespace ovoc::fuzz {

// TakeLast removes the last octet of an input and returns it; 0 when there is
// none. Targets that read a stream take their choices from the end, so that a
// recorded stream is a seed as it is.
uint8_t TakeLast(absl::Span<const uint8_t>* input);

// Pieces cuts a stream. `how` says where:
//   0          nowhere: one piece
//   1..127     after every `how` octets, so 1 is octet by octet
//   128..255   pieces of 0 to 31 octets, drawn from a generator that begins
//              with `how`
// Pieces view the stream: together, and in order, they are the stream.
class Pieces {
 public:
  Pieces(absl::Span<const uint8_t> stream, uint8_t how);

  // False, and `piece` is left alone, when the stream is used up. An empty
  // stream is one empty piece.
  bool Next(absl::Span<const uint8_t>* piece);

 private:
  absl::Span<const uint8_t> rest_;
  uint8_t how_;
  uint32_t generator_;
  bool begun_ = false;
};

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_SCRIPT_PIECES_H_
