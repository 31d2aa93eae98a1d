// SPDX-License-Identifier: Apache-2.0
//
// A burst cut into packets against a second, slow cutter.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_bursts.h"
#include "fuzz/script/burst_script.h"
#include "fuzz/script/byte_source.h"
#include "netif/segmentation.h"
#include "netif/virtio_net_header.h"

namespace fuzz = ovoc::fuzz;
namespace netif = ovoc::netif;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::ByteSource source({data, size});
  const netif::FlowBurst burst = fuzz::ReadBurst(&source);
  std::array<uint8_t, netif::kVirtioNetHeaderBytes> bytes = {};
  EncodeVirtioNetHeader(burst.header, absl::MakeSpan(bytes));
  FUZZ_EXPECT(netif::DecodeVirtioNetHeader(bytes) == burst.header);

  netif::Segmenter segmenter;
  const netif::SegmentationError error = segmenter.Begin(burst.view());
  FUZZ_EXPECT(Describe(error) != "unknown");
  const auto expected = fuzz::NaiveCut(burst.view());
  FUZZ_EXPECT((error == netif::SegmentationError::kNone) ==
              expected.has_value());
  FUZZ_EXPECT(segmenter.done() == !expected.has_value());
  for (size_t i = 0; expected && i < expected->size(); ++i) {
    FUZZ_EXPECT(!segmenter.done());
    FUZZ_EXPECT(segmenter.next_bytes() == (*expected)[i].size());
    if (size % 4 == 0 && i % 2 == 1) {
      segmenter.Skip();
      continue;
    }
    std::vector<uint8_t> packet(segmenter.next_bytes());
    const absl::Span<uint8_t> out = absl::MakeSpan(packet);
    FUZZ_EXPECT(segmenter.Next(out.first(packet.size() - 1)) == 0);
    FUZZ_EXPECT(segmenter.Next(out) == packet.size());
    FUZZ_EXPECT(packet == (*expected)[i]);
  }
  FUZZ_EXPECT(segmenter.done() && segmenter.next_bytes() == 0);
  FUZZ_EXPECT(segmenter.Next(absl::MakeSpan(bytes)) == 0);
  return 0;
}
