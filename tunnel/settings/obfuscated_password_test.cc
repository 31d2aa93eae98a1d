// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/obfuscated_password.h"

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

TEST(ObfuscatedFormTest, KnowsTheFormsOfExports) {
  struct Case {
    absl::string_view password;
    absl::string_view part;
  };
  constexpr Case kCases[] = {
      // The examples of AudioCodes' page on password obfuscation.
      {"$2$8EGYm+FG+JJT/p8ZOytU64uplPMKcw==", "($2$...)"},
      {"B55osyLT1t7+oorwkaNB3bxEX4Bl8g== encrypted", "CLI script"},
      {"password B55osyLT1t7+oorwkaNB3bxEX4Bl8g== encrypted", "CLI script"},
      {"$1$gQ==", "($1$...)"},
      {"$1$aWlwcXFz", "($1$...)"},
      {"$2$AAAAAAAAAAAAAAAAAAAAAAA=", "($2$...)"},  // 17 bytes
      // A copy that lost a part.
      {"$2$8EGYm+FG+JJT/p8ZOytU64uplPMKcw", "($2$...)"},
      {"$2$8EGYm+FG", "($2$...)"},
      {"$2$x", "($2$...)"},
      {"$2$AAAAAAAAAAAAAAAAAAAAAA==", "($2$...)"},  // the vector alone
      {"$1$ab", "($1$...)"},
      {"$1$abc", "($1$...)"},
      {"$1$secret!!", "($1$...)"},
      {"$1$=ABC", "($1$...)"},
      {"$1$aWlw cXFz", "($1$...)"},
      {"$1$aWlwcXFz;", "($1$...)"},
      // A hash of crypt(3) is no password of OVOC's either.
      {"$1$salt$qJH7.N4xYta3aEG/dfqo/0", "($1$...)"},
  };
  for (const Case& c : kCases) {
    EXPECT_TRUE(absl::StrContains(ObfuscatedForm(c.password), c.part))
        << c.password;
  }
}

TEST(ObfuscatedFormTest, LeavesPasswordsThatLookAlike) {
  constexpr absl::string_view kPasswords[] = {
      "",
      "$1$",
      "$2$",
      "$3$8EGYm+FG+JJT/p8ZOytU64uplPMKcw==",
      "x$1$aWlwcXFz",  // something in front
      "encrypted",
      "my password is encrypted",
      "secret== encrypted",
      "B55osyLT1t7+oorwkaNB3bxEX4Bl8g==encrypted",  // no blank between
      "B55osyLT1t7+oorwkaNB3bxEX4Bl8g==",
      "B55osyLT1t7+oorwkaNB3bxEX4Bl8g= encrypted",  // no whole group
      "B55osyLT1t7+oorwkaNB3bxEX4Bl8=== encrypted",
      "=55osyLT1t7+oorwkaNB3bxEX4Bl8g== encrypted",
      "AAAAAAAAAAAAAAAAAAAAAA== encrypted",  // 16 bytes: the vector alone
  };
  for (const absl::string_view password : kPasswords) {
    EXPECT_EQ(ObfuscatedForm(password), "") << password;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
