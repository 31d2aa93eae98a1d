// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_SETTINGS_STORE_SHOWN_VALUE_H_
#define OVOC_TUNNEL_MANAGE_SETTINGS_STORE_SHOWN_VALUE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// What stands for a secret. No value of WSTunPassword may be this text, so that
// what was shown and is sent back cannot become the password.
inline constexpr absl::string_view kHiddenValue = "(hidden)";

// ShownValue is what may be shown of the value of the setting `name`: all of
// it, but kHiddenValue for WSTunPassword, and for a WSTunProxy that has an '@'
// or is no URL of a proxy, since there may be a password in it.
std::string ShownValue(absl::string_view name, absl::string_view value);

// IsShownSecret is true for a value that ShownValue made of a secret, which is
// no value to set.
bool IsShownSecret(absl::string_view name, absl::string_view value);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_SETTINGS_STORE_SHOWN_VALUE_H_
