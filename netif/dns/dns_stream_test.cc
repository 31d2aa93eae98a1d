// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/dns_stream.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace ovoc::netif {
namespace {

using Result = DnsStreamReader::Result;
using Wire = std::vector<uint8_t>;

const Wire kStream = {
    0x00, 0x03,        // length 3
    0xAA, 0xBB, 0xCC,  // the message
};
const Wire kMessage = {0xAA, 0xBB, 0xCC};

TEST(DnsStreamTest, APrefixIsTheLengthInTwoBytes) {
  // RFC 1035 4.2.2 MUST: a two byte length is in front of the message
  EXPECT_EQ(AddDnsStreamPrefix(kMessage), kStream);
  const Wire long_message(0x1234, 7);
  const Wire bytes = AddDnsStreamPrefix(long_message);
  EXPECT_EQ(bytes.size(), 0x1236u);
  EXPECT_EQ(bytes[0], 0x12);
  EXPECT_EQ(bytes[1], 0x34);
}

TEST(DnsStreamTest, ReadsAMessageInOnePiece) {
  DnsStreamReader reader;
  ASSERT_EQ(reader.Add(kStream), Result::kMessage);
  EXPECT_EQ(reader.message(), absl::MakeConstSpan(kMessage));
}

TEST(DnsStreamTest, ReadsAMessageCutAnywhereOnce) {
  for (size_t cut = 0; cut < kStream.size(); ++cut) {
    const absl::Span<const uint8_t> all(kStream);
    DnsStreamReader reader;
    EXPECT_EQ(reader.Add(all.first(cut)), Result::kNeedMore) << cut;
    ASSERT_EQ(reader.Add(all.subspan(cut)), Result::kMessage) << cut;
    EXPECT_EQ(reader.message(), absl::MakeConstSpan(kMessage)) << cut;
  }
}

TEST(DnsStreamTest, ReadsAMessageByteByByte) {
  DnsStreamReader reader;
  for (size_t i = 0; i < kStream.size(); ++i) {
    EXPECT_EQ(reader.Add({&kStream[i], 1}),
              i + 1 == kStream.size() ? Result::kMessage : Result::kNeedMore);
  }
  EXPECT_EQ(reader.message(), absl::MakeConstSpan(kMessage));
}

TEST(DnsStreamTest, IgnoresWhatComesBehindTheMessage) {
  Wire more = kStream;
  more.insert(more.end(), 100, 0xFF);
  DnsStreamReader reader;
  EXPECT_EQ(reader.Add(more), Result::kMessage);
  EXPECT_EQ(reader.Add(more), Result::kMessage);
  EXPECT_EQ(reader.message(), absl::MakeConstSpan(kMessage));
}

TEST(DnsStreamTest, AnEmptyMessageIsAMessage) {
  DnsStreamReader reader;
  EXPECT_EQ(reader.Add(Wire{0}), Result::kNeedMore);
  EXPECT_EQ(reader.Add(Wire{0}), Result::kMessage);
  EXPECT_TRUE(reader.message().empty());
}

TEST(DnsStreamTest, TheLongestMessageIsReadAndNoMoreIsStored) {
  DnsStreamReader reader;
  EXPECT_EQ(reader.Add(Wire{0xFF, 0xFF}), Result::kNeedMore);
  const Wire part(65534, 1);
  EXPECT_EQ(reader.Add(part), Result::kNeedMore);
  EXPECT_EQ(reader.Add(part), Result::kMessage);
  EXPECT_EQ(reader.message().size(), 65535u);
}

TEST(DnsStreamTest, NothingIsNothing) {
  DnsStreamReader reader;
  EXPECT_EQ(reader.Add({}), Result::kNeedMore);
  EXPECT_EQ(reader.Add(Wire{0}), Result::kNeedMore);
  EXPECT_EQ(reader.Add({}), Result::kNeedMore);
}

TEST(DnsStreamTest, ClearBeginsANewConnection) {
  DnsStreamReader reader;
  EXPECT_EQ(reader.Add(Wire{0x00, 0x09, 0x01}), Result::kNeedMore);
  reader.Clear();
  ASSERT_EQ(reader.Add(kStream), Result::kMessage);
  EXPECT_EQ(reader.message(), absl::MakeConstSpan(kMessage));
}

}  // namespace
}  // namespace ovoc::netif
