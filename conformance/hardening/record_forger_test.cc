// SPDX-License-Identifier: Apache-2.0
#include "conformance/hardening/record_forger.h"

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
