// SPDX-License-Identifier: Apache-2.0
//
// A response head, however it is cut: what a reader that splits all of it into
// lines makes of it. For the input see HeadChoices.

#include "auth/response_head.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_head.h"
#include "fuzz/script/head_choices.h"
#include "fuzz/script/pieces.h"

namespace ovoc::fuzz {
namespace {

using Result = auth::ResponseHeadParser::Result;

void Check(absl::string_view text, const NaiveHead& naive, uint8_t cut) {
  auth::ResponseHeadParser parser;
  Pieces pieces(Octets(text), cut);
  Result result = Result::kNeedMore;
  size_t consumed = 0;
  size_t taken = 0;
  for (absl::Span<const uint8_t> piece; pieces.Next(&piece);) {
    result = parser.Add(piece, &taken);
    FUZZ_EXPECT(result != Result::kNeedMore || taken == piece.size());
    consumed += taken;
  }
  FUZZ_EXPECT(consumed == naive.consumed);
  FUZZ_EXPECT(result == (naive.end == NaiveHead::End::kOpen ? Result::kNeedMore
                         : naive.end == NaiveHead::End::kDone
                             ? Result::kDone
                             : Result::kError));
  FUZZ_EXPECT(SaysTheSame(parser, naive));
  FUZZ_EXPECT(parser.EndOfInput().ok() == (result == Result::kDone));
  FUZZ_EXPECT(parser.Add(Octets("\r\n\r\n"), &taken) ==
              (result == Result::kDone ? Result::kDone : Result::kError));
  FUZZ_EXPECT(taken == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const HeadChoices in = ReadHeadChoices({data, size});
  const NaiveHead naive = ReadNaiveHead(in.text);
  Check(in.text, naive, in.cut);
  return 0;
}

}  // namespace ovoc::fuzz
