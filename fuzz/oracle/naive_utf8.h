// SPDX-License-Identifier: Apache-2.0
//
// UTF-8 by its code points: the slow reader that the fast one is compared with.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_UTF8_H_
#define OVOC_FUZZ_ORACLE_NAIVE_UTF8_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace ovoc::fuzz {

// NaiveUtf8 is what a text is as UTF-8 (RFC 3629).
struct NaiveUtf8 {
  // The octets of the whole characters it begins with.
  size_t whole = 0;
  // The number of octets that are fine: text.size() if nothing is wrong,
  // otherwise the position of the first octet after which nothing could make
  // the text valid. The octets between `whole` and this position begin a
  // character.
  size_t good = 0;
};

// ReadNaiveUtf8 computes every character's number and looks whether it is one
// of Unicode's (not a surrogate, at most U+10FFFF) that needs so many octets.
// Of a character that is cut it looks whether any of the numbers it can become
// is.
NaiveUtf8 ReadNaiveUtf8(absl::Span<const uint8_t> text);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_UTF8_H_
