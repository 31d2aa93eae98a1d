// SPDX-License-Identifier: Apache-2.0
//
// Changes single settings in the text of an ini file and leaves the rest.

#ifndef OVOC_TUNNEL_MANAGE_SETTINGS_STORE_INI_EDIT_H_
#define OVOC_TUNNEL_MANAGE_SETTINGS_STORE_INI_EDIT_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "auth/secret.h"

namespace ovoc::tunnel {

// ValuesInText has the values of the settings that a text sets, by their names
// as the table of settings spells them. Of a setting that is there twice it has
// the first. The views point into `text`.
std::map<absl::string_view, absl::string_view> ValuesInText(
    absl::string_view text);

// SetInText returns `text` with `value` for the setting `name`, which
// FindSettingRule must know. The value is checked by CheckValue, not here. The
// line of the setting keeps its name and its comment; further lines of the same
// setting are removed. A setting that is not there yet is written behind the
// last line of any setting, or in front of a text that has none. All other
// lines, comments and parameters of other programs stay as they are. The error
// is InvalidArgument for a value that an ini file cannot hold; it says what to
// do and has nothing of the value.
absl::StatusOr<auth::Secret> SetInText(absl::string_view text,
                                       absl::string_view name,
                                       absl::string_view value);

// UnsetInText returns `text` without the lines of the setting `name`, so that
// its default holds.
auth::Secret UnsetInText(absl::string_view text, absl::string_view name);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_SETTINGS_STORE_INI_EDIT_H_
