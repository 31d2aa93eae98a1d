// SPDX-License-Identifier: Apache-2.0
//
// Which protections the settings give up, for the log and the status.

#ifndef OVOC_TUNNEL_SETTINGS_INSECURE_SETTINGS_H_
#define OVOC_TUNNEL_SETTINGS_INSECURE_SETTINGS_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {

// InsecureSetting is a setting that gives up a protection of the defaults.
// `value` is shown to people, so a password is given as "default".
struct InsecureSetting {
  absl::string_view name;   // "WSTunSecured"
  absl::string_view value;  // "0"
};

// InsecureSettings returns those in effect, in the order of the table of
// settings. Call it when the password is known.
std::vector<InsecureSetting> InsecureSettings(const Settings& settings);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_INSECURE_SETTINGS_H_
