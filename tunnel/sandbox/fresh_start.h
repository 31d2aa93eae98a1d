// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SANDBOX_FRESH_START_H_
#define OVOC_TUNNEL_SANDBOX_FRESH_START_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::tunnel {

// The soft RLIMIT_NOFILE after FreshStart, if the hard limit is not lower. No
// descriptor is above it, so all can be closed one by one where close_range(2)
// is missing; container runtimes set 2^30.
inline constexpr uint64_t kSoftDescriptors = 1024;
// With fewer the client does not run: the keeper has 8 or so, the worker 20.
inline constexpr uint64_t kLeastDescriptors = 32;
// RLIMIT_DATA and RLIMIT_AS, in bytes, below which it does not run either. Both
// processes write to 1 MiB or so each and map 11 MiB; the rest is for roots of
// trust and queues. With less an allocation fails somewhere, and that ends a
// process without a word.
inline constexpr uint64_t kLeastDataBytes = 4 << 20;
inline constexpr uint64_t kLeastAddressBytes = 24 << 20;

// FreshStart makes this process what its program expects, whoever started it
// and however (execve(2), "Effect on process attributes"). In this order:
//   - signals: every one that was inherited as ignored is at its default again
//     (SIGCHLD above all: ignored, the kernel buries children unseen), but
//     SIGPIPE, SIGXFSZ and SIGTTOU are ignored: a write to a reader that is
//     gone, past RLIMIT_FSIZE or from the background fails and kills or stops
//     nobody. None is blocked.
//   - timers of setitimer(2) and alarm(2) are off
//   - descriptors 0 to 2 are open, on /dev/null where they were closed; all
//     others are closed
//   - umask 077
//   - limits (setrlimit(2)): each soft limit is raised to its hard one, but
//     that of core files stays, and RLIMIT_NOFILE becomes kSoftDescriptors at
//     most. Hard limits stay as they are: they are somebody's wish.
//   - environment: empty, but for the variables named in `kept`
// It does not change what is no hazard (nice value, session, working folder),
// nor what was read before main began (the loader's and the C library's own
// variables, OPENSSL_ia32cap).
// Before the first descriptor is opened and the first thread started. The error
// names what cannot be done and the limit that is too low.
absl::Status FreshStart(absl::Span<const absl::string_view> kept);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_FRESH_START_H_
