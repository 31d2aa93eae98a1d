// SPDX-License-Identifier: Apache-2.0

#include "netif/virtio_net_header.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace ovoc::netif {
namespace {

// Bytes are the header's on this machine, given as on a little-endian one.
std::vector<uint8_t> Bytes(std::vector<uint8_t> bytes) {
  if constexpr (std::endian::native == std::endian::big) {
    for (size_t i = 2; i + 1 < bytes.size(); i += 2) {
      std::swap(bytes[i], bytes[i + 1]);
    }
  }
  return bytes;
}

// A TCP burst of segments of 1448 bytes, with timestamps in their headers.
std::vector<uint8_t> TcpHeader() {
  return Bytes({
      0x01,        // flags: VIRTIO_NET_HDR_F_NEEDS_CSUM
      0x01,        // gso_type: VIRTIO_NET_HDR_GSO_TCPV4
      0x34, 0x00,  // hdr_len 52
      0xA8, 0x05,  // gso_size 1448
      0x14, 0x00,  // csum_start 20
      0x10, 0x00,  // csum_offset 16
  });
}

TEST(VirtioNetHeaderTest, ReadsEachField) {
  VirtioNetHeader expected;
  expected.needs_checksum = true;
  expected.gso = GsoType::kTcpIpv4;
  expected.header_bytes = 52;
  expected.segment_bytes = 1448;
  expected.checksum_start = 20;
  expected.checksum_offset = 16;
  EXPECT_EQ(DecodeVirtioNetHeader(TcpHeader()), expected);
  const std::vector<uint8_t> zeros(kVirtioNetHeaderBytes);
  EXPECT_EQ(DecodeVirtioNetHeader(zeros), VirtioNetHeader());
}

TEST(VirtioNetHeaderTest, KnowsTheFlags) {
  struct Case {
    const char* name;
    uint8_t flags;
    bool needs_checksum;
    bool data_valid;
  };
  const Case kCases[] = {
      {"none", 0x00, false, false},
      {"needs checksum", 0x01, true, false},
      {"data valid", 0x02, false, true},
      {"both", 0x03, true, true},
      {"RSC_INFO, which is not known here", 0x04, false, false},
      {"all bits", 0xFF, true, true},
  };
  for (const Case& c : kCases) {
    std::vector<uint8_t> bytes = TcpHeader();
    bytes[0] = c.flags;
    const VirtioNetHeader header = DecodeVirtioNetHeader(bytes);
    EXPECT_EQ(header.needs_checksum, c.needs_checksum) << c.name;
    EXPECT_EQ(header.data_valid, c.data_valid) << c.name;
  }
}

TEST(VirtioNetHeaderTest, KnowsTheGsoTypesWithAndWithoutEcn) {
  struct Case {
    const char* name;
    uint8_t type;
    GsoType expected;
    bool ecn;
  };
  const Case kCases[] = {
      {"none", 0x00, GsoType::kNone, false},
      {"TCP over IPv4", 0x01, GsoType::kTcpIpv4, false},
      {"TCP over IPv4, ECN", 0x81, GsoType::kTcpIpv4, true},
      {"UDP fragmentation, which is gone", 0x03, GsoType::kOther, false},
      {"TCP over IPv6", 0x04, GsoType::kTcpIpv6, false},
      {"TCP over IPv6, ECN", 0x84, GsoType::kTcpIpv6, true},
      {"UDP segmentation", 0x05, GsoType::kUdp, false},
      {"a type to come", 0x06, GsoType::kOther, false},
      {"all bits but ECN", 0x7F, GsoType::kOther, false},
      {"all bits", 0xFF, GsoType::kOther, true},
  };
  for (const Case& c : kCases) {
    std::vector<uint8_t> bytes = TcpHeader();
    bytes[1] = c.type;
    const VirtioNetHeader header = DecodeVirtioNetHeader(bytes);
    EXPECT_EQ(header.gso, c.expected) << c.name;
    EXPECT_EQ(header.ecn, c.ecn) << c.name;
  }
}

TEST(VirtioNetHeaderTest, WritesWhatItHasRead) {
  constexpr uint8_t kFlags[] = {0x00, 0x01, 0x02, 0x03};
  constexpr uint8_t kTypes[] = {0x00, 0x01, 0x04, 0x05, 0x7F, 0x81, 0x84, 0xFF};
  std::vector<uint8_t> bytes = TcpHeader();
  for (const uint8_t flags : kFlags) {
    for (const uint8_t type : kTypes) {
      bytes[0] = flags;
      bytes[1] = type;
      std::vector<uint8_t> written(kVirtioNetHeaderBytes, 0xEE);
      EncodeVirtioNetHeader(DecodeVirtioNetHeader(bytes),
                            absl::MakeSpan(written));
      EXPECT_EQ(written, bytes) << int{flags} << " " << int{type};
    }
  }
}

TEST(VirtioNetHeaderTest, LeavesWhatFollowsAlone) {
  std::vector<uint8_t> bytes = TcpHeader();
  const VirtioNetHeader header = DecodeVirtioNetHeader(bytes);
  bytes.push_back(0x45);  // the packet's first byte
  EXPECT_EQ(DecodeVirtioNetHeader(bytes), header);
  std::vector<uint8_t> written(kVirtioNetHeaderBytes + 1, 0xEE);
  EncodeVirtioNetHeader(header, absl::MakeSpan(written));
  EXPECT_EQ(written.back(), 0xEE);
}

TEST(VirtioNetHeaderTest, FewerBytesAreNoHeader) {
  const std::vector<uint8_t> bytes(kVirtioNetHeaderBytes, 0xFF);
  const VirtioNetHeader header = DecodeVirtioNetHeader(bytes);
  for (size_t size = 0; size < kVirtioNetHeaderBytes; ++size) {
    EXPECT_EQ(DecodeVirtioNetHeader(absl::MakeConstSpan(bytes).first(size)),
              VirtioNetHeader());
    std::array<uint8_t, kVirtioNetHeaderBytes> out = {};
    EncodeVirtioNetHeader(header, absl::MakeSpan(out).first(size));
    EXPECT_EQ(out, (std::array<uint8_t, kVirtioNetHeaderBytes>{})) << size;
  }
}

}  // namespace
}  // namespace ovoc::netif
