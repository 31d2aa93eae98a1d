// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_target.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/settings/files/settings_file.h"
#include "tunnel/settings/ini_file.h"
#include "tunnel/settings/setting_error.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {
namespace {

bool Find(const FileRoot& files, const std::string& path, struct stat* info) {
  const netif::UniqueFd file(files.Open(path, O_PATH | O_CLOEXEC));
  return file.valid() && fstat(file.get(), info) == 0;
}

bool IsSameFile(const FileRoot& files, const std::string& a,
                const std::string& b) {
  if (a.empty() || b.empty()) {
    return false;
  }
  struct stat one = {};
  struct stat other = {};
  return files.Path(a) == files.Path(b) ||
         (Find(files, a, &one) && Find(files, b, &other) &&
          one.st_dev == other.st_dev && one.st_ino == other.st_ino);
}

absl::Status Refuse(const std::string& status_file, absl::string_view what) {
  return SettingStatus(
      {.file = "--status_file",
       .line = 0,
       .name = "",
       .problem = absl::StrCat("'", status_file, "' is ", what),
       .remedy = "choose another path",
       .meant = ""});
}

absl::Status CheckAgainst(const FileRoot& files, const std::string& status_file,
                          const Settings& settings) {
  const std::pair<absl::string_view, const std::string&> named[] = {
      {"WSTunPasswordFile", settings.password_file},
      {"TLSTrustedRoots", settings.trusted_roots},
      {"TLSCertificate", settings.certificate},
      {"TLSPrivateKey", settings.private_key},
      {"WSTunProxyRoots", settings.proxy_roots}};
  for (const auto& [name, path] : named) {
    if (IsSameFile(files, status_file, path)) {
      return Refuse(status_file, absl::StrCat("the file of ", name));
    }
  }
  return absl::OkStatus();
}

// Empty for a folder that only root and this user can change.
absl::string_view WhatIsWrong(const struct stat& info) {
  if (!S_ISDIR(info.st_mode)) {
    return "it is no folder";
  }
  if (info.st_uid != 0 && info.st_uid != geteuid()) {
    return "it belongs to another user";
  }
  return (info.st_mode & (S_IWGRP | S_IWOTH)) != 0
             ? "others than its owner may write into it"
             : "";
}

}  // namespace

absl::Status CheckNotSettingsFile(const FileRoot& files,
                                  const std::string& status_file,
                                  const std::string& settings) {
  return IsSameFile(files, status_file, settings)
             ? Refuse(status_file, "the settings file")
             : absl::OkStatus();
}

absl::Status CheckNotNamedFile(const FileRoot& files,
                               const std::string& status_file,
                               const std::string& settings) {
  if (status_file.empty()) {
    return absl::OkStatus();
  }
  absl::Status found;
  absl::Status of_password_file;
  const auto look = [&](const Settings& parsed) {
    found = CheckAgainst(files, status_file, parsed);
    return SettingErrors();
  };
  const absl::StatusOr<LoadedSettings> loaded = LoadSettings(
      settings, IniDialect::kDevice, files, &of_password_file, look);
  return loaded.ok() ? CheckAgainst(files, status_file, loaded->settings)
                     : found;
}

DefaultStatusFile FindDefaultStatusFile(const std::string& folder) {
  struct stat info = {};
  if (lstat(folder.c_str(), &info) != 0) {
    return {};
  }
  absl::string_view wrong = WhatIsWrong(info);
  if (wrong.empty() && access(folder.c_str(), W_OK | X_OK) != 0) {
    wrong = "this user may not write into it";
  }
  if (wrong.empty()) {
    return {absl::StrCat(folder, "/status.json"), ""};
  }
  return {"", absl::StrCat("no status file is kept in ", folder, ": ", wrong,
                           "; put that right or use --status_file")};
}

}  // namespace ovoc::tunnel
