// SPDX-License-Identifier: Apache-2.0
#include "tunnel/settings/named_errors.h"

namespace ovoc::tunnel {

bool NamedErrors::Take(absl::string_view name, const absl::Status& status) {
  if (!status.ok()) {
    all_.Add(settings_.LineOf(name), status);
  }
  return status.ok();
}

}  // namespace ovoc::tunnel
