// SPDX-License-Identifier: Apache-2.0
//
// UTF-8 in pieces against code points: valid or not, and known at the same
// octet. Input: the text, then one octet that says how it is cut (see Pieces).

#include <cstddef>
#include <cstdint>

#include "frame/utf8.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_utf8.h"
#include "fuzz/script/pieces.h"

namespace ovoc::fuzz {
namespace {

void Check(absl::Span<const uint8_t> text, const NaiveUtf8& naive, uint8_t cut,
           frame::Utf8Validator* validator) {
  validator->Reset();
  Pieces pieces(text, cut);
  size_t added = 0;
  for (absl::Span<const uint8_t> piece; pieces.Next(&piece);) {
    added += piece.size();
    FUZZ_EXPECT(validator->Add(piece) == (added <= naive.good));
  }
  FUZZ_EXPECT(validator->Add({}) == (naive.good == text.size()));
  FUZZ_EXPECT(validator->Complete() == (naive.whole == text.size()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  absl::Span<const uint8_t> text(data, size);
  const uint8_t cut = TakeLast(&text);
  const NaiveUtf8 naive = ReadNaiveUtf8(text);
  frame::Utf8Validator validator;
  Check(text, naive, 0, &validator);
  Check(text, naive, 1, &validator);
  Check(text, naive, cut, &validator);
  // Exactly at the octet that settles it.
  if (naive.good < text.size()) {
    validator.Reset();
    FUZZ_EXPECT(validator.Add(text.first(naive.good)));
    FUZZ_EXPECT(!validator.Add(text.subspan(naive.good, 1)));
  }
  return 0;
}

}  // namespace ovoc::fuzz
