// SPDX-License-Identifier: Apache-2.0
#include "auth/basic_credentials.h"

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "auth/secret.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

template <typename T>
concept Streamable =
    requires(std::ostream& out, const T& value) { out << value; };
static_assert(!Streamable<BasicCredentials>);
static_assert(!std::is_copy_constructible_v<BasicCredentials>);
static_assert(!std::is_copy_assignable_v<BasicCredentials>);
static_assert(!std::is_default_constructible_v<BasicCredentials>);

absl::StatusOr<BasicCredentials> Create(absl::string_view user,
                                        absl::string_view password) {
  return BasicCredentials::Create(user, Secret::FromString(password));
}

std::string Header(const BasicCredentials& credentials) {
  const Secret value = credentials.AuthorizationValue();
  return std::string(value.Reveal(InsecureSecretAccess::Get()));
}

// RFC 7617 2 MUST: user-id, colon and password, in base64, are the credentials
TEST(BasicCredentialsTest, EncodesAsTheRfcAndTheRecordingsDo) {
  struct Row {
    absl::string_view name;
    absl::string_view user;
    absl::string_view password;
    absl::string_view header;
  };
  const Row kRows[] = {
      {"recording 03", "VPN", "123456", "Basic VlBOOjEyMzQ1Ng=="},
      {"recording 05", "VPN", "wrong", "Basic VlBOOndyb25n"},
      {"RFC 7617 2", "Aladdin", "open sesame",
       "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},
      {"RFC 7617 2.1, a pound sign in UTF-8", "test", "123\xC2\xA3",
       "Basic dGVzdDoxMjPCow=="},
      {"both empty", "", "", "Basic Og=="},
      {"empty password", "VPN", "", "Basic VlBOOg=="},
      {"empty user", "", "x", "Basic Ong="},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.name);
    const absl::StatusOr<BasicCredentials> credentials =
        Create(row.user, row.password);
    ASSERT_TRUE(credentials.ok()) << credentials.status();
    EXPECT_EQ(Header(*credentials), row.header);
    EXPECT_EQ(credentials->user(), row.user);
  }
}

// Base64: a second encoder, bit by bit, to hold the real one against.
std::string Base64(absl::string_view bytes) {
  constexpr absl::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t bit = 0; bit < bytes.size() * 8; bit += 6) {
    size_t digit = 0;
    for (size_t i = bit; i < bit + 6; ++i) {
      const size_t byte =
          i / 8 < bytes.size() ? static_cast<uint8_t>(bytes[i / 8]) : 0;
      digit = digit << 1 | (byte >> (7 - i % 8) & 1);
    }
    text.push_back(kDigits[digit]);
  }
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

TEST(BasicCredentialsTest, EncodesEveryLengthOfPasswordInFull) {
  std::string password;
  for (size_t size = 0; size <= kMaxCredentialBytes; ++size) {
    SCOPED_TRACE(size);
    const absl::StatusOr<BasicCredentials> credentials =
        Create("VPN", password);
    ASSERT_TRUE(credentials.ok());
    EXPECT_EQ(Header(*credentials),
              absl::StrCat("Basic ", Base64(absl::StrCat("VPN:", password))));
    // 0x80 to 0xFF and round again: all of them are allowed.
    password.push_back(static_cast<char>(0x80 + size % 0x80));
  }
}

TEST(BasicCredentialsTest, GivesTheSameValueEachTimeAndAfterAMove) {
  absl::StatusOr<BasicCredentials> created = Create("VPN", "123456");
  ASSERT_TRUE(created.ok());
  EXPECT_TRUE(created->AuthorizationValue() == created->AuthorizationValue());
  const BasicCredentials moved = *std::move(created);
  EXPECT_EQ(Header(moved), "Basic VlBOOjEyMzQ1Ng==");
}

// RFC 7617 2 MUST NOT: control characters in user-id or password
TEST(BasicCredentialsTest, RefusesEveryControlCharacterInEitherPart) {
  for (int byte = 0; byte < 256; ++byte) {
    SCOPED_TRACE(byte);
    const bool control = byte < 0x20 || byte == 0x7F;
    const std::string text =
        absl::StrCat("ab", std::string(1, static_cast<char>(byte)), "cd");
    EXPECT_EQ(Create("VPN", text).ok(), !control);
    EXPECT_EQ(Create(text, "123456").ok(), !control && byte != ':');
  }
}

// RFC 7617 2 MUST NOT: a colon in the user-id
TEST(BasicCredentialsTest, AllowsAColonInThePasswordOnly) {
  const absl::StatusOr<BasicCredentials> password = Create("VPN", "12:34:56");
  ASSERT_TRUE(password.ok());
  EXPECT_EQ(password->user(), "VPN");

  const absl::StatusOr<BasicCredentials> user = Create("V:PN", "123456");
  ASSERT_FALSE(user.ok());
  EXPECT_EQ(user.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(user.status().message()), HasSubstr("user name"));
  EXPECT_THAT(std::string(user.status().message()), HasSubstr("RFC 7617 2"));
}

TEST(BasicCredentialsTest, AllowsTheLimitAndRefusesOneByteMore) {
  const std::string at_limit(kMaxCredentialBytes, 'u');
  const std::string over_limit(kMaxCredentialBytes + 1, 'u');
  const absl::StatusOr<BasicCredentials> both = Create(at_limit, at_limit);
  ASSERT_TRUE(both.ok());
  // 255 + 1 + 255 = 511 bytes, 171 groups of four characters.
  EXPECT_EQ(both->AuthorizationValue().size(), 6u + 684u);

  for (const auto& [user, password] :
       {std::pair(over_limit, at_limit), std::pair(at_limit, over_limit)}) {
    const absl::StatusOr<BasicCredentials> refused = Create(user, password);
    ASSERT_FALSE(refused.ok());
    EXPECT_THAT(std::string(refused.status().message()),
                HasSubstr("at most 255 bytes are allowed, found 256"));
  }
}

TEST(BasicCredentialsTest, NeverShowsABadValueInItsMessage) {
  const std::string marked = "hunter2hunter2";
  const absl::StatusOr<BasicCredentials> kRefused[] = {
      Create(absl::StrCat(marked, ":"), "x"),
      Create(absl::StrCat(marked, "\n"), "x"),
      Create("x", absl::StrCat(marked, "\n")),
      Create("x", absl::StrCat(marked, std::string(300, 'y'))),
      Create(absl::StrCat(marked, std::string(300, 'y')), "x"),
  };
  for (const absl::StatusOr<BasicCredentials>& refused : kRefused) {
    ASSERT_FALSE(refused.ok());
    EXPECT_THAT(std::string(refused.status().message()),
                Not(HasSubstr("hunter2")));
  }
}

}  // namespace
}  // namespace ovoc::auth
