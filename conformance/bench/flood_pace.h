// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_BENCH_FLOOD_PACE_H_
#define OVOC_CONFORMANCE_BENCH_FLOOD_PACE_H_

#include <cstddef>

#include "absl/time/time.h"

namespace ovoc::conformance {

// What a sender that was kept off its core makes up for, beside the message
// that it was about to send. The rest is not offered, else it would come as a
// burst of a size that nobody chose.
inline constexpr absl::Duration kMaxFloodArrears = absl::Milliseconds(5);

// FloodPace says when which messages are due at a steady rate. It has no clock.
class FloodPace {
 public:
  // `rate` is in packets a second, and each message is `burst` packets.
  FloodPace(double rate, int burst);

  // How many whole messages are due after `elapsed`, which never falls.
  size_t Due(absl::Duration elapsed);

  // So many were offered.
  void Sent(size_t messages);

  // How many packets were.
  double packets() const { return sent_; }

 private:
  const double rate_;
  const double per_message_;
  const double max_arrears_;  // packets
  double sent_ = 0;           // packets
  double forgiven_ = 0;       // packets that are never offered
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_BENCH_FLOOD_PACE_H_
