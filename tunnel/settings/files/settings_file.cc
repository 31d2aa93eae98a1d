// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/files/settings_file.h"

#include <sys/types.h>

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "auth/secret.h"
#include "tunnel/settings/files/read_file.h"
#include "tunnel/settings/ini_file.h"
#include "tunnel/settings/ini_word.h"
#include "tunnel/settings/obfuscated_password.h"
#include "tunnel/settings/parse_settings.h"
#include "tunnel/settings/quotes.h"
#include "tunnel/settings/setting_error.h"
#include "tunnel/settings/setting_values.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kPasswordFile = "WSTunPasswordFile";

absl::Status SettingsFileError(const std::string& path,
                               const absl::Status& error) {
  return SettingStatus({.file = path,
                        .line = 0,
                        .name = "",
                        .problem = absl::StrCat("file ", error.message()),
                        .remedy = FileRemedy(error),
                        .meant = ""});
}

// What stands in a password's file is the password, whatever it looks like;
// this says so of what was likely meant otherwise. Empty for all else.
std::string LiteralWarning(const Settings& settings,
                           absl::string_view password) {
  const absl::string_view obfuscated = ObfuscatedForm(password);
  const bool quoted = password.size() > 1 && password.front() == '\'' &&
                      password.back() == '\'';
  const absl::string_view quote =
      quoted ? "single quotes (')" : ForeignQuote(password);
  const bool blank = password.front() == ' ' || password.back() == ' ';
  if (obfuscated.empty() && quote.empty() && !blank) {
    return "";
  }
  const std::string looks =
      !obfuscated.empty()
          ? absl::StrCat("looks ", obfuscated)
          : absl::StrCat("has ", quote.empty() ? "a space at one end" : quote);
  return std::string(SettingProblem(settings, kPasswordFile,
                                    absl::StrCat("the password ", looks,
                                                 ", but is used as it is"),
                                    "make sure that OVOC has the same password")
                         .message());
}

// What is there instead of a password, but for the bytes of a text.
std::string WhyNoPassword(absl::string_view text) {
  if (absl::StrContains(text, '\n')) {
    return "more than one line";
  }
  if (absl::StrContains(text, '\r')) {
    return "a CR that no LF follows";
  }
  const auto control = std::find_if(text.begin(), text.end(), [](char c) {
    return absl::ascii_iscntrl(static_cast<unsigned char>(c));
  });
  return control != text.end()
             ? absl::StrFormat("the control byte 0x%02x", *control)
             : absl::StrCat("a password of ", text.size(), " bytes");
}

absl::Status ReadPassword(const FileRoot& root, Settings* settings,
                          std::vector<std::string>* warnings) {
  const absl::StatusOr<FileContents> contents =
      ReadSmallFile(settings->password_file, kMaxPasswordFileBytes,
                    FilePrivacy::kOwnReads, root);
  if (!contents.ok()) {
    return SettingProblem(*settings, kPasswordFile,
                          absl::StrCat(QuoteValue(settings->password_file), " ",
                                       contents.status().message()),
                          FileRemedy(contents.status()));
  }
  absl::string_view password = contents->Text();
  if (absl::ConsumeSuffix(&password, "\n")) {
    absl::ConsumeSuffix(&password, "\r");
  }
  if (!IsPassword(password)) {
    return SettingProblem(
        *settings, kPasswordFile,
        absl::StrCat(QuoteValue(settings->password_file), " has ",
                     WhyNoPassword(password)),
        "write one line of 1 to 255 bytes without control characters");
  }
  if (HasNoBreakSpaceAtAnEnd(password)) {
    return SettingProblem(
        *settings, kPasswordFile,
        absl::StrCat(QuoteValue(settings->password_file),
                     " has a no-break space (U+00A0) at one end of the "
                     "password"),
        "remove it");
  }
  if (std::string text = LiteralWarning(*settings, password); !text.empty()) {
    warnings->push_back(std::move(text));
  }
  settings->password = auth::Secret::FromString(password);
  return absl::OkStatus();
}

// PasswordWarning is empty when there is nothing to warn of.
std::string PasswordWarning(const Settings& settings, mode_t mode) {
  const bool own = settings.IsExplicit("WSTunPassword");
  const bool proxys = settings.proxy.has_value() && settings.proxy->has_login();
  if ((!own && !proxys) || (mode & kGroupAndOthers) == 0) {
    return "";
  }
  return std::string(
      SettingProblem(
          settings, own ? "WSTunPassword" : "WSTunProxy",
          absl::StrFormat("file is readable by others (mode %04o)", mode),
          own && !proxys ? "run chmod 600 or use WSTunPasswordFile"
                         : "run chmod 600")
          .message());
}

std::string Count(int number, absl::string_view one, absl::string_view more) {
  return absl::StrCat(number, " ", number == 1 ? one : more);
}

// "; parameters: VerifyPeer (line 7), ..." for a name of ours that is misspelt
// beyond recognition. What TakeUnknown counts too has lines of its own.
std::string FirstParameters(const Settings& settings) {
  const IniPassedOver& passed = settings.passed_over;
  if (passed.first.empty()) {
    return "";
  }
  std::vector<std::string> parts;
  parts.reserve(passed.first.size() + 1);
  for (const auto& [name, line] : passed.first) {
    parts.push_back(absl::StrCat(name, " (line ", line, ")"));
  }
  const size_t named = parts.size() + settings.unknown.size();
  if (named < static_cast<size_t>(passed.parameters)) {
    parts.push_back("...");
  }
  return absl::StrCat("; parameters: ", absl::StrJoin(parts, ", "));
}

// What was passed over, in one line for the log.
void DescribePassedOver(const Settings& settings,
                        std::vector<std::string>* warnings) {
  const IniPassedOver& passed = settings.passed_over;
  std::vector<std::string> parts;
  if (passed.parameters > 0) {
    parts.push_back(Count(passed.parameters, "parameter", "parameters"));
  }
  if (passed.tables > 0) {  // no row is outside of one
    parts.push_back(absl::StrCat(Count(passed.tables, "table", "tables"),
                                 " with ",
                                 Count(passed.rows, "line", "lines")));
  }
  if (passed.others > 0) {
    parts.push_back(Count(passed.others, "other line", "other lines"));
  }
  if (!parts.empty()) {
    warnings->push_back(DescribeSettingError(
        {.file = settings.file,
         .line = 0,
         .name = "",
         .problem = absl::StrCat("skipped what is not meant for this client: ",
                                 absl::StrJoin(parts, ", "),
                                 FirstParameters(settings)),
         .remedy = "",
         .meant = ""}));
  }
  for (const auto& [name, line] : settings.unknown) {
    warnings->emplace_back(
        SettingStatus({.file = settings.file,
                       .line = line,
                       .name = name,
                       .problem = "skipped, because this client has no such "
                                  "setting",
                       .remedy = "check the name (--help lists all settings)",
                       .meant = ""})
            .message());
  }
}

}  // namespace

absl::StatusOr<LoadedSettings> LoadSettings(const std::string& path,
                                            IniDialect dialect,
                                            const FileRoot& root,
                                            absl::Status* of_password_file,
                                            SettingsCheck check) {
  const size_t max_bytes = dialect == IniDialect::kStrict
                               ? kMaxIniFileBytes
                               : kMaxDeviceIniFileBytes;
  const absl::StatusOr<FileContents> contents =
      ReadSmallFile(path, max_bytes, FilePrivacy::kOwnWrites, root);
  if (!contents.ok()) {
    return SettingsFileError(path, contents.status());
  }
  absl::StatusOr<Settings> settings =
      ParseSettings(contents->Text(), path, dialect, check);
  if (!settings.ok()) {
    return settings.status();
  }
  std::vector<std::string> warnings;
  DescribePassedOver(*settings, &warnings);
  if (!settings->password_file.empty()) {
    if (absl::Status status = ReadPassword(root, &*settings, &warnings);
        !status.ok()) {
      if (of_password_file == nullptr) {
        return status;
      }
      *of_password_file = std::move(status);
    }
  }
  if (std::string text = PasswordWarning(*settings, contents->mode);
      !text.empty()) {
    warnings.push_back(std::move(text));
  }
  return LoadedSettings{*std::move(settings), std::move(warnings)};
}

}  // namespace ovoc::tunnel
