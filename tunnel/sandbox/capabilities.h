// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SANDBOX_CAPABILITIES_H_
#define OVOC_TUNNEL_SANDBOX_CAPABILITIES_H_

#include "absl/status/status.h"

namespace ovoc::tunnel {

// What is left of the process's capabilities (capabilities(7)).
enum class KeptCapabilities {
  kNone,
  kNetAdmin,  // CAP_NET_ADMIN: the TUN device and its address
};

// KeepCapabilities takes all other capabilities out of the permitted, the
// effective, the inheritable, the ambient and, where the process may, the
// bounding set. None of them can come back once no_new_privs is set too.
// PermissionDenied when `kept` is not among those the process has;
// else Internal with the call that failed.
absl::Status KeepCapabilities(KeptCapabilities kept);

// ForgoFileAccess gives up CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, as
// KeepCapabilities does among others: from now on files open as owner and mode
// allow, for root too. Internal with the call that failed.
absl::Status ForgoFileAccess();

// Sets no_new_privs: no execve(2) gives this process or its children anything.
absl::Status ForbidNewPrivileges();

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_CAPABILITIES_H_
