// SPDX-License-Identifier: Apache-2.0
//
// What people write where a setting takes something else.

#ifndef OVOC_TUNNEL_SETTINGS_VALUE_HINT_H_
#define OVOC_TUNNEL_SETTINGS_VALUE_HINT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// ValueHint is what is wrong with a value, to follow the value ("has leading
// zeros"), and what to do about it. Both are empty where nothing is known.
struct ValueHint {
  std::string problem;
  std::string remedy;
};

// HintForValue is about a value that the setting `name` does not take. Of
// WSTunPassword nothing is said. The texts have nothing of the value in them,
// but for the prefix that a WSTunOverlay was meant to be.
ValueHint HintForValue(absl::string_view name, absl::string_view value);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_VALUE_HINT_H_
