// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_SETTINGS_STORE_SETTINGS_DIFFERENCE_H_
#define OVOC_TUNNEL_MANAGE_SETTINGS_STORE_SETTINGS_DIFFERENCE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// The line for texts that set the same and are not the same.
inline constexpr absl::string_view kOtherLinesDiffer =
    "lines that are no settings differ";

// SettingsDifference says what differs between the texts of two settings files,
// in the order of the table of settings:
//
//   -WSTunServerPort = 443
//   +WSTunServerPort = 8443
//
// A setting that only one of them has gives one line. Values are those of
// ShownValue, so a new password is two lines that read the same. There is no
// line if and only if the texts are equal.
std::vector<std::string> SettingsDifference(absl::string_view before,
                                            absl::string_view after);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_SETTINGS_STORE_SETTINGS_DIFFERENCE_H_
