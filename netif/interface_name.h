// SPDX-License-Identifier: Apache-2.0

#ifndef OVOC_NETIF_INTERFACE_NAME_H_
#define OVOC_NETIF_INTERFACE_NAME_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace ovoc::netif {

// IFNAMSIZ of linux/if.h is 16 and counts the terminating NUL.
inline constexpr size_t kMaxInterfaceNameBytes = 15;

// kInterfaceNameRule says in words which names IsValidInterfaceName accepts.
inline constexpr absl::string_view kInterfaceNameRule =
    "1..15 visible ASCII characters without '/', ':' and '%', not '.' or '..'";

// IsValidInterfaceName is true for a name that Linux accepts unchanged for a
// network device. '%' is refused because Linux takes "ovoc%d" for a pattern,
// and '/', '.' and '..' because names become parts of paths in /proc/sys.
bool IsValidInterfaceName(absl::string_view name);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_INTERFACE_NAME_H_
