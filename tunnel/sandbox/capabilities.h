// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SANDBOX_CAPABILITIES_H_
#define OVOC_TUNNEL_SANDBOX_CAPABILITIES_H_

#include "absl/status/status.h"

namespace ovoc::tunnel {

// The capabilities that a process keeps (capabilities(7)).
enum class KeptCapabilities {
  kNone,
  kNetAdmin,  // CAP_NET_ADMIN, for the TUN device and its address
};

// KeepCapabilities removes all other capabilities from the permitted, the
// effective, the inheritable and the ambient set, and from the bounding set if
// the process may. None can come back once no_new_privs is set as well. The
// error is PermissionDenied if the process does not have `kept`. Otherwise it
// is Internal, and names the call that failed.
absl::Status KeepCapabilities(KeptCapabilities kept);

// ForgoFileAccess gives up CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, which
// KeepCapabilities does too. From then on files open as their owner and mode
// allow, even for root. The error is Internal, and names the call that failed.
absl::Status ForgoFileAccess();

// ForbidNewPrivileges sets no_new_privs. Then no execve(2) gives this process
// or its children any privilege.
absl::Status ForbidNewPrivileges();

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_CAPABILITIES_H_
