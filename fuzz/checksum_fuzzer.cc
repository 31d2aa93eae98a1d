// SPDX-License-Identifier: Apache-2.0
//
// The checksum, 32 bits at a time, against a loop over bytes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_packets.h"
#include "fuzz/script/byte_source.h"
#include "netif/checksum.h"

namespace fuzz = ovoc::fuzz;
using ovoc::netif::InternetChecksum;
using ovoc::netif::Ipv4Address;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* input, size_t size) {
  fuzz::ByteSource source({input, size});
  const uint32_t initial = source.Uint32();
  const size_t cut = source.Byte() & ~size_t{1};
  source.Bytes(source.Below(4));  // four places for the first byte in a word
  const absl::Span<const uint8_t> data = source.rest();
  FUZZ_EXPECT(InternetChecksum(data, initial) ==
              fuzz::NaiveChecksum(data, initial));

  // Part by part, at an even place.
  const size_t first = std::min(cut, data.size() & ~size_t{1});
  const uint16_t part = InternetChecksum(data.first(first));
  FUZZ_EXPECT(InternetChecksum(data.subspan(first), uint16_t(~part)) ==
              InternetChecksum(data));

  std::vector<uint8_t> pseudo(data.size());
  FUZZ_EXPECT(ovoc::netif::CopyAndChecksum(data, absl::MakeSpan(pseudo)) ==
              InternetChecksum(data));
  FUZZ_EXPECT(absl::MakeConstSpan(pseudo) == data);
  // Two addresses, zero, protocol, length: the pseudo header of RFC 9293 3.1.
  pseudo.resize(12);
  pseudo[8] = 0;
  fuzz::ByteSource fields(pseudo);
  const auto from = Ipv4Address::FromHostOrder(fields.Uint32());
  const auto to = Ipv4Address::FromHostOrder(fields.Uint32());
  const auto protocol = static_cast<uint8_t>(fields.Uint16());
  const uint32_t sum =
      ovoc::netif::PseudoHeaderSum(from, to, protocol, fields.Uint16());
  FUZZ_EXPECT(InternetChecksum(data, sum) ==
              fuzz::NaiveChecksum(data, 0xFFFFu - fuzz::NaiveChecksum(pseudo)));
  return 0;
}
