// SPDX-License-Identifier: Apache-2.0

#include "netif/interface_name.h"

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

namespace ovoc::netif {

bool IsValidInterfaceName(absl::string_view name) {
  if (name.empty() || name.size() > kMaxInterfaceNameBytes || name == "." ||
      name == "..") {
    return false;
  }
  for (const char c : name) {
    if (!absl::ascii_isgraph(static_cast<unsigned char>(c)) || c == '/' ||
        c == ':' || c == '%') {
      return false;
    }
  }
  return true;
}

}  // namespace ovoc::netif
