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

// SettingsCheck is asked for more errors of settings of which some are wrong:
// those have their defaults.
using SettingsCheck = absl::FunctionRef<SettingErrors(const Settings&)>;
inline SettingErrors NoSettingsCheck(const Settings&) {
  return SettingErrors();
}

// ParseSettings reads an ini file's text; file_name is for messages only. The
// error has a line in the form of DescribeSettingError for each thing that is
// wrong with the file (see SettingErrors), those of `check` among them: it is
// asked only when there are others. With IniDialect::kDevice a name that is
// near none of ours is passed over. Files that settings name are not opened:
// that is LoadSettings' work. No password is in any error.
[[nodiscard]] absl::StatusOr<Settings> ParseSettings(
    absl::string_view text, absl::string_view file_name, IniDialect dialect,
    SettingsCheck check = NoSettingsCheck);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_PARSE_SETTINGS_H_
