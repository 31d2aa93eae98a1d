// SPDX-License-Identifier: Apache-2.0

#include "tunnel/obfuscated_password.h"

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
      "$1$abc",       // no whole group of base64
      "$1$secret!!",  // no base64 at all
      "$1$=ABC",
      "$1$A===",
      "$1$AB=C",
      "$1$aWlw cXFz",                 // a blank inside
      "x$1$aWlwcXFz",                 // something in front
      "$1$aWlwcXFz;",                 // something behind
      "$2$8EGYm+FG",                  // shorter than what any $2$ is
      "$2$AAAAAAAAAAAAAAAAAAAAAA==",  // 16 bytes: a vector and no password
      "encrypted",
      "my password is encrypted",
      "secret== encrypted",
      "B55osyLT1t7+oorwkaNB3bxEX4Bl8g==encrypted",  // no blank between
      "B55osyLT1t7+oorwkaNB3bxEX4Bl8g==",
      "$1$salt$qJH7.N4xYta3aEG/dfqo/0",  // a hash of crypt(3): not base64
  };
  for (const absl::string_view password : kPasswords) {
    EXPECT_EQ(ObfuscatedForm(password), "") << password;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
