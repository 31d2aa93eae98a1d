// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_SETTINGS_STORE_VALUE_CHECK_H_
#define OVOC_TUNNEL_MANAGE_SETTINGS_STORE_VALUE_CHECK_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// CheckSettingName is InvalidArgument for a name that no setting has. The
// message says which one was probably meant.
absl::Status CheckSettingName(absl::string_view name);

// CheckValue asks the client's parser whether the setting `name`, which
// FindSettingRule must know, may have this value, whatever the others are. The
// message of an InvalidArgument is the parser's own, from the setting's name
// on: "WSTunServerPort: '70000' is not valid; use 0 to 65535". It has nothing
// of a password.
absl::Status CheckValue(absl::string_view name, absl::string_view value);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_SETTINGS_STORE_VALUE_CHECK_H_
