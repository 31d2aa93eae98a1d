// SPDX-License-Identifier: Apache-2.0
//
// A proxy's answer to CONNECT, in pieces: what came up to the end means what a
// judge makes of it in one piece, and the login is never shown. The last octet
// says how to cut (see Pieces).

#include <string>

#include "absl/strings/match.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_connect.h"
#include "fuzz/oracle/printable_line.h"
#include "fuzz/script/pieces.h"
#include "tunnel/transport/decisions/proxy_exchange.h"

namespace ovoc::fuzz {

using Result = tunnel::ProxyExchange::Result;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  absl::Span<const uint8_t> input(data, size);
  const uint8_t cut = TakeLast(&input);
  // RFC 7617 2: Aladdin and "open sesame".
  const auto login =
      auth::Secret::FromString("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  tunnel::ProxyExchange exchange(&login, absl::UnixEpoch());
  Pieces pieces(input, cut);
  Result result = Result::kNeedMore;
  std::string taken;
  for (absl::Span<const uint8_t> piece;
       result == Result::kNeedMore && pieces.Next(&piece);) {
    result = exchange.OnBytes(piece, absl::UnixEpoch());
    taken.append(piece.begin(), piece.end());
  }
  const NaiveConnect naive = JudgeConnect(taken);
  FUZZ_EXPECT(result == naive.result);
  FUZZ_EXPECT(exchange.OnStreamEnd(absl::OkStatus()) ==
              (result == Result::kOpen ? Result::kOpen : Result::kFailed));
  FUZZ_EXPECT(exchange.OnTime(absl::InfiniteFuture()) != Result::kNeedMore);
  if (result != Result::kOpen) {
    FUZZ_EXPECT(exchange.failure() == naive.failure);
    const std::string detail(exchange.detail().message());
    FUZZ_EXPECT(IsPrintableLine(detail));
    FUZZ_EXPECT(!absl::StrContains(detail, "open sesame"));
    FUZZ_EXPECT(!absl::StrContains(detail, "QWxhZGRpbjpvcGVuIHNlc2FtZQ"));
  }
  return 0;
}

}  // namespace ovoc::fuzz
