// SPDX-License-Identifier: Apache-2.0

#include "netif/icmp_message.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"

namespace ovoc::netif {
namespace {

// Fragmentation needed, next-hop MTU 600, about a UDP packet.
std::vector<uint8_t> FragmentationNeeded() {
  return {
      0x03, 0x04, 0x4A, 0x97,  // type 3, code 4, checksum
      0x00, 0x00, 0x02, 0x58,  // unused, MTU 600 (RFC 1191 4)
      0x45, 0x00, 0x00, 0x1C,  // the quote: version 4, IHL 5, length 28
      0x00, 0x01, 0x00, 0x00,  // identification, no fragment
      0x40, 0x11, 0xF6, 0xBA,  // TTL 64, UDP, checksum
      0xC0, 0x00, 0x02, 0x14,  // 192.0.2.20
      0xC0, 0x00, 0x02, 0x01,  // 192.0.2.1
      0x9C, 0x40, 0x13, 0xC4,  // ports 40000, 5060
      0x00, 0x08, 0x00, 0x00,  // length, checksum
  };
}

TEST(IcmpMessageTest, KnowsEachTypeThatConcernsMoreThanTheTunnel) {
  for (int type = 0; type <= 255; ++type) {
    const std::vector<uint8_t> message = {static_cast<uint8_t>(type)};
    IcmpKind expected = IcmpKind::kHarmless;
    if (type == 3 || type == 4 || type == 11 || type == 12 || type == 31 ||
        type == 40) {
      expected = IcmpKind::kError;
    } else if (type == 5) {
      expected = IcmpKind::kRedirect;
    } else if (type == 9) {
      expected = IcmpKind::kRouterAdvertisement;
    }
    EXPECT_EQ(KindOf(message), expected) << type;
  }
  EXPECT_EQ(KindOf({}), IcmpKind::kHarmless);
}

TEST(IcmpMessageTest, ReadsTheAddressesOfTheQuotedPacket) {
  const std::optional<QuotedPacket> quote = ReadQuote(FragmentationNeeded());
  ASSERT_TRUE(quote.has_value());
  EXPECT_EQ(quote->source.ToString(), "192.0.2.20");
  EXPECT_EQ(quote->destination.ToString(), "192.0.2.1");
}

TEST(IcmpMessageTest, RefusesAQuoteCutAnywhere) {
  const std::vector<uint8_t> whole = FragmentationNeeded();
  for (size_t cut = 0; cut < whole.size(); ++cut) {
    // A copy of its own, so that a sanitizer sees a read beyond it.
    const std::vector<uint8_t> bytes(
        whole.begin(), whole.begin() + static_cast<ptrdiff_t>(cut));
    EXPECT_FALSE(ReadQuote(bytes).has_value()) << cut;
  }
  std::vector<uint8_t> more = whole;
  more.push_back(0);
  EXPECT_TRUE(ReadQuote(more).has_value()) << "more data than needed";
}

TEST(IcmpMessageTest, RefusesAQuoteThatIsNoIpv4Header) {
  constexpr uint8_t kFirst[] = {0x00, 0x05, 0x40, 0x44, 0x55, 0x65, 0xF5};
  for (const uint8_t first : kFirst) {
    std::vector<uint8_t> message = FragmentationNeeded();
    message[8] = first;
    EXPECT_FALSE(ReadQuote(message).has_value()) << int{first};
  }
}

TEST(IcmpMessageTest, CountsTheOptionsOfTheQuotedHeader) {
  std::vector<uint8_t> message = FragmentationNeeded();
  message[8] = 0x46;  // IHL 6: four bytes of the data are options now
  EXPECT_FALSE(ReadQuote(message).has_value());
  message.insert(message.end(), 4, 0);
  EXPECT_TRUE(ReadQuote(message).has_value());
  message[8] = 0x4F;  // IHL 15
  EXPECT_FALSE(ReadQuote(message).has_value());
  message.resize(8 + 60 + 8, 0);
  EXPECT_TRUE(ReadQuote(message).has_value());
}

}  // namespace
}  // namespace ovoc::netif
