// SPDX-License-Identifier: Apache-2.0
#include "tunnel/settings/security_policy.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "auth/secret.h"
#include "tunnel/settings/insecure_settings.h"
#include "tunnel/settings/setting_error.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kNotHere = " is not allowed in a certified build";

// The setting that the password came from: where both are there, which is an
// error, the file was not read.
absl::string_view PasswordName(const Settings& settings) {
  return settings.password_file.empty() || settings.IsExplicit("WSTunPassword")
             ? "WSTunPassword"
             : "WSTunPasswordFile";
}

// RFC 3629 3: every character has one byte that is not 10xxxxxx.
size_t CountCharacters(absl::string_view text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(),
      [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

absl::Status RefusePassword(const Settings& settings,
                            absl::string_view password) {
  return SettingProblem(
      settings, PasswordName(settings), absl::StrCat(password, kNotHere),
      absl::StrCat("use a password of at least ",
                   kMinCertifiedPasswordCharacters, " characters"));
}

absl::Status Refuse(const Settings& settings, const InsecureSetting& insecure) {
  if (insecure.name == "WSTunPassword") {
    return RefusePassword(settings, "OVOC's documented default password");
  }
  if (insecure.name == "WSTunProxy") {
    return SettingProblem(
        settings, insecure.name,
        absl::StrCat("a login to a proxy without TLS", kNotHere),
        "use an https:// proxy, or one that wants no login");
  }
  return SettingProblem(settings, insecure.name,
                        absl::StrCat(QuoteValue(insecure.value), kNotHere),
                        insecure.value == "0" ? "use 1" : "use 0");
}

}  // namespace

absl::string_view Word(Policy policy) {
  switch (policy) {
    case Policy::kCompat:
      return "compat";
    case Policy::kCertified:
      return "certified";
  }
  return "unknown";
}

SettingErrors CheckPolicy(Policy policy, const Settings& settings) {
  SettingErrors errors;
  if (policy == Policy::kCompat) {
    return errors;
  }
  const auto add = [&](absl::string_view name, const absl::Status& status) {
    errors.Add(settings.LineOf(name), status);
  };
  bool default_password = false;
  for (const InsecureSetting& insecure : InsecureSettings(settings)) {
    const bool password = insecure.name == "WSTunPassword";
    default_password |= password;
    add(password ? PasswordName(settings) : insecure.name,
        Refuse(settings, insecure));
  }
  const size_t characters = CountCharacters(
      settings.password.Reveal(auth::InsecureSecretAccess::Get()));
  if (!default_password && characters > 0 &&
      characters < kMinCertifiedPasswordCharacters) {
    add(PasswordName(settings),
        RefusePassword(settings,
                       absl::StrCat("a password of ", characters, " character",
                                    characters == 1 ? "" : "s")));
  }
  return errors;
}

}  // namespace ovoc::tunnel
