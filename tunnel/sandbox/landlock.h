// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SANDBOX_LANDLOCK_H_
#define OVOC_TUNNEL_SANDBOX_LANDLOCK_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace ovoc::tunnel {

// RestrictByLandlock forbids this process, as far as the kernel can
// (landlock(7)): every access to every file (Linux 5.13), bind(2) of TCP and
// connect(2) of TCP to any port but `tcp_ports` (6.7), abstract UNIX sockets
// and signals to processes outside (6.12). no_new_privs must be set.
// Gives the Landlock ABI that is in force, 0 where there is none, or a
// container runtime refuses it (ENOSYS, EOPNOTSUPP, EPERM): then nothing is
// restricted here, and chroot and the system-call filter stand alone.
absl::StatusOr<int> RestrictByLandlock(absl::Span<const uint16_t> tcp_ports);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_LANDLOCK_H_
