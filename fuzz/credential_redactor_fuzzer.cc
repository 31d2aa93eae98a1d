// SPDX-License-Identifier: Apache-2.0
//
// What a recording keeps of an HTTP connection: no credential, and all else.
// The last octet cuts the stream; the one before it says behind how many
// octets, less one, the connection is upgraded, or (0) that it never is.

#include <algorithm>

#include "conformance/recording/credential_redactor.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_redaction.h"
#include "fuzz/script/head_choices.h"
#include "fuzz/script/pieces.h"

namespace ovoc::fuzz {

static std::string Recorded(absl::Span<const uint8_t> stream, size_t upgrade,
                            uint8_t cut) {
  conformance::CredentialRedactor redactor;
  std::string recorded;
  const size_t first = std::min(upgrade, stream.size());
  for (const auto part : {stream.first(first), stream.subspan(first)}) {
    Pieces pieces(part, cut);
    for (absl::Span<const uint8_t> piece; pieces.Next(&piece);) {
      const std::vector<uint8_t> out = redactor.Redact(piece);
      recorded.append(out.begin(), out.end());
    }
    if (upgrade != absl::string_view::npos) {
      redactor.ExpectFrames();
    }
  }
  const std::vector<uint8_t> held = redactor.Finish();
  return recorded.append(held.begin(), held.end());
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  absl::Span<const uint8_t> input(data, size);
  const uint8_t cut = TakeLast(&input);
  const size_t upgrade = TakeLast(&input) - size_t{1};
  const std::string stream(input.begin(), input.end());
  const std::string recorded = Recorded(Octets(stream), upgrade, cut);
  FUZZ_EXPECT(recorded == ReadNaiveRedaction(stream, upgrade).recorded);
  const NaiveRedaction naive = ReadNaiveRedaction(stream, stream.npos);
  FUZZ_EXPECT(naive.values > 0 || recorded == stream);
  FUZZ_EXPECT(Recorded(Octets(naive.other), stream.npos, cut) ==
              naive.recorded);
  return 0;
}

}  // namespace ovoc::fuzz
