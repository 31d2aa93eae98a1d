// SPDX-License-Identifier: Apache-2.0
#include "conformance/hardening/tls_flood.h"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
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

INSTANTIATE_TEST_SUITE_P(Floods, TlsFloodTest, testing::ValuesIn(TlsFloods()),
                         [](const testing::TestParamInfo<TlsFlood>& instance) {
                           std::string name(instance.param.name);
                           for (char& c : name) {
                             c = c == '.' ? '_' : c;
                           }
                           return name;
                         });

// One piece of each flood. A ticket of one byte is a message of 18 bytes (RFC
// 8446 4.6.1: 4 + 4 + 4 + 1 + 2 + 1 + 2), a KeyUpdate one of 5, an alert 2, a
// HelloRequest 4. A record adds 22 bytes in TLS 1.3 (header, type, tag) and 29
// in TLS 1.2 with AES-GCM (header, nonce, tag).
struct Piece {
  absl::string_view name;
  size_t units;
  size_t records;
  size_t bytes;
};

constexpr Piece kPieces[] = {
    {"tickets", 900, 1, 22 + 900 * 18},
    {"long_tickets", 1, 1, 22 + 17 + 16300},
    {"tickets_in_pieces", 1, 18, 18 * (22 + 1)},
    {"key_updates", 200, 200, 200 * (22 + 5)},
    {"key_updates_and_tickets", 200, 200, 100 * (22 + 5) + 100 * (22 + 18)},
    {"asking_key_updates_and_tickets", 200, 200,
     100 * (22 + 5) + 100 * (22 + 18)},
    {"empty_records", 200, 200, 200 * 22},
    {"empty_records_and_tickets", 200, 200, 100 * 22 + 100 * (22 + 18)},
    {"empty_records_and_warnings", 200, 200, 100 * 22 + 100 * (22 + 2)},
    {"warnings", 200, 200, 200 * (22 + 2)},
    {"empty_records_1.2", 200, 200, 200 * 29},
    {"empty_records_and_warnings_1.2", 200, 200, 100 * 29 + 100 * (29 + 2)},
    {"warnings_1.2", 200, 200, 200 * (29 + 2)},
    {"hello_requests_1.2", 200, 200, 200 * (29 + 4)},
};

// How many whole records `bytes` are; 0 when they are not.
size_t Records(absl::Span<const uint8_t> bytes) {
  constexpr size_t kHeaderBytes = 5;
  constexpr size_t kMaxBodyBytes = 16384 + 256;  // RFC 8446 5.2
  size_t records = 0;
  while (!bytes.empty()) {
    if (bytes.size() < kHeaderBytes) {
      return 0;
    }
    const size_t body = static_cast<size_t>(bytes[3] << 8 | bytes[4]);
    if (body > kMaxBodyBytes || bytes.size() - kHeaderBytes < body) {
      return 0;
    }
    bytes.remove_prefix(kHeaderBytes + body);
    ++records;
  }
  return records;
}

TEST(TlsFloodPieces, AreAsManyRecordsAndBytesAsCounted) {
  EXPECT_EQ(std::size(kPieces), TlsFloods().size());
  for (const Piece& piece : kPieces) {
    SCOPED_TRACE(piece.name);
    const TlsFlood* const flood = FindTlsFlood(piece.name);
    ASSERT_NE(flood, nullptr);
    const ForgedConnection connection(flood->version);
    auto forger = connection.MakeForger();
    ASSERT_TRUE(forger.ok()) << forger.status();
    std::vector<uint8_t> first;
    EXPECT_EQ(flood->append(&*forger, &first), piece.units);
    EXPECT_EQ(first.size(), piece.bytes);
    EXPECT_EQ(Records(first), piece.records);
    // The next is of the same form, under other nonces.
    std::vector<uint8_t> second;
    EXPECT_EQ(flood->append(&*forger, &second), piece.units);
    EXPECT_EQ(second.size(), piece.bytes);
    EXPECT_EQ(Records(second), piece.records);
    EXPECT_NE(second, first);
  }
}

TEST(FindTlsFlood, KnowsEachNameOnceAndNoOther) {
  for (const TlsFlood& flood : TlsFloods()) {
    EXPECT_EQ(FindTlsFlood(flood.name), &flood);
  }
  for (const absl::string_view name : {"", "ticket", "tickets ", "Tickets",
                                       "warnings_1.3", "silent_tickets"}) {
    EXPECT_EQ(FindTlsFlood(name), nullptr) << name;
  }
}

TEST(HandshakeFlood, IsAnEmptyRecordAndAWarningAgainAndAgain) {
  const std::vector<uint8_t> one = HandshakeFlood(1);
  const std::vector<uint8_t> expected = {22, 3, 3, 0, 0,          // handshake
                                         21, 3, 3, 0, 2, 1, 90};  // alert
  EXPECT_EQ(one, expected);
  std::vector<uint8_t> three = one;
  three.insert(three.end(), one.begin(), one.end());
  three.insert(three.end(), one.begin(), one.end());
  EXPECT_EQ(HandshakeFlood(3), three);
  EXPECT_TRUE(HandshakeFlood(0).empty());
}

}  // namespace
}  // namespace ovoc::conformance
