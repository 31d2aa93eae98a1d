// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_CHECK_FINDINGS_PEER_CLOCK_H_
#define OVOC_TUNNEL_CHECK_FINDINGS_PEER_CLOCK_H_

#include <string>

#include "absl/time/time.h"

namespace ovoc::tunnel {

// How far the server's clock may be from ours without a warning. A Date has
// whole seconds, and an answer takes a moment; what a log needs is about this.
inline constexpr absl::Duration kMaxClockDifference = absl::Minutes(1);

// DescribeClock says where the server's clock is: "2 s ahead of this
// machine's", "3600 s behind this machine's", "the same as this machine's".
std::string DescribeClock(absl::Duration difference);

// ClockWarning is a sentence about a difference above kMaxClockDifference, in
// either direction, and empty for any other. `server` is what the server's
// clock shows.
std::string ClockWarning(absl::Time server, absl::Duration difference);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_CHECK_FINDINGS_PEER_CLOCK_H_
