// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_FRAME_UTF8_H_
#define OVOC_FRAME_UTF8_H_

#include <cstdint>

#include "absl/types/span.h"

namespace ovoc::frame {

// Utf8Validator tells whether a stream of octets, given in pieces cut anywhere,
// is UTF-8 as RFC 3629 4 defines it: no overlong form, no surrogate
// (U+D800..U+DFFF), nothing above U+10FFFF.
//
// It fails at the first octet after which no continuation could make the stream
// valid, not only at the end of the character. It stores no text.
class Utf8Validator {
 public:
  // Adds a piece. True: valid so far, though perhaps in the middle of a
  // character. False: invalid, and so is every later call until Reset().
  [[nodiscard]] bool Add(absl::Span<const uint8_t> piece);

  // True when what was added is valid and ends at the end of a character; an
  // empty stream is complete.
  [[nodiscard]] bool Complete() const;

  // Begins a new stream.
  void Reset();

 private:
  // What the next octet must be.
  enum class State {
    kBoundary,   // The first octet of a character.
    kCharacter,  // One of low_..high_, with `remaining_` octets to come.
    kInvalid,    // Nothing: the stream is not UTF-8.
  };

  bool AddFirst(uint8_t octet);
  bool AddNext(uint8_t octet);
  bool Expect(uint8_t remaining, uint8_t low, uint8_t high);
  bool Fail();

  State state_ = State::kBoundary;
  uint8_t remaining_ = 0;  // 1..3 in kCharacter.
  uint8_t low_ = 0;
  uint8_t high_ = 0;
};

}  // namespace ovoc::frame

#endif  // OVOC_FRAME_UTF8_H_
