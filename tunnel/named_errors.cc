// SPDX-License-Identifier: Apache-2.0
#include "tunnel/named_errors.h"

namespace ovoc::tunnel {

bool NamedErrors::Take(absl::string_view name, const absl::Status& status) {
  if (!status.ok()) {
    const auto line = settings_.lines.find(name);
    all_.Add(line == settings_.lines.end() ? 0 : line->second, status);
  }
  return status.ok();
}

}  // namespace ovoc::tunnel
