// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_COMMAND_LINE_VERSION_H_
#define OVOC_TUNNEL_COMMAND_LINE_VERSION_H_

#include <cstdint>

namespace ovoc::tunnel {

inline constexpr char kVersion[] = "0.1.0";

// The day of this release, 2026-11-23 00:00:00 UTC, in seconds of the Unix
// epoch. A clock that shows an earlier time is wrong
// (auth/verification_time.h). A constant of the source, so that builds stay
// reproducible.
inline constexpr int64_t kReleaseUnixSeconds = 1795392000;

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_COMMAND_LINE_VERSION_H_
