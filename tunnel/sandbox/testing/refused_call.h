// SPDX-License-Identifier: Apache-2.0
//
// A kernel, or a container runtime, that does not have a system call.

#ifndef OVOC_TUNNEL_SANDBOX_TESTING_REFUSED_CALL_H_
#define OVOC_TUNNEL_SANDBOX_TESTING_REFUSED_CALL_H_

#include <seccomp.h>

#include <cstdint>

namespace ovoc::tunnel {

// From now on `call` of this process fails with `error`, as a filter of a
// container runtime has it. Whether that could be arranged.
inline bool RefuseCall(int call, int error) {
  const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  const bool refused =
      filter != nullptr &&
      seccomp_rule_add(filter, SCMP_ACT_ERRNO(static_cast<uint32_t>(error)),
                       call, 0) == 0 &&
      seccomp_load(filter) == 0;
  seccomp_release(filter);
  return refused;
}

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_TESTING_REFUSED_CALL_H_
