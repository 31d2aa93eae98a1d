// SPDX-License-Identifier: Apache-2.0
#include "conformance/hardening/record_forger.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "conformance/hardening/testing/forged_connection.h"
#include "gtest/gtest.h"
#include "tunnel/transport/transport.h"

namespace ovoc::conformance {
namespace {

using tunnel::IoResult;

class RecordForgerTest : public testing::TestWithParam<uint16_t> {
 protected:
  RecordForgerTest() : connection_(GetParam()) {}

  ForgedConnection connection_;
};

TEST_P(RecordForgerTest, GoesOnWhereTheConnectionWas) {
  auto forger = connection_.MakeForger();
  ASSERT_TRUE(forger.ok()) << forger.status();
  std::vector<uint8_t> records;
  forger->Append(RecordType::kApplicationData, {'o', 'n', 'e'}, &records);
  forger->Append(RecordType::kApplicationData, {}, &records);
  forger->Append(RecordType::kApplicationData, {'t', 'w', 'o'}, &records);
  connection_.Send(records);
  EXPECT_EQ(connection_.Read(), IoResult::kDone);
  EXPECT_EQ(connection_.text(), "one");
  EXPECT_EQ(connection_.Read(), IoResult::kDone);
  EXPECT_EQ(connection_.text(), "two");
}

TEST_P(RecordForgerTest, WritesTheEnd) {
  auto forger = connection_.MakeForger();
  ASSERT_TRUE(forger.ok()) << forger.status();
  std::vector<uint8_t> records;
  forger->Append(RecordType::kAlert, {1, 0}, &records);  // close_notify
  connection_.Send(records);
  EXPECT_EQ(connection_.Read(), IoResult::kClosed);
}

// Its header as RFC 8446 5.2 and RFC 5246 6.2.3.3 have it: with the type and
// the tag inside, or with the explicit nonce of RFC 5288 3 and the tag.
TEST_P(RecordForgerTest, ARecordHasTheTypeAndTheLengthOfItsVersion) {
  auto forger = connection_.MakeForger();
  ASSERT_TRUE(forger.ok()) << forger.status();
  const bool tls13 = GetParam() == TLS1_3_VERSION;
  for (const RecordType type : {RecordType::kAlert, RecordType::kHandshake,
                                RecordType::kApplicationData}) {
    for (const size_t size : {0u, 1u, 255u, 256u, 16384u}) {
      SCOPED_TRACE(size);
      std::vector<uint8_t> records = {0xAA};  // what is there stays
      forger->Append(type, std::vector<uint8_t>(size, 'p'), &records);
      const size_t body = size + 16 + (tls13 ? 1 : 8);
      const std::vector<uint8_t> header = {
          0xAA,
          static_cast<uint8_t>(tls13 ? RecordType::kApplicationData : type),
          3,
          3,
          static_cast<uint8_t>(body >> 8),
          static_cast<uint8_t>(body & 0xff)};
      ASSERT_EQ(records.size(), header.size() + body);
      records.resize(header.size());
      EXPECT_EQ(records, header);
    }
  }
}

TEST_P(RecordForgerTest, TheLargestRecordArrivesWhole) {
  auto forger = connection_.MakeForger();
  ASSERT_TRUE(forger.ok()) << forger.status();
  std::string sent(16384, ' ');
  for (size_t i = 0; i < sent.size(); ++i) {
    sent[i] = static_cast<char>(i * 7);
  }
  std::vector<uint8_t> records;
  forger->Append(RecordType::kApplicationData,
                 std::vector<uint8_t>(sent.begin(), sent.end()), &records);
  connection_.Send(records);
  std::string got;
  while (got.size() < sent.size()) {
    const IoResult result = connection_.Read();
    ASSERT_TRUE(result == IoResult::kDone || result == IoResult::kMore);
    got += connection_.text();
  }
  EXPECT_EQ(got, sent);
}

TEST_P(RecordForgerTest, ARecordThatIsLeftOutIsNoticed) {
  auto forger = connection_.MakeForger();
  ASSERT_TRUE(forger.ok()) << forger.status();
  std::vector<uint8_t> dropped;
  forger->Append(RecordType::kApplicationData, {'1'}, &dropped);
  std::vector<uint8_t> records;
  forger->Append(RecordType::kApplicationData, {'2'}, &records);
  connection_.Send(records);
  EXPECT_EQ(connection_.Read(), IoResult::kFailed);
}

TEST_P(RecordForgerTest, ARecordThatComesAgainIsNoticed) {
  auto forger = connection_.MakeForger();
  ASSERT_TRUE(forger.ok()) << forger.status();
  std::vector<uint8_t> records;
  forger->Append(RecordType::kApplicationData, {'1'}, &records);
  connection_.Send(records);
  EXPECT_EQ(connection_.Read(), IoResult::kDone);
  connection_.Send(records);
  EXPECT_EQ(connection_.Read(), IoResult::kFailed);
}

TEST_P(RecordForgerTest, ABitOfTheTagIsNoticed) {
  auto forger = connection_.MakeForger();
  ASSERT_TRUE(forger.ok()) << forger.status();
  std::vector<uint8_t> records;
  forger->Append(RecordType::kApplicationData, {'1'}, &records);
  records.back() ^= 1;
  connection_.Send(records);
  EXPECT_EQ(connection_.Read(), IoResult::kFailed);
}

// RFC 5288 3: the explicit nonce, here the sequence number, never repeats.
TEST_P(RecordForgerTest, NoNonceIsUsedTwice) {
  auto forger = connection_.MakeForger();
  ASSERT_TRUE(forger.ok()) << forger.status();
  constexpr size_t kHeaderBytes = 5;
  std::vector<uint8_t> last;
  for (int i = 0; i < 300; ++i) {
    std::vector<uint8_t> record;
    forger->Append(RecordType::kApplicationData, {'s'}, &record);
    EXPECT_NE(record, last);
    if (GetParam() == TLS1_2_VERSION && !last.empty()) {
      const auto number = [](const std::vector<uint8_t>& bytes) {
        uint64_t value = 0;
        for (size_t at = 0; at < 8; ++at) {
          value = value << 8 | bytes[kHeaderBytes + at];
        }
        return value;
      };
      EXPECT_EQ(number(record), number(last) + 1);
    }
    last = std::move(record);
  }
}

TEST_P(RecordForgerTest, NewKeysThatWereNotAnnouncedAreNoticed) {
  if (GetParam() != TLS1_3_VERSION) {
    return;
  }
  auto forger = connection_.MakeForger();
  ASSERT_TRUE(forger.ok()) << forger.status();
  forger->UpdateKeys();
  std::vector<uint8_t> records;
  forger->Append(RecordType::kApplicationData, {'1'}, &records);
  connection_.Send(records);
  EXPECT_EQ(connection_.Read(), IoResult::kFailed);
}

TEST_P(RecordForgerTest, FollowsAKeyUpdate) {
  if (GetParam() != TLS1_3_VERSION) {
    return;
  }
  auto forger = connection_.MakeForger();
  ASSERT_TRUE(forger.ok()) << forger.status();
  std::vector<uint8_t> records;
  forger->Append(RecordType::kHandshake, {SSL3_MT_KEY_UPDATE, 0, 0, 1, 0},
                 &records);
  forger->UpdateKeys();
  forger->Append(RecordType::kApplicationData, {'n', 'e', 'w'}, &records);
  connection_.Send(records);
  EXPECT_EQ(connection_.Read(), IoResult::kDone);
  EXPECT_EQ(connection_.text(), "new");
}

TEST_P(RecordForgerTest, WantsTheSecretThatTheSuiteHas) {
  const std::vector<uint8_t> secret(31, 's');
  EXPECT_EQ(
      RecordForger::Create(connection_.server().ssl(), secret).status().code(),
      GetParam() == TLS1_3_VERSION ? absl::StatusCode::kInvalidArgument
                                   : absl::StatusCode::kOk);
}

INSTANTIATE_TEST_SUITE_P(Versions, RecordForgerTest,
                         testing::Values(uint16_t{TLS1_3_VERSION},
                                         uint16_t{TLS1_2_VERSION}));

}  // namespace
}  // namespace ovoc::conformance
