// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings_file.h"

#include <sys/types.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "auth/secret.h"
#include "tunnel/ini_file.h"
#include "tunnel/read_file.h"
#include "tunnel/setting_error.h"
#include "tunnel/setting_values.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kPasswordFile = "WSTunPasswordFile";
constexpr absl::string_view kAllowedPasswordFile =
    "a regular file of at most 1024 bytes that only its owner can read and "
    "write (chmod 600)";

absl::Status SettingsFileError(const std::string& path,
                               absl::string_view found) {
  return SettingStatus({.file = path,
                        .line = 0,
                        .name = "",
                        .found = found,
                        .allowed = "a readable regular file of at most 65536 "
                                   "bytes",
                        .meant = ""});
}

absl::Status ReadPassword(const FileRoot& root, Settings* settings) {
  const absl::StatusOr<FileContents> contents =
      ReadSmallFile(settings->password_file, kMaxPasswordFileBytes,
                    FilePrivacy::kOwnerOnly, root);
  if (!contents.ok()) {
    return SettingProblem(*settings, kPasswordFile,
                          absl::StrCat(QuoteFound(settings->password_file),
                                       " with ", contents.status().message()),
                          kAllowedPasswordFile);
  }
  absl::string_view password =
      contents->bytes.Reveal(auth::InsecureSecretAccess::Get());
  if (absl::ConsumeSuffix(&password, "\n")) {
    absl::ConsumeSuffix(&password, "\r");
  }
  if (!IsPassword(password)) {
    return SettingProblem(
        *settings, kPasswordFile,
        absl::StrCat(QuoteFound(settings->password_file),
                     " with a password of ", password.size(), " bytes"),
        "1 to 255 bytes without control characters, and one line end");
  }
  settings->password = auth::Secret::FromString(password);
  return absl::OkStatus();
}

// PasswordWarning is empty when there is nothing to warn of.
std::string PasswordWarning(const Settings& settings, mode_t mode) {
  if (!settings.IsExplicit("WSTunPassword") || (mode & kGroupAndOthers) == 0) {
    return "";
  }
  return std::string(
      SettingProblem(settings, "WSTunPassword",
                     absl::StrFormat("it in a file of mode %04o", mode),
                     "a file that only its owner can read (chmod 600), or "
                     "WSTunPasswordFile")
          .message());
}

}  // namespace

absl::StatusOr<LoadedSettings> LoadSettings(const std::string& path,
                                            const FileRoot& root) {
  const absl::StatusOr<FileContents> contents =
      ReadSmallFile(path, kMaxIniFileBytes, FilePrivacy::kAny, root);
  if (!contents.ok()) {
    return SettingsFileError(path, contents.status().message());
  }
  absl::StatusOr<Settings> settings = ParseSettings(
      contents->bytes.Reveal(auth::InsecureSecretAccess::Get()), path);
  if (!settings.ok()) {
    return settings.status();
  }
  if (!settings->password_file.empty()) {
    if (absl::Status status = ReadPassword(root, &*settings); !status.ok()) {
      return status;
    }
  }
  std::vector<std::string> warnings;
  if (std::string text = PasswordWarning(*settings, contents->mode);
      !text.empty()) {
    warnings.push_back(std::move(text));
  }
  return LoadedSettings{*std::move(settings), std::move(warnings)};
}

}  // namespace ovoc::tunnel
