// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SESSION_ROUND_TRIP_H_
#define OVOC_TUNNEL_SESSION_ROUND_TRIP_H_

#include <cstddef>
#include <optional>

#include "absl/time/time.h"

namespace ovoc::tunnel {

// RoundTripTimes is how long a connection's pings took to be answered. It
// includes the time that a ping waits in our own queue.
struct RoundTripTimes {
  absl::Duration last;
  absl::Duration minimum;
  absl::Duration smoothed;  // RFC 6298 2, with alpha = 1/8
};

// RoundTrip measures the time from a ping to its pong. Our pings have no
// payload, so what tells their pongs is that they have none either, and that
// they are awaited. It has no clock: every instant is passed in, all from one
// monotonic source.
//
// These are not measured:
//   - a pong with a payload, or when no ping is without its pong: it answers
//     nothing (RFC 6455 5.5.3)
//   - a ping that another one follows before its pong, and what comes in the
//     60 s after that: nobody can tell which of the two a pong answers (the
//     same is why TCP measures no segment that was sent twice, RFC 6298 3)
class RoundTrip {
 public:
  // A ping was queued to be sent.
  void OnPing(absl::Time now);

  // A pong came.
  void OnPong(size_t payload_bytes, absl::Time now);

  // nullopt before the first one.
  const std::optional<RoundTripTimes>& times() const { return times_; }

 private:
  void Measure(absl::Duration took);

  std::optional<absl::Time> sent_;  // the last ping, until a pong comes
  absl::Time doubtful_until_ = absl::InfinitePast();  // pings before this
  std::optional<RoundTripTimes> times_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SESSION_ROUND_TRIP_H_
