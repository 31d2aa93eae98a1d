// SPDX-License-Identifier: Apache-2.0
#include "frame/close_code.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace ovoc::frame {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr uint8_t kGuard = 0xA5;

TEST(CloseCodeTest, AcceptsExactlyTheCodesThatMayBeOnTheWire) {
  // RFC 6455 7.4.1 MUST NOT: 1005, 1006 and 1015 in a Close frame.
  for (uint32_t code = 0; code <= 0xFFFF; ++code) {
    bool expected = code >= 3000 && code <= 4999;
    for (uint32_t named : {1000u, 1001u, 1002u, 1003u, 1007u, 1008u, 1009u,
                           1010u, 1011u, 1012u, 1013u, 1014u}) {
      expected = expected || code == named;
    }
    EXPECT_EQ(IsValidReceivedCloseCode(static_cast<uint16_t>(code)), expected)
        << code;
  }
}

struct ParseCase {
  const char* name;
  Bytes payload;
  ClosePayloadResult result;
  uint16_t code;
  const char* reason;
};

std::vector<ParseCase> CodeCases() {
  using Result = ClosePayloadResult;
  return {
      {"empty: no status", {}, Result::kOk, 1005, ""},
      // RFC 6455 5.5.1 MUST: a Close body begins with a code of two octets.
      {"one octet", {0x03}, Result::kTruncatedCode, 0, ""},
      {"1000 alone", {0x03, 0xE8}, Result::kOk, 1000, ""},
      {"1001 and a reason",
       {0x03, 0xE9, 'b', 'y', 'e'},
       Result::kOk,
       1001,
       "bye"},
      {"3000", {0x0B, 0xB8}, Result::kOk, 3000, ""},
      {"4999", {0x13, 0x87}, Result::kOk, 4999, ""},
      {"0", {0x00, 0x00}, Result::kInvalidCode, 0, ""},
      {"999", {0x03, 0xE7}, Result::kInvalidCode, 0, ""},
      {"1004", {0x03, 0xEC}, Result::kInvalidCode, 0, ""},
      {"1005", {0x03, 0xED}, Result::kInvalidCode, 0, ""},
      {"1006", {0x03, 0xEE}, Result::kInvalidCode, 0, ""},
      {"1015", {0x03, 0xF7}, Result::kInvalidCode, 0, ""},
      {"1016", {0x03, 0xF8}, Result::kInvalidCode, 0, ""},
      {"2999", {0x0B, 0xB7}, Result::kInvalidCode, 0, ""},
      {"5000", {0x13, 0x88}, Result::kInvalidCode, 0, ""},
      {"65535", {0xFF, 0xFF}, Result::kInvalidCode, 0, ""},
  };
}

std::vector<ParseCase> ReasonCases() {
  using Result = ClosePayloadResult;
  return {
      {"a reason beyond ASCII",
       {0x03, 0xE8, 0xE2, 0x82, 0xAC},
       Result::kOk,
       1000,
       "\xE2\x82\xAC"},
      // RFC 6455 8.1 MUST: fail on a Close reason that is not UTF-8.
      {"a reason that is not UTF-8",
       {0x03, 0xE8, 'a', 0xFF},
       Result::kInvalidReason,
       0,
       ""},
      {"a reason cut inside a character",
       {0x03, 0xE8, 0xE2, 0x82},
       Result::kInvalidReason,
       0,
       ""},
      {"the code is judged before the reason",
       {0x00, 0x01, 0xFF},
       Result::kInvalidCode,
       0,
       ""},
  };
}

std::vector<ParseCase> ParseCases() {
  std::vector<ParseCase> cases = CodeCases();
  const std::vector<ParseCase> more = ReasonCases();
  cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

TEST(ParseClosePayloadTest, ReadsCodeAndReasonOrNamesTheRuleBroken) {
  for (const ParseCase& test : ParseCases()) {
    SCOPED_TRACE(test.name);
    ClosePayload close = {CloseCode::kBadGateway, "untouched"};
    ASSERT_EQ(ParseClosePayload(test.payload, &close), test.result);
    if (test.result != ClosePayloadResult::kOk) {
      EXPECT_EQ(close.code, CloseCode::kBadGateway);
      EXPECT_EQ(close.reason, "untouched");
      continue;
    }
    EXPECT_EQ(static_cast<uint16_t>(close.code), test.code);
    EXPECT_EQ(close.reason, test.reason);
  }
}

TEST(ParseClosePayloadTest, TakesTheLongestReason) {
  Bytes payload = {0x03, 0xE8};
  payload.resize(kCloseCodeBytes + kMaxCloseReasonBytes, 'r');
  ClosePayload close;
  ASSERT_EQ(ParseClosePayload(payload, &close), ClosePayloadResult::kOk);
  EXPECT_EQ(close.reason, std::string(123, 'r'));
}

Bytes Encode(CloseCode code, absl::string_view reason, size_t room = 125) {
  Bytes out(room + 8, kGuard);
  const size_t size =
      EncodeClosePayload(code, reason, absl::MakeSpan(out).first(room));
  EXPECT_LE(size, room);
  for (size_t i = size; i < out.size(); ++i) {
    EXPECT_EQ(out[i], kGuard) << "wrote behind its result, octet " << i;
  }
  out.resize(size);
  return out;
}

TEST(EncodeClosePayloadTest, WritesTheCodeInNetworkOrderThenTheReason) {
  EXPECT_EQ(Encode(CloseCode::kNormal, ""), (Bytes{0x03, 0xE8}));
  EXPECT_EQ(Encode(CloseCode::kProtocolError, "bad"),
            (Bytes{0x03, 0xEA, 'b', 'a', 'd'}));
  EXPECT_EQ(Encode(static_cast<CloseCode>(4999), ""), (Bytes{0x13, 0x87}));
}

TEST(EncodeClosePayloadTest, NeverWritesACodeThatMayNotBeSent) {
  // RFC 6455 7.4.1 MUST NOT: 1005, 1006 and 1015 in a Close frame.
  for (CloseCode code :
       {CloseCode::kNoStatus, CloseCode::kAbnormal, CloseCode::kTlsHandshake,
        static_cast<CloseCode>(0), static_cast<CloseCode>(1004)}) {
    EXPECT_EQ(Encode(code, "reason"), Bytes()) << static_cast<uint16_t>(code);
  }
}

TEST(EncodeClosePayloadTest, CutsALongReasonAtTheEndOfACharacter) {
  // RFC 6455 5.5 MUST: a control payload has at most 125 octets.
  EXPECT_EQ(Encode(CloseCode::kNormal, std::string(200, 'r')).size(), 125u);

  // 122 octets, then a character of three: only the 122 fit into 123.
  const std::string reason = std::string(122, 'r') + "\xE2\x82\xAC";
  EXPECT_EQ(Encode(CloseCode::kNormal, reason, 200).size(), 2u + 122u);

  // In less room: after the first, within and after the second character.
  const absl::string_view euros = "\xE2\x82\xAC\xE2\x82\xAC";
  EXPECT_EQ(Encode(CloseCode::kNormal, euros, 4).size(), 2u);
  EXPECT_EQ(Encode(CloseCode::kNormal, euros, 5).size(), 5u);
  EXPECT_EQ(Encode(CloseCode::kNormal, euros, 7).size(), 5u);
  EXPECT_EQ(Encode(CloseCode::kNormal, euros, 8).size(), 8u);
}

TEST(EncodeClosePayloadTest, LeavesOutAReasonThatIsNotUtf8) {
  EXPECT_EQ(Encode(CloseCode::kNormal, "\xFF"), (Bytes{0x03, 0xE8}));
  EXPECT_EQ(Encode(CloseCode::kNormal, std::string(200, '\x80')),
            (Bytes{0x03, 0xE8}));
}

TEST(EncodeClosePayloadTest, WritesNothingWithoutRoomForTheCode) {
  EXPECT_EQ(Encode(CloseCode::kNormal, "", 0), Bytes());
  EXPECT_EQ(Encode(CloseCode::kNormal, "", 1), Bytes());
}

TEST(EncodeClosePayloadTest, IsReadBackByTheParser) {
  for (CloseCode code :
       {CloseCode::kNormal, CloseCode::kProtocolError,
        CloseCode::kMessageTooBig, static_cast<CloseCode>(3000),
        static_cast<CloseCode>(4999)}) {
    const Bytes payload = Encode(code, "why");
    ClosePayload close;
    ASSERT_EQ(ParseClosePayload(payload, &close), ClosePayloadResult::kOk);
    EXPECT_EQ(close.code, code);
    EXPECT_EQ(close.reason, "why");
  }
}

}  // namespace
}  // namespace ovoc::frame
