// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/capabilities.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdint>

namespace ovoc::tunnel {
namespace {

using CapabilityWords =
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;

uint32_t FirstWord(KeptCapabilities kept) {
  return kept == KeptCapabilities::kNetAdmin ? uint32_t{1} << CAP_NET_ADMIN : 0;
}

bool IsKept(KeptCapabilities kept, int capability) {
  return kept == KeptCapabilities::kNetAdmin && capability == CAP_NET_ADMIN;
}

// Empties the bounding set. It needs CAP_SETPCAP; without it, the set says
// nothing that no_new_privs does not forbid anyway.
absl::Status ShrinkBoundingSet(KeptCapabilities kept) {
  for (int capability = 0;; ++capability) {
    const int present = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);
    if (present < 0) {
      return absl::OkStatus();  // EINVAL: behind the kernel's last one
    }
    if (present == 0 || IsKept(kept, capability)) {
      continue;
    }
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) {
      return errno == EPERM
                 ? absl::OkStatus()
                 : absl::InternalError(
                       absl::ErrnoToStatus(errno, "PR_CAPBSET_DROP").message());
    }
  }
}

}  // namespace

absl::Status KeepCapabilities(KeptCapabilities kept) {
  const absl::Status shrunk = ShrinkBoundingSet(kept);
  if (!shrunk.ok()) {
    return shrunk;
  }
  // Kernels before 4.3 know no ambient set.
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 &&
      errno != EINVAL) {
    return absl::InternalError(
        absl::ErrnoToStatus(errno, "PR_CAP_AMBIENT").message());
  }
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  CapabilityWords words = {};
  words[0].permitted = FirstWord(kept);
  words[0].effective = FirstWord(kept);
  if (syscall(SYS_capset, &header, words.data()) != 0) {
    return errno == EPERM
               ? absl::PermissionDeniedError(
                     "the TUN device needs CAP_NET_ADMIN; start the client as "
                     "root, or with the capabilities in SANDBOXING.md")
               : absl::InternalError(
                     absl::ErrnoToStatus(errno, "capset").message());
  }
  return absl::OkStatus();
}

absl::Status ForgoFileAccess() {
  constexpr uint32_t kForgone =
      uint32_t{1} << CAP_DAC_OVERRIDE | uint32_t{1} << CAP_DAC_READ_SEARCH;
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  CapabilityWords words = {};
  if (syscall(SYS_capget, &header, words.data()) != 0) {
    return absl::InternalError(absl::ErrnoToStatus(errno, "capget").message());
  }
  words[0].permitted &= ~kForgone;
  words[0].effective &= ~kForgone;
  words[0].inheritable &= ~kForgone;
  return syscall(SYS_capset, &header, words.data()) == 0
             ? absl::OkStatus()
             : absl::InternalError(
                   absl::ErrnoToStatus(errno, "capset").message());
}

absl::Status ForbidNewPrivileges() {
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
             ? absl::OkStatus()
             : absl::InternalError(
                   absl::ErrnoToStatus(errno, "PR_SET_NO_NEW_PRIVS").message());
}

}  // namespace ovoc::tunnel
