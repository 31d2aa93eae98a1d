// SPDX-License-Identifier: Apache-2.0
//
// The payload of a Close frame to code and reason and back: the rule broken is
// the one a plain reader finds, and what is valid comes back octet by octet,
// cut to any room at the end of a character. The last octet is the room.

#include <algorithm>
#include <array>

#include "frame/close_code.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_messages.h"
#include "fuzz/oracle/naive_utf8.h"
#include "fuzz/script/pieces.h"

namespace ovoc::fuzz {

using frame::ClosePayloadResult;
using frame::FrameError;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  absl::Span<const uint8_t> in(data, std::min<size_t>(size, 300));
  const size_t room = TakeLast(&in) % 130;
  frame::ClosePayload close = {frame::CloseCode::kTlsHandshake, "untouched"};
  const ClosePayloadResult result = frame::ParseClosePayload(in, &close);
  const FrameError naive = NaiveCloseError(in);
  FUZZ_EXPECT((result == ClosePayloadResult::kTruncatedCode) ==
              (naive == FrameError::kInvalidClosePayload));
  FUZZ_EXPECT((result == ClosePayloadResult::kInvalidCode) ==
              (naive == FrameError::kInvalidCloseCode));
  FUZZ_EXPECT((result == ClosePayloadResult::kInvalidReason) ==
              (naive == FrameError::kInvalidCloseReason));
  if (result != ClosePayloadResult::kOk) {
    FUZZ_EXPECT(close.reason == "untouched");
    return 0;
  }
  std::array<uint8_t, 130> out;
  out.fill(0xA5);
  const size_t written = frame::EncodeClosePayload(
      close.code, close.reason, absl::MakeSpan(out).first(room));
  const size_t fits = std::min({in.size(), room, size_t{125}});
  FUZZ_EXPECT(fits < 2 ? written == 0
                       : written ==
                             2 + ReadNaiveUtf8(in.subspan(2, fits - 2)).whole);
  FUZZ_EXPECT(absl::MakeConstSpan(out).first(written) == in.first(written));
  FUZZ_EXPECT(out[written] == 0xA5);
  return 0;
}

}  // namespace ovoc::fuzz
