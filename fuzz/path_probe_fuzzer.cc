// SPDX-License-Identifier: Apache-2.0
//
// Echoes over any path. Input: the MTU, then each reply's time in 20 ms; 0:
// none

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>

#include "absl/time/time.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/script/byte_source.h"
#include "tunnel/check/findings/path_probe.h"

using ovoc::tunnel::PathProbe;
using Verdict = ovoc::tunnel::PathFindings::Verdict;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ovoc::fuzz::ByteSource source({data, size});
  const size_t mtu = 68 + source.Uint16() % (1500u - 67);
  absl::Time now = absl::UnixEpoch();
  PathProbe probe(mtu, now);
  std::multimap<absl::Time, ovoc::tunnel::EchoProbe> replies;
  size_t sent = 0, largest = 0;
  while (!probe.done()) {
    if (const auto echo = probe.Next(now)) {
      FUZZ_EXPECT(echo->bytes <= mtu && ++sent <= PathProbe::kMaxProbes);
      const int ms = 20 * source.Byte();  // 0: not before the end
      replies.emplace(now + absl::Milliseconds(ms > 0 ? ms : 20000), *echo);
    } else if (probe.done()) {
      break;
    } else if (!replies.empty() && replies.begin()->first < probe.NextTime()) {
      const auto reply = replies.extract(replies.begin());
      now = reply.key();
      largest = std::max(largest, reply.mapped().bytes);
      probe.OnReply(reply.mapped().sequence, reply.mapped().bytes, now);
    } else {
      now = probe.NextTime();
    }
    FUZZ_EXPECT(now <= absl::UnixEpoch() + PathProbe::kMaxTime);
  }
  const auto& f = probe.findings();
  FUZZ_EXPECT(f.largest_bytes == largest);
  FUZZ_EXPECT((f.verdict == Verdict::kNoReply) == (largest == 0));
  FUZZ_EXPECT(f.verdict != Verdict::kWhole || largest == mtu);
  FUZZ_EXPECT(f.lost_bytes == 0 || f.lost_bytes > largest);
  FUZZ_EXPECT(f.verdict != Verdict::kSmaller || f.lost_bytes == largest + 1);
  return 0;
}
