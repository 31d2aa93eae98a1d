// SPDX-License-Identifier: Apache-2.0
//
// The settings as they are on disk: the ini file and the password's file.

#ifndef OVOC_TUNNEL_SETTINGS_SETTINGS_FILE_H_
#define OVOC_TUNNEL_SETTINGS_SETTINGS_FILE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tunnel/sandbox/file_root.h"
#include "tunnel/settings/ini_file.h"
#include "tunnel/settings/parse_settings.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {

// kMaxPasswordFileBytes: a password has 255 at most; more is another file.
inline constexpr size_t kMaxPasswordFileBytes = 1024;

// LoadedSettings are settings whose password is known, and what is to be said
// about their files: one line each, in the form of DescribeSettingError.
struct LoadedSettings {
  Settings settings;
  std::vector<std::string> warnings;
};

// LoadSettings reads the settings file, which nobody but root and the client's
// user may write, and the file of WSTunPasswordFile, which nobody but they may
// read. Both are regular files (behind a link or not). A UTF-8 byte-order mark
// is part of neither. The password's file holds the password as it is, quotes
// and all; one line end (LF or CR LF) at its end is not the password's. A
// warning tells what was passed over (IniDialect::kDevice), of a settings file
// that holds the password and can be read by others (devices write it so), and
// of a password in its file that looks obfuscated or quoted. The PEM files are
// not opened here. All buffers are wiped. An error has the form of
// ParseSettings'. One of WSTunPasswordFile goes to `of_password_file` instead,
// where that is given, and the settings have no password. `check` is
// ParseSettings'.
[[nodiscard]] absl::StatusOr<LoadedSettings> LoadSettings(
    const std::string& path, IniDialect dialect,
    const FileRoot& root = FileRoot::Own(),
    absl::Status* of_password_file = nullptr,
    SettingsCheck check = NoSettingsCheck);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_SETTINGS_FILE_H_
