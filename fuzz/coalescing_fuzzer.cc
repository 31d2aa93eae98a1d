// SPDX-License-Identifier: Apache-2.0
//
// Packets joined into bursts, and cut again, are the packets.

#include <cstddef>
#include <cstdint>
#include <deque>

#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_bursts.h"
#include "fuzz/script/burst_script.h"
#include "fuzz/script/byte_source.h"
#include "netif/coalescing.h"

namespace fuzz = ovoc::fuzz;
namespace netif = ovoc::netif;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::ByteSource source({data, size});
  const size_t choice = source.Below(4);
  const netif::Coalescer::Options options = {choice % 2 == 0, choice < 2};
  std::deque<fuzz::NaivePacket> waiting;
  netif::Coalescer coalescer(options, [&](const netif::Burst& burst) {
    const auto packets = fuzz::NaiveCut(burst);
    FUZZ_EXPECT(packets && packets->size() <= waiting.size());
    const bool is_udp = burst.header.gso == netif::GsoType::kUdp;
    const bool is_joined = burst.header.gso != netif::GsoType::kNone;
    FUZZ_EXPECT(is_joined == (packets->size() > 1));
    FUZZ_EXPECT(!is_joined || (is_udp ? options.udp : options.tcp));
    FUZZ_EXPECT(!is_udp || packets->size() <= netif::kMaxBurstDatagrams);
    for (const fuzz::NaivePacket& packet : *packets) {
      FUZZ_EXPECT(burst.header == netif::VirtioNetHeader() ||
                  fuzz::HasRightChecksums(waiting.front()));
      FUZZ_EXPECT(is_joined ? fuzz::IsSamePacket(packet, waiting.front())
                            : packet == waiting.front());
      waiting.pop_front();
    }
  });
  fuzz::FlowScript script(&source);
  while (!source.empty()) {
    waiting.push_back(script.Next());
    coalescer.Add(waiting.back());
    if (source.Below(32) == 0 || source.empty()) {
      coalescer.Flush();
      FUZZ_EXPECT(waiting.empty());
    }
  }
  return 0;
}
