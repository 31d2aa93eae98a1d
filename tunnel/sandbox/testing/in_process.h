// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SANDBOX_TESTING_IN_PROCESS_H_
#define OVOC_TUNNEL_SANDBOX_TESTING_IN_PROCESS_H_

#include <sys/wait.h>
#include <unistd.h>

#include "absl/functional/function_ref.h"

namespace ovoc::tunnel {

// Whether a sanitizer is in the program, which makes system calls of its own
// and takes mlockall(2) for itself.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
inline constexpr bool kSanitized = __has_feature(address_sanitizer) ||
                                   __has_feature(undefined_behavior_sanitizer);
#else
inline constexpr bool kSanitized = false;
#endif

// Whether `holds` holds in a process of its own, which what it gives up ends
// with. False too when that process dies.
inline bool HoldsInProcess(absl::FunctionRef<bool()> holds) {
  constexpr int kHolds = 42;
  const pid_t child = fork();
  if (child == 0) {
    _exit(holds() ? kHolds : 1);
  }
  int status = 0;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) &&
         WEXITSTATUS(status) == kHolds;
}

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_TESTING_IN_PROCESS_H_
