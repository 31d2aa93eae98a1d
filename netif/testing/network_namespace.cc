// SPDX-License-Identifier: Apache-2.0

#include "netif/testing/network_namespace.h"

#include <sched.h>

#include <cerrno>

#include "absl/status/status.h"

namespace ovoc::netif {

absl::Status EnterNewNetworkNamespace() {
  if (unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0) {
    return absl::OkStatus();
  }
  const int error_number = errno;
  // A container may forbid user namespaces and be privileged itself.
  if (unshare(CLONE_NEWNET) == 0) {
    return absl::OkStatus();
  }
  return absl::ErrnoToStatus(
      error_number,
      "the kernel forbids a network namespace of the test's own (unshare)");
}

}  // namespace ovoc::netif
