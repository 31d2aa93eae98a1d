// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/settings_store/value_check.h"

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "auth/secret.h"
#include "tunnel/manage/settings_store/ini_edit.h"
#include "tunnel/manage/settings_store/shown_value.h"
#include "tunnel/settings/ini_file.h"
#include "tunnel/settings/near_name.h"
#include "tunnel/settings/parse_settings.h"
#include "tunnel/settings/setting_error.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kFile = "value";

absl::string_view Reveal(const auth::Secret& text) {
  return text.Reveal(auth::InsecureSecretAccess::Get());
}

// Settings with which any good value of `name` goes well: what is required,
// and the loosest of what one value is held against.
std::string OtherLines(absl::string_view name) {
  std::string text;
  for (const auto& [other, line] :
       {std::pair<absl::string_view, absl::string_view>{
            "WSTunServer", "WSTunServer = ovoc.example\n"},
        {"WSTunKeepAlive", "WSTunKeepAlive = 1\n"},
        {"WSTunDeadAfter", "WSTunDeadAfter = 600\n"},
        {"WSTunOverlay", "WSTunOverlay = 169.254.0.0/30\n"}}) {
    if (name != other) {
      absl::StrAppend(&text, line);
    }
  }
  if (!absl::StartsWith(name, "WSTunPassword")) {
    absl::StrAppend(&text, "WSTunPassword = any\n");
  }
  if (name == "TLSCertificate") {
    absl::StrAppend(&text, "TLSPrivateKey = /any\n");
  }
  if (name == "TLSPrivateKey") {
    absl::StrAppend(&text, "TLSCertificate = /any\n");
  }
  return text;
}

// "value:7: NAME: PROBLEM; REMEDY" from NAME on.
std::string WithoutFile(absl::string_view message) {
  const absl::string_view line = message.substr(0, message.find('\n'));
  const size_t at = line.find(": ");
  return std::string(at == absl::string_view::npos ? line
                                                   : line.substr(at + 2));
}

}  // namespace

absl::Status CheckSettingName(absl::string_view name) {
  if (FindSettingRule(name) != nullptr) {
    return absl::OkStatus();
  }
  const absl::string_view meant = NearestName(name, SettingNames());
  return absl::InvalidArgumentError(WithoutFile(DescribeSettingError(
      {.file = kFile,
       .line = 0,
       .name = name.substr(0, kMaxIniNameBytes),
       .problem = "unknown setting",
       .remedy =
           meant.empty()
               ? absl::StrCat("use one of ", absl::StrJoin(SettingNames(), " "))
               : "",
       .meant = meant})));
}

absl::Status CheckValue(absl::string_view name, absl::string_view value) {
  const SettingRule& rule = *FindSettingRule(name);
  if (IsShownSecret(rule.name, value)) {
    return absl::InvalidArgumentError(
        absl::StrCat(rule.name, ": '", kHiddenValue,
                     "' stands for a secret that is not shown; leave the "
                     "setting as it is, or type the secret itself"));
  }
  const std::string others = OtherLines(rule.name);
  const absl::StatusOr<auth::Secret> text = SetInText(others, rule.name, value);
  if (!text.ok()) {
    return text.status();
  }
  const absl::StatusOr<Settings> settings =
      ParseSettings(Reveal(*text), kFile, IniDialect::kDevice);
  return settings.ok() ? absl::OkStatus()
                       : absl::InvalidArgumentError(
                             WithoutFile(settings.status().message()));
}

}  // namespace ovoc::tunnel
