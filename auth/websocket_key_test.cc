// SPDX-License-Identifier: Apache-2.0
#include "auth/websocket_key.h"

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::HasSubstr;

std::array<uint8_t, kWebSocketNonceBytes> Nonce(uint8_t first, uint8_t step) {
  std::array<uint8_t, kWebSocketNonceBytes> nonce;
  uint8_t value = first;
  for (uint8_t& byte : nonce) {
    byte = value;
    value = static_cast<uint8_t>(value + step);
  }
  return nonce;
}

// RFC 6455 4.1 MUST: the key is a random 16-byte nonce in base64
TEST(WebSocketKeyTest, IsTheBase64OfTheNonce) {
  struct Row {
    std::array<uint8_t, kWebSocketNonceBytes> nonce;
    absl::string_view text;
    absl::string_view accept;
  };
  const Row kRows[] = {
      {Nonce(0, 0), "AAAAAAAAAAAAAAAAAAAAAA==", "ICX+Yqv66kxgM0FcWaLWlFLwTAI="},
      {Nonce(0xFF, 0),
       "/////////////////////w==", "XXpj4jYzLM2yUE0C7TIgMwTQh2g="},
      {Nonce(0, 1), "AAECAwQFBgcICQoLDA0ODw==", "Bz3qJYTGdOe8gUSpLosEdiLKDrk="},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.text);
    const WebSocketKey key = WebSocketKey::FromRandom(row.nonce);
    EXPECT_EQ(key.text(), row.text);
    EXPECT_EQ(key.text().size(), 24u);
    EXPECT_EQ(key.ExpectedAccept(), row.accept);
  }
}

TEST(WebSocketKeyTest, GivesTheExampleOfTheRfc) {
  // RFC 6455 1.3; its nonce spells "the sample nonce".
  std::array<uint8_t, kWebSocketNonceBytes> nonce = {
      't', 'h', 'e', ' ', 's', 'a', 'm', 'p',
      'l', 'e', ' ', 'n', 'o', 'n', 'c', 'e'};
  const WebSocketKey key = WebSocketKey::FromRandom(nonce);
  EXPECT_EQ(key.text(), "dGhlIHNhbXBsZSBub25jZQ==");
  EXPECT_EQ(key.ExpectedAccept(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

struct RecordedAccept {
  absl::string_view recording;
  absl::string_view key;
  absl::string_view accept;
};

constexpr RecordedAccept kRecordedAccepts[] = {
    // The first two are AudioCodes' own client: 10 bytes, 16 characters.
    {"01-legacy-direct", "KNnE/Tb7ekWjbQ==", "DiNohX6zqc8iBj5NDWcJZkWi1Tc="},
    {"02-legacy-nginx-tls", "Mvvt47kxxKy85w==", "pbgWmq99HMlWkeGzMUtHN5lO2vE="},
    {"03-strict-direct",
     "5DaCLsC/65MWoxhrTHaxPQ==", "7zdNjLLRXAOK3i1jEl/1B1J2vuA="},
    {"04-strict-nginx-tls",
     "yNXSsVYmxlrPTcF6rV/Y9g==", "NmVHJ9NLs8kwGbsqzTh/IYIN+v4="},
    {"16-direct-idle",
     "sKHLmbNYs64x9+BsO1ElCw==", "KGQrsf2f7qGjrY01Y8I9se2VV6U="},
    {"17-nginx-idle",
     "fB/fpmcVvZ0kXm553AyjDw==", "wvxj1Unztp+b1PqFtpn6TT5YjgY="},
    {"18-nginx-one-way",
     "xdD0S1G/F5bJUJIsX+zOAg==", "UqjWk2z287bD9a6B+/TgWFPbR20="},
    {"19-nginx-ping-17s",
     "Pp5i0imN++HS66LqMUlDsg==", "DZnBqnWZuK7Q0gPJnDXBB2iJsjU="},
    {"26-strict-haproxy-nginx-tls",
     "NoCx1hNKXUUrN9K4Phg+jA==", "9n6R8Sco6DSG4uYfAymtqc0xxWQ="},
    {"29-direct-hung-then-killed",
     "t1QdQlgZEW3kYpFHuosPsA==", "Kr63s1MrtX0/G5HiDTP7LyKbTYc="},
};

TEST(WebSocketKeyTest, ExpectsWhatEveryRecordedServerAnswered) {
  for (const RecordedAccept& row : kRecordedAccepts) {
    SCOPED_TRACE(row.recording);
    const absl::StatusOr<WebSocketKey> key = WebSocketKey::FromText(row.key);
    ASSERT_TRUE(key.ok()) << key.status();
    EXPECT_EQ(key->text(), row.key);
    EXPECT_EQ(key->ExpectedAccept(), row.accept);
  }
}

TEST(WebSocketKeyTest, TakesOneToSixtyFourCharacters) {
  const absl::StatusOr<WebSocketKey> shortest = WebSocketKey::FromText("A");
  ASSERT_TRUE(shortest.ok());
  EXPECT_EQ(shortest->ExpectedAccept(), "DaiRqPcCZpFq+/JgXi9Dyxcowew=");

  const absl::StatusOr<WebSocketKey> longest =
      WebSocketKey::FromText(std::string(kMaxWebSocketKeyChars, 'A'));
  ASSERT_TRUE(longest.ok());
  EXPECT_EQ(longest->ExpectedAccept(), "CNVCgqrOv9cq/hZteEmJXitx+cU=");

  const absl::StatusOr<WebSocketKey> longer =
      WebSocketKey::FromText(std::string(kMaxWebSocketKeyChars + 1, 'A'));
  ASSERT_FALSE(longer.ok());
  EXPECT_EQ(longer.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(longer.status().message()),
              HasSubstr("1 to 64 characters are allowed (RFC 6455 4.1: 24), "
                        "found 65"));
  EXPECT_FALSE(WebSocketKey::FromText("").ok());
}

TEST(WebSocketKeyTest, TakesTheBase64AlphabetOnly) {
  for (int byte = 0; byte < 256; ++byte) {
    SCOPED_TRACE(byte);
    const char c = static_cast<char>(byte);
    const bool allowed = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                         (c >= '0' && c <= '9') || c == '+' || c == '/';
    const std::string text = absl::StrCat("AB", std::string(1, c), "D");
    EXPECT_EQ(WebSocketKey::FromText(text).ok(), allowed);
  }
}

TEST(WebSocketKeyTest, TakesPaddingAtTheEndOnly) {
  struct Row {
    absl::string_view text;
    bool allowed;
  };
  const Row kRows[] = {
      {"AB=", true},   {"AB==", true},  {"AB===", false}, {"=", false},
      {"==", false},   {"===", false},  {"=AB", false},   {"A=B", false},
      {"A=B=", false}, {"AB= ", false}, {"AB-_", false},  {"AB==\r\n", false},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(WebSocketKey::FromText(row.text).ok(), row.allowed);
  }
}

}  // namespace
}  // namespace ovoc::auth
