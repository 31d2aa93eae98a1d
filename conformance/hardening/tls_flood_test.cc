// SPDX-License-Identifier: Apache-2.0
#include "conformance/hardening/tls_flood.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "conformance/hardening/testing/forged_connection.h"
#include "gtest/gtest.h"
#include "tunnel/transport/record_buffer.h"
#include "tunnel/transport/transport.h"

namespace ovoc::conformance {
namespace {

using tunnel::IoResult;

// With which word BoringSSL refuses a flood by itself; empty: it does not.
absl::string_view Refusal(absl::string_view name) {
  constexpr std::pair<absl::string_view, absl::string_view> kRefused[] = {
      {"key_updates", "TOO_MANY_KEY_UPDATES"},
      {"empty_records", "TOO_MANY_EMPTY_FRAGMENTS"},
      {"warnings", "TOO_MANY_WARNING_ALERTS"},
      {"empty_records_1.2", "TOO_MANY_EMPTY_FRAGMENTS"},
      {"warnings_1.2", "TOO_MANY_WARNING_ALERTS"},
      {"hello_requests_1.2", "NO_RENEGOTIATION"},
  };
  for (const auto& [flood, word] : kRefused) {
    if (flood == name) {
      return word;
    }
  }
  return "";
}

class TlsFloodTest : public testing::TestWithParam<TlsFlood> {
 protected:
  TlsFloodTest() : connection_(GetParam().version) {}

  // At least so many bytes of the flood, and a record of data behind them.
  std::vector<uint8_t> FloodAndData(size_t bytes) {
    auto forger = connection_.MakeForger();
    EXPECT_TRUE(forger.ok()) << forger.status();
    std::vector<uint8_t> records;
    while (records.size() < bytes) {
      EXPECT_GT(GetParam().append(&*forger, &records), 0u);
    }
    forger->Append(RecordType::kApplicationData, {'e', 'n', 'd'}, &records);
    return records;
  }

  ForgedConnection connection_;
};

TEST_P(TlsFloodTest, IsLookedAtOneRecordsWorthAtATimeOrRefused) {
  const std::vector<uint8_t> records =
      FloodAndData(3 * tunnel::kMaxRecordBytes);
  connection_.Send(records);
  size_t turns = 0;
  IoResult result = connection_.Read();
  while (result == IoResult::kMore && turns < 100) {
    ++turns;
    result = connection_.Read();
  }
  const absl::Status& status = connection_.client().status();
  const absl::string_view refusal = Refusal(GetParam().name);
  if (refusal.empty()) {
    EXPECT_EQ(result, IoResult::kDone) << status;
    EXPECT_EQ(connection_.text(), "end");
    EXPECT_EQ(turns, records.size() / tunnel::kMaxRecordBytes);
    return;
  }
  EXPECT_EQ(result, IoResult::kFailed);
  EXPECT_TRUE(absl::StrContains(status.message(), refusal)) << status;
  EXPECT_EQ(turns, 0u);
}

TEST_P(TlsFloodTest, IsFoundByItsName) {
  const TlsFlood* const found = FindTlsFlood(GetParam().name);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->append, GetParam().append);
}

INSTANTIATE_TEST_SUITE_P(Floods, TlsFloodTest, testing::ValuesIn(TlsFloods()),
                         [](const testing::TestParamInfo<TlsFlood>& instance) {
                           std::string name(instance.param.name);
                           for (char& c : name) {
                             c = c == '.' ? '_' : c;
                           }
                           return name;
                         });

TEST(FindTlsFlood, KnowsNoOther) {
  EXPECT_EQ(FindTlsFlood("no such flood"), nullptr);
}

TEST(HandshakeFlood, IsAnEmptyRecordAndAWarningAgainAndAgain) {
  const std::vector<uint8_t> one = HandshakeFlood(1);
  const std::vector<uint8_t> expected = {22, 3, 3, 0, 0,          // handshake
                                         21, 3, 3, 0, 2, 1, 90};  // alert
  EXPECT_EQ(one, expected);
  EXPECT_EQ(HandshakeFlood(5).size(), 5 * one.size());
}

}  // namespace
}  // namespace ovoc::conformance
