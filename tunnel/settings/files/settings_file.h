// SPDX-License-Identifier: Apache-2.0
//
// The settings on disk: the ini file and the password's file.

#ifndef OVOC_TUNNEL_SETTINGS_FILES_SETTINGS_FILE_H_
#define OVOC_TUNNEL_SETTINGS_FILES_SETTINGS_FILE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tunnel/sandbox/file_root.h"
#include "tunnel/settings/ini_file.h"
#include "tunnel/settings/parse_settings.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {

// A password has at most 255 bytes. A much larger file is not a password's.
inline constexpr size_t kMaxPasswordFileBytes = 1024;

// LoadedSettings are settings whose password is known, and warnings about their
// files. Each warning is one line in the form of DescribeSettingError.
struct LoadedSettings {
  Settings settings;
  std::vector<std::string> warnings;
};

// LoadSettings reads the settings file, which only root and the client's user
// may write, and the file of WSTunPasswordFile, which only they may read. Both
// must be regular files, or links to such. A leading UTF-8 byte-order mark is
// ignored. The password's file contains the password as it is, quotes included;
// one LF or CR LF at its end does not count. All buffers are wiped. The PEM
// files are not opened here.
//
// There are warnings about
// - what was skipped (IniDialect::kDevice)
// - a settings file that has the password in it and can be read by others,
//   which is how devices write it
// - a password in its own file that looks obfuscated or quoted
//
// Errors have the form of those of ParseSettings, which gets `check`. If
// `of_password_file` is given, an error of WSTunPasswordFile goes there, and
// the settings are returned without a password.
[[nodiscard]] absl::StatusOr<LoadedSettings> LoadSettings(
    const std::string& path, IniDialect dialect,
    const FileRoot& root = FileRoot::Own(),
    absl::Status* of_password_file = nullptr,
    SettingsCheck check = NoSettingsCheck);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_FILES_SETTINGS_FILE_H_
