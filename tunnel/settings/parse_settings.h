// SPDX-License-Identifier: Apache-2.0
//
// Settings from the text of an ini file.

#ifndef OVOC_TUNNEL_SETTINGS_PARSE_SETTINGS_H_
#define OVOC_TUNNEL_SETTINGS_PARSE_SETTINGS_H_

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tunnel/settings/ini_file.h"
#include "tunnel/settings/setting_error.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {

// SettingsCheck returns further errors of settings of which some are wrong. The
// wrong ones have their defaults.
using SettingsCheck = absl::FunctionRef<SettingErrors(const Settings&)>;
inline SettingErrors NoSettingsCheck(const Settings&) {
  return SettingErrors();
}

// ParseSettings reads the text of an ini file. `file_name` is only used in
// messages. The error has one line, in the form of DescribeSettingError, for
// each thing that is wrong with the file (see SettingErrors). If there are any
// errors, those of `check` are added. With IniDialect::kDevice a name that is
// near none of ours is skipped. ParseSettings does not open the files that the
// settings name; LoadSettings does. No error contains a password.
[[nodiscard]] absl::StatusOr<Settings> ParseSettings(
    absl::string_view text, absl::string_view file_name, IniDialect dialect,
    SettingsCheck check = NoSettingsCheck);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_PARSE_SETTINGS_H_
