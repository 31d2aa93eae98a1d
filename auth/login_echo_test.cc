// SPDX-License-Identifier: Apache-2.0
#include "auth/login_echo.h"

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "auth/basic_credentials.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

constexpr absl::string_view kPassword = "sekrit-password";
// printf VPN:sekrit-password | base64
constexpr absl::string_view kBase64 = "VlBOOnNla3JpdC1wYXNzd29yZA==";

LoginEcho EchoOf(absl::string_view user, absl::string_view password) {
  const Secret authorization =
      BasicCredentials::Create(user, Secret::FromString(password))
          .value()
          .AuthorizationValue();
  return LoginEcho(&authorization);
}

void Add(absl::string_view text, LoginEcho* echo) {
  echo->Add({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

bool Finds(absl::string_view text) {
  LoginEcho echo = EchoOf("VPN", kPassword);
  Add(text, &echo);
  return echo.found();
}

TEST(LoginEchoTest, CountsTheCharactersOfThePassword) {
  EXPECT_EQ(EchoOf("VPN", kPassword).PasswordCharacters(), 15u);
  EXPECT_EQ(EchoOf("VPN", "a:b").PasswordCharacters(), 3u);
  EXPECT_EQ(EchoOf("VPN", "p\xc3\xa4ss").PasswordCharacters(), 4u);
  EXPECT_EQ(LoginEcho(nullptr).PasswordCharacters(), 0u);
  LoginEcho echo = EchoOf("VPN", kPassword);
  echo.Forget();
  EXPECT_EQ(echo.PasswordCharacters(), 0u);
}

TEST(LoginEchoTest, FindsThePasswordAndTheBase64) {
  const struct {
    absl::string_view name;
    absl::string_view text;
    bool found;
  } kRows[] = {
      {"nothing", "", false},
      {"the field", "Authorization: Basic VlBOOnNla3JpdC1wYXNzd29yZA==", true},
      {"without the padding", "x VlBOOnNla3JpdC1wYXNzd29yZA x", true},
      {"the base64 alone", kBase64, true},
      {"the password alone", kPassword, true},
      {"the login decoded", "VPN:sekrit-password", true},
      {"within a word", "xsekrit-passwordx", true},
      {"all but the last byte", "sekrit-passwor", false},
      {"all but the first byte", "ekrit-password", false},
      {"the base64 but for a byte", "VlBOOnNla3JpdC1wYXNzd29yZ", false},
      {"in another case", "Sekrit-Password", false},
      {"the user name alone", "VPN", false},
      {"another login", "Basic VlBOOjEyMzQ1Ng==", false},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(Finds(row.text), row.found) << row.name;
  }
}

TEST(LoginEchoTest, FindsThemAtEveryCut) {
  for (const absl::string_view secret : {kPassword, kBase64}) {
    const std::string text = absl::StrCat(std::string(2000, 'x'), secret, "y");
    for (size_t cut = 1990; cut <= text.size(); ++cut) {
      LoginEcho echo = EchoOf("VPN", kPassword);
      Add(absl::string_view(text).substr(0, cut), &echo);
      Add(absl::string_view(text).substr(cut), &echo);
      EXPECT_TRUE(echo.found()) << secret << " cut at " << cut;
    }
  }
}

TEST(LoginEchoTest, FindsThemByteByByteAndDoesNotTakeItBack) {
  for (const absl::string_view secret : {kPassword, kBase64}) {
    LoginEcho echo = EchoOf("VPN", kPassword);
    for (size_t i = 0; i < secret.size(); ++i) {
      Add(secret.substr(i, 1), &echo);
    }
    EXPECT_TRUE(echo.found()) << secret;
    Add(std::string(5000, 'x'), &echo);
    EXPECT_TRUE(echo.found()) << secret;
  }
}

// RFC 7617 2: only the user name must not have a colon.
TEST(LoginEchoTest, ThePasswordBeginsBehindTheFirstColon) {
  LoginEcho echo = EchoOf("VPN", "one:two");
  Add("two", &echo);
  EXPECT_FALSE(echo.found());
  Add(" one:two", &echo);
  EXPECT_TRUE(echo.found());
}

TEST(LoginEchoTest, FindsTheLongestLoginThatThereIs) {
  const std::string user(kMaxCredentialBytes, 'u');
  const std::string password(kMaxCredentialBytes, '\xC3');
  const Secret authorization =
      BasicCredentials::Create(user, Secret::FromString(password))
          .value()
          .AuthorizationValue();
  for (const absl::string_view text :
       {absl::string_view(password),
        authorization.Reveal(InsecureSecretAccess::Get())}) {
    LoginEcho echo(&authorization);
    Add(text.substr(0, text.size() / 2), &echo);
    EXPECT_FALSE(echo.found());
    Add(text.substr(text.size() / 2), &echo);
    EXPECT_TRUE(echo.found());
  }
}

TEST(LoginEchoTest, WithoutALoginThereIsNothingToFind) {
  LoginEcho echo(nullptr);
  Add("HTTP/1.1 401 Basic VlBOOnNla3JpdC1wYXNzd29yZA==", &echo);
  EXPECT_FALSE(echo.found());
}

TEST(LoginEchoTest, WhatIsForgottenIsNotFoundAnyMore) {
  LoginEcho before = EchoOf("VPN", kPassword);
  Add(kPassword, &before);
  before.Forget();
  EXPECT_TRUE(before.found());

  LoginEcho after = EchoOf("VPN", kPassword);
  Add(kPassword.substr(0, 5), &after);
  after.Forget();
  Add(kPassword.substr(5), &after);
  Add(absl::StrCat(kPassword, kBase64), &after);
  EXPECT_FALSE(after.found());
}

}  // namespace
}  // namespace ovoc::auth
