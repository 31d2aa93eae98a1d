// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_RECONNECT_POLICY_H_
#define OVOC_TUNNEL_RECONNECT_POLICY_H_

#include <cstdint>
#include <functional>
#include <utility>

#include "absl/time/time.h"
#include "absl/types/span.h"

namespace ovoc::tunnel {

// ReconnectPolicy says how long to wait before the next connection: exponential
// back-off with full jitter, so that all devices of an OVOC that restarts do
// not come back in step. Pure: randomness is passed in, time does not enter but
// as the length of the connection that ended.
class ReconnectPolicy {
 public:
  using RandomBytes = std::function<void(absl::Span<uint8_t>)>;

  struct Options {
    absl::Duration first = absl::Seconds(1);
    absl::Duration cap = absl::Seconds(60);
    // A tunnel that was up for this long starts the series anew.
    absl::Duration stable = absl::Seconds(60);
    // Over how long all devices of a server come back that ended their tunnels,
    // or told them when: WSTunReconnectSpread.
    absl::Duration spread = absl::Seconds(10);
  };

  enum class Failure {
    kTransient,   // may be gone at the next try
    kPersistent,  // 401, 409, certificate: needs somebody's hand
    // The server ended a tunnel that was up: it has ended everybody's.
    kServerEnded,
  };

  // `random` fills its span with unpredictable bytes.
  ReconnectPolicy(const Options& options, RandomBytes random)
      : options_(options),
        random_(std::move(random)),
        ceiling_(options.first),
        early_ceiling_(options.first) {}

  void set_spread(absl::Duration spread) { options_.spread = spread; }

  // The wait before the next connection.
  //   kTransient: uniform in (0, ceiling], the ceiling being `first`, twice
  //   that
  //     and so on up to `cap`; `first` again when the tunnel was up for
  //     `stable`.
  //   kPersistent: uniform in [cap / 2, cap], and the series goes to its end.
  //   kServerEnded: uniform in (0, spread]; the series begins, or goes on, with
  //     the attempt after that. Of a server that ends one tunnel after the
  //     other before they are `stable`, the upper end doubles up to `cap` as
  //     above once it exceeds `spread`.
  absl::Duration NextDelay(Failure failure, absl::Duration time_up);

  // The wait before the next connection when the server has said how long to
  // wait at least (Retry-After): uniform in (told, told + spread], so that
  // those who were told the same do not come at the same time. The series stays
  // as it is.
  absl::Duration DelayAfter(absl::Duration told);

 private:
  // Uniform in (0, 1], in steps of 2^-32.
  double Draw();

  Options options_;
  RandomBytes random_;
  absl::Duration ceiling_;
  absl::Duration early_ceiling_;  // after an end by the server before `stable`
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_RECONNECT_POLICY_H_
