// SPDX-License-Identifier: Apache-2.0
//
// The fields of an IPv4 header against a second reader.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_packets.h"
#include "fuzz/script/byte_source.h"
#include "netif/ipv4_packet.h"

using ovoc::netif::Ipv4Error;
using ovoc::netif::Ipv4Packet;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ovoc::fuzz::ByteSource source({data, size});
  const uint8_t mend = source.Byte();
  std::vector<uint8_t> b(source.rest().begin(), source.rest().end());
  ovoc::fuzz::MendPacket(mend, &b);
  Ipv4Packet packet;
  const Ipv4Error error = Ipv4Packet::Parse(b, &packet);
  FUZZ_EXPECT(Describe(error) != "unknown");
  FUZZ_EXPECT((error == Ipv4Error::kNone) == ovoc::fuzz::IsWellFormed(b));
  if (error != Ipv4Error::kNone) {
    FUZZ_EXPECT(packet.header_bytes() == 0 && packet.ttl() == 0);
    return 0;
  }
  const auto word = [&b](size_t at) { return b[at] * 256u + b[at + 1]; };
  FUZZ_EXPECT(packet.source().value() == (word(12) << 16 | word(14)));
  FUZZ_EXPECT(packet.destination().value() == (word(16) << 16 | word(18)));
  FUZZ_EXPECT(packet.header_bytes() + packet.payload().size() == word(2));
  FUZZ_EXPECT(packet.identification() == word(4));
  FUZZ_EXPECT(packet.more_fragments() == (b[6] / 32 % 2 == 1));
  FUZZ_EXPECT(packet.fragment_offset() / 8 == word(6) % 8192);
  FUZZ_EXPECT(packet.is_fragment() == (word(6) % 16384 != 0));
  FUZZ_EXPECT(packet.ttl() == b[8] && packet.protocol() == b[9]);
  FUZZ_EXPECT(packet.header_bytes() / 4 == b[0] % 16u);
  const absl::Span<const uint8_t> all(b);
  FUZZ_EXPECT(packet.header() == all.first(packet.header_bytes()));
  FUZZ_EXPECT(packet.options() == packet.header().subspan(20));
  FUZZ_EXPECT(packet.payload() == all.subspan(packet.header_bytes()));
  return 0;
}
