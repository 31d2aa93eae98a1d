// SPDX-License-Identifier: Apache-2.0
//
// The settings as they are on disk: the ini file and the password's file.

#ifndef OVOC_TUNNEL_SETTINGS_FILE_H_
#define OVOC_TUNNEL_SETTINGS_FILE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tunnel/sandbox/file_root.h"
#include "tunnel/settings.h"

namespace ovoc::tunnel {

// kMaxPasswordFileBytes: a password has 255 at most; more is another file.
inline constexpr size_t kMaxPasswordFileBytes = 1024;

// LoadedSettings are settings whose password is known, and what is to be said
// about their files: one line each, in the form of DescribeSettingError.
struct LoadedSettings {
  Settings settings;
  std::vector<std::string> warnings;
};

// LoadSettings reads the settings file and the file of WSTunPasswordFile. The
// latter must be a regular file (behind a link or not) without any permission
// for group and others; one line end at its end is not the password's. A
// settings file that holds the password itself and can be read by others is a
// warning: devices write it so. The PEM files are not opened here. All buffers
// are wiped. An error is one line in the form of DescribeSettingError.
[[nodiscard]] absl::StatusOr<LoadedSettings> LoadSettings(
    const std::string& path, const FileRoot& root = FileRoot::Own());

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_FILE_H_
