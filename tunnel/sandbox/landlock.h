// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SANDBOX_LANDLOCK_H_
#define OVOC_TUNNEL_SANDBOX_LANDLOCK_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace ovoc::tunnel {

// RestrictByLandlock forbids this process, as far as the kernel can
// (landlock(7)):
// - every access to every file (Linux 5.13)
// - to bind(2) TCP sockets, and to connect(2) them to ports other than
//   `tcp_ports` (6.7)
// - abstract UNIX sockets of other processes, and signals to them (6.12)
// no_new_privs must be set. It returns the Landlock ABI that is in force. That
// is 0 if there is none, or a container runtime refuses it (ENOSYS, EOPNOTSUPP,
// EPERM). Then chroot and the system-call filter alone restrict the process.
absl::StatusOr<int> RestrictByLandlock(absl::Span<const uint16_t> tcp_ports);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_LANDLOCK_H_
