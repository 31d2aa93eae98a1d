// SPDX-License-Identifier: Apache-2.0
//
// Which protections the settings give up, for the log and the status.

#ifndef OVOC_TUNNEL_SETTINGS_INSECURE_SETTINGS_H_
#define OVOC_TUNNEL_SETTINGS_INSECURE_SETTINGS_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {

// InsecureSetting is a setting that gives up a protection the defaults have.
// `value` is shown, so that a password stands as "default" there.
struct InsecureSetting {
  absl::string_view name;   // "WSTunSecured"
  absl::string_view value;  // "0"
};

// InsecureSettings are those in effect, in the order of the table. Call it when
// the password is known.
std::vector<InsecureSetting> InsecureSettings(const Settings& settings);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_INSECURE_SETTINGS_H_
