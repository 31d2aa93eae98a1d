// SPDX-License-Identifier: Apache-2.0
//
// A client's request head, however it is cut: what a reader of its lines makes
// of it. Its end: the tolerance (odd: nginx's) and the cut, see Pieces.

#include "conformance/ovoc_server/request_head.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_request.h"
#include "fuzz/script/head_choices.h"
#include "fuzz/script/pieces.h"

namespace ovoc::fuzz {
namespace {

using conformance::RequestHeadParser;
using conformance::Tolerance;

void Check(absl::string_view text, Tolerance tolerance, uint8_t cut) {
  const NaiveRequest naive = ReadNaiveRequest(text, tolerance);
  RequestHeadParser parser(tolerance);
  Pieces pieces(Octets(text), cut);
  auto result = RequestHeadParser::Result::kNeedMore;
  size_t consumed = 0;
  for (absl::Span<const uint8_t> piece; pieces.Next(&piece);) {
    size_t taken = 0;
    result = parser.Add(piece, &taken);
    consumed += taken;
  }
  FUZZ_EXPECT(SaysTheSame(parser, result, consumed, naive));
  if (result == RequestHeadParser::Result::kDone) {
    const std::string again = Serialize(parser.head());
    RequestHeadParser strict(Tolerance::kStrict);
    FUZZ_EXPECT(strict.Add(Octets(again), &consumed) == result);
    FUZZ_EXPECT(Serialize(strict.head()) == again);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  absl::Span<const uint8_t> text(data, size);
  const uint8_t cut = TakeLast(&text);
  const Tolerance tolerances[] = {Tolerance::kStrict, Tolerance::kNginx};
  const Tolerance tolerance = tolerances[TakeLast(&text) % 2];
  Check({reinterpret_cast<const char*>(text.data()), text.size()}, tolerance,
        cut);
  return 0;
}

}  // namespace ovoc::fuzz
