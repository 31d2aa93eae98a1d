// SPDX-License-Identifier: Apache-2.0

#include "netif/checksum.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"

namespace ovoc::netif {
namespace {

// ByteLoop is RFC 1071 word for word, one byte at a time.
uint16_t ByteLoop(absl::Span<const uint8_t> data, uint32_t initial) {
  uint32_t sum = initial;
  for (size_t i = 0; i < data.size(); ++i) {
    sum += i % 2 == 0 ? static_cast<uint32_t>(data[i]) << 8 : data[i];
    while (sum > 0xFFFF) {
      sum = (sum & 0xFFFF) + (sum >> 16);
    }
  }
  while (sum > 0xFFFF) {
    sum = (sum & 0xFFFF) + (sum >> 16);
  }
  return static_cast<uint16_t>(~sum);
}

// Bytes that look random and are the same in every run.
std::vector<uint8_t> NoisyBytes(size_t size) {
  std::vector<uint8_t> bytes(size);
  uint32_t state = 1;
  for (uint8_t& byte : bytes) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<uint8_t>(state >> 24);
  }
  return bytes;
}

TEST(ChecksumTest, AgreesWithTheExampleOfRfc1071) {
  // RFC 1071 3: the sum is DDF2, so the checksum is its complement 220D.
  const std::vector<uint8_t> data = {0x00, 0x01, 0xF2, 0x03,
                                     0xF4, 0xF5, 0xF6, 0xF7};
  EXPECT_EQ(InternetChecksum(data), 0x220D);
}

TEST(ChecksumTest, PadsAnOddByteWithAZero) {
  const std::vector<uint8_t> odd = {0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6};
  const std::vector<uint8_t> even = {0x00, 0x01, 0xF2, 0x03,
                                     0xF4, 0xF5, 0xF6, 0x00};
  EXPECT_EQ(InternetChecksum(odd), 0x2304);
  EXPECT_EQ(InternetChecksum(even), 0x2304);
}

TEST(ChecksumTest, GivesKnownAnswersForTheSmallestInputs) {
  struct Case {
    const char* name;
    std::vector<uint8_t> data;
    uint32_t initial;
    uint16_t expected;
  };
  const Case kCases[] = {
      {"nothing", {}, 0, 0xFFFF},
      {"only an initial sum", {}, 0x1234, 0xEDCB},
      {"an initial sum above 16 bits", {}, 0x0001FFFF, 0xFFFE},
      {"the largest initial sum", {}, 0xFFFFFFFF, 0x0000},
      {"one byte is the high one", {0x12}, 0, 0xEDFF},
      {"two bytes in network order", {0x12, 0x34}, 0, 0xEDCB},
      {"three bytes", {0x12, 0x34, 0x01}, 0, 0xECCB},
      {"all ones", {0xFF, 0xFF}, 0, 0x0000},
      {"end-around carry", {0xFF, 0xFF, 0x00, 0x01}, 0, 0xFFFE},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(InternetChecksum(c.data, c.initial), c.expected) << c.name;
  }
}

TEST(ChecksumTest, FillsInAndVerifiesAnIpv4Header) {
  std::vector<uint8_t> header = {
      0x45, 0x00,              // version 4, IHL 5; traffic class
      0x00, 0x73,              // total length 115
      0x00, 0x00, 0x40, 0x00,  // identification; don't fragment
      0x40, 0x11,              // TTL 64, UDP
      0x00, 0x00,              // checksum, to be filled in
      0xC0, 0xA8, 0x00, 0x01,  // 192.168.0.1
      0xC0, 0xA8, 0x00, 0xC7,  // 192.168.0.199
  };
  ASSERT_EQ(InternetChecksum(header), 0xB861);
  header[10] = 0xB8;
  header[11] = 0x61;
  EXPECT_EQ(InternetChecksum(header), 0);
}

TEST(ChecksumTest, VerifiesADatagramThatTheLinuxKernelMade) {
  const Ipv4Address source = Ipv4Address::FromHostOrder(0xA9FE0003);
  const Ipv4Address destination = Ipv4Address::FromHostOrder(0xA9FE0001);
  std::vector<uint8_t> udp = {
      0xCC, 0xDB, 0x00, 0x09,  // source port 52443, destination port 9
      0x00, 0x6C, 0x56, 0xA9,  // length 108, checksum
  };
  udp.resize(108, 'x');
  const uint32_t sum = PseudoHeaderSum(source, destination, 17, 108);
  EXPECT_EQ(sum, 0x1547Du);
  EXPECT_EQ(InternetChecksum(udp, sum), 0);
}

TEST(ChecksumTest, ThePseudoHeaderIsWhatItsBytesSumUpTo) {
  const std::vector<uint8_t> pseudo_header = {
      0xFF, 0xFF, 0xFF, 0xFE,  // source
      0xDF, 0xFF, 0xFF, 0xFD,  // destination
      0x00, 0xFF,              // zero, protocol
      0xFF, 0xFF,              // length
  };
  EXPECT_EQ(InternetChecksum(
                {}, PseudoHeaderSum(Ipv4Address::FromHostOrder(0xFFFFFFFE),
                                    Ipv4Address::FromHostOrder(0xDFFFFFFD),
                                    0xFF, 0xFFFF)),
            ByteLoop(pseudo_header, 0));
}

TEST(ChecksumTest, AgreesWithAByteLoopForEveryLengthAndAlignment) {
  const std::vector<uint8_t> bytes = NoisyBytes(80);
  for (size_t start = 0; start < 8; ++start) {
    for (size_t size = 0; start + size <= bytes.size(); ++size) {
      const absl::Span<const uint8_t> data =
          absl::MakeConstSpan(bytes).subspan(start, size);
      ASSERT_EQ(InternetChecksum(data), ByteLoop(data, 0))
          << start << " " << size;
      ASSERT_EQ(InternetChecksum(data, 0xFFFFF), ByteLoop(data, 0xFFFFF))
          << start << " " << size;
    }
  }
}

TEST(ChecksumTest, AgreesWithAByteLoopForTheLargestPackets) {
  const std::vector<uint8_t> noise = NoisyBytes(65535);
  const std::vector<uint8_t> ones(65535, 0xFF);  // the most carries
  EXPECT_EQ(InternetChecksum(noise), ByteLoop(noise, 0));
  EXPECT_EQ(InternetChecksum(ones), ByteLoop(ones, 0));
  EXPECT_EQ(InternetChecksum(ones, 0xFFFFFFFF), ByteLoop(ones, 0xFFFF));
}

TEST(ChecksumTest, GoesOnFromTheChecksumOfAnEvenNumberOfBytes) {
  const std::vector<uint8_t> bytes = NoisyBytes(61);
  const absl::Span<const uint8_t> data(bytes);
  const uint16_t whole = InternetChecksum(data);
  for (size_t cut = 0; cut <= bytes.size(); cut += 2) {
    const uint16_t front = InternetChecksum(data.first(cut));
    const uint16_t sum = static_cast<uint16_t>(~front);
    EXPECT_EQ(InternetSum(data.first(cut)), sum) << cut;
    EXPECT_EQ(InternetChecksum(data.subspan(cut), sum), whole) << cut;
  }
}

TEST(ChecksumTest, CopiesAndSumsWithoutTouchingWhatLiesBehind) {
  constexpr uint8_t kGuard = 0xA5;
  constexpr size_t kSizes[] = {0, 1, 2, 3, 4, 5, 8, 31, 33, 1399, 1400, 1496};
  const std::vector<uint8_t> bytes = NoisyBytes(1500);
  const absl::Span<const uint8_t> all(bytes);
  for (const size_t size : kSizes) {
    for (size_t start = 0; start < 4; ++start) {
      const absl::Span<const uint8_t> data = all.subspan(start, size);
      std::vector<uint8_t> out(size + 9, kGuard);
      EXPECT_EQ(CopyAndChecksum(data, absl::MakeSpan(out), 0xFFFFF),
                ByteLoop(data, 0xFFFFF))
          << start << " " << size;
      std::vector<uint8_t> expected(data.begin(), data.end());
      expected.resize(size + 9, kGuard);
      EXPECT_EQ(out, expected) << start << " " << size;
    }
  }
}

TEST(ChecksumTest, EveryFlippedBitIsSeen) {
  std::vector<uint8_t> bytes = NoisyBytes(21);
  const uint16_t expected = InternetChecksum(bytes);
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    const uint8_t flip = static_cast<uint8_t>(1u << bit % 8);
    bytes[bit / 8] ^= flip;
    EXPECT_NE(InternetChecksum(bytes), expected) << bit;
    bytes[bit / 8] ^= flip;
  }
}

}  // namespace
}  // namespace ovoc::netif
