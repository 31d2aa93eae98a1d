// SPDX-License-Identifier: Apache-2.0
#include "netif/flow_hash.h"

#include <set>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/packet_fields.h"

namespace ovoc::netif {
namespace {

using Packet = std::vector<uint8_t>;

constexpr uint8_t kIcmpProtocol = 1;

// 169.254.0.2 to 169.254.0.1, ports 0x1234 and 162, without options.
Packet Make(uint8_t protocol) {
  Packet packet = {0x45, 0,        0, 60, 0,    7,    0x40, 0,
                   64,   protocol, 0, 0,  0xA9, 0xFE, 0,    2,
                   0xA9, 0xFE,     0, 1,  0x12, 0x34, 0,    162};
  packet.resize(60);
  return packet;
}

Packet With(Packet packet, size_t at, uint8_t value) {
  packet[at] = value;
  return packet;
}

TEST(FlowHashTest, IsTheSameWhateverElseDiffers) {
  const size_t hash = FlowHash(Make(kUdpProtocol));
  for (const size_t at : {size_t{1}, size_t{3}, size_t{5}, size_t{8},
                          size_t{11}, size_t{24}, size_t{59}}) {
    EXPECT_EQ(FlowHash(With(Make(kUdpProtocol), at, 99)), hash) << at;
  }
  Packet longer = Make(kUdpProtocol);
  longer.resize(1400);
  EXPECT_EQ(FlowHash(longer), hash);
}

TEST(FlowHashTest, DiffersWithAddressesProtocolAndPorts) {
  std::set<size_t> hashes = {FlowHash(Make(kUdpProtocol)),
                             FlowHash(Make(kTcpProtocol)),
                             FlowHash(Make(kIcmpProtocol))};
  for (size_t at = 12; at < 24; ++at) {
    hashes.insert(FlowHash(With(Make(kUdpProtocol), at, 99)));
  }
  EXPECT_EQ(hashes.size(), 15u);
}

TEST(FlowHashTest, FindsThePortsBehindOptions) {
  const Packet plain = Make(kTcpProtocol);
  Packet optioned = plain;
  optioned[0] = 0x46;
  optioned.insert(optioned.begin() + 20, {1, 1, 1, 1});
  EXPECT_EQ(FlowHash(optioned), FlowHash(plain));
}

TEST(FlowHashTest, LooksForPortsOnlyWhereThereAreSome) {
  const Packet echo = Make(kIcmpProtocol);
  EXPECT_EQ(FlowHash(With(echo, 20, 99)), FlowHash(echo));
  for (const size_t at :
       {size_t{6}, size_t{7}}) {  // the first, and a later one
    const Packet fragment = With(Make(kUdpProtocol), at, 0x20);
    EXPECT_EQ(FlowHash(With(fragment, 20, 99)), FlowHash(fragment)) << at;
  }
}

TEST(FlowHashTest, TakesAnything) {
  const Packet whole = Make(kTcpProtocol);
  EXPECT_EQ(FlowHash({}), FlowHash(With(whole, 0, 0x60)));
  const Packet head(whole.begin(), whole.begin() + 20);
  for (size_t size = 0; size < whole.size(); ++size) {
    const size_t hash = FlowHash(absl::MakeConstSpan(whole).first(size));
    EXPECT_EQ(hash, size < 20   ? FlowHash({})
                    : size < 24 ? FlowHash(head)
                                : FlowHash(whole))
        << size;
  }
}

}  // namespace
}  // namespace ovoc::netif
