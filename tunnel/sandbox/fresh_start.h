// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SANDBOX_FRESH_START_H_
#define OVOC_TUNNEL_SANDBOX_FRESH_START_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::tunnel {

// The soft RLIMIT_NOFILE after FreshStart, unless the hard limit is lower. No
// descriptor is above it, so all can be closed one by one if close_range(2) is
// missing. Container runtimes set 2^30.
inline constexpr uint64_t kSoftDescriptors = 1024;
// The client does not run with fewer. The keeper has about 8, the worker 20.
inline constexpr uint64_t kLeastDescriptors = 32;
// The client does not run either if RLIMIT_DATA or RLIMIT_AS is less than these
// numbers of bytes. Each of the two processes writes to about 1 MiB and maps 11
// MiB. The rest is for trusted roots and queues. With less, an allocation may
// fail and end a process without a message.
inline constexpr uint64_t kLeastDataBytes = 4 << 20;
inline constexpr uint64_t kLeastAddressBytes = 24 << 20;

// FreshStart gives this process the state that the program expects, whatever it
// has inherited (execve(2), "Effect on process attributes"). In this order:
//   - Signals: those that were ignored have their default again. This matters
//     most for SIGCHLD: if it is ignored, nobody learns how a child ended.
//     SIGPIPE, SIGXFSZ and SIGTTOU are ignored, so that a write fails, and does
//     not kill or stop the process, if the reader is gone, RLIMIT_FSIZE is
//     reached or the process is in the background. No signal is blocked.
//   - Timers of setitimer(2) and alarm(2) are off.
//   - Descriptors 0 to 2 are open, to /dev/null if they were closed. All others
//     are closed.
//   - The umask is 077.
//   - Limits (setrlimit(2)): each soft limit is raised to its hard limit. That
//     of core files stays, and RLIMIT_NOFILE is at most kSoftDescriptors. Hard
//     limits stay, because somebody has set them on purpose.
//   - The environment is empty, except for the variables named in `kept`.
//
// It does not change what is harmless (the nice value, the session, the working
// folder), nor what was read before main began (variables of the loader and the
// C library, OPENSSL_ia32cap).
//
// Call it before the first descriptor is opened and the first thread is
// started. The error names what cannot be done or the limit that is too low.
absl::Status FreshStart(absl::Span<const absl::string_view> kept);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_FRESH_START_H_
