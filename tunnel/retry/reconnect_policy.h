// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_RETRY_RECONNECT_POLICY_H_
#define OVOC_TUNNEL_RETRY_RECONNECT_POLICY_H_

#include <cstdint>
#include <functional>
#include <utility>

#include "absl/time/time.h"
#include "absl/types/span.h"

namespace ovoc::tunnel {

// ReconnectPolicy says how long to wait before the next connection. It is an
// exponential back-off with full jitter, so that the devices of an OVOC that
// restarts do not all come back at the same time. It has no clock and no random
// source: random bytes are passed in, and of time only how long the tunnel that
// ended was up.
class ReconnectPolicy {
 public:
  using RandomBytes = std::function<void(absl::Span<uint8_t>)>;

  struct Options {
    absl::Duration first = absl::Seconds(1);
    absl::Duration cap = absl::Seconds(60);
    // After a tunnel that was up for this long, the series begins again.
    absl::Duration stable = absl::Seconds(60);
    // If a server ends its tunnels, or tells its devices when to come back, all
    // of them come back within this time (WSTunReconnectSpread).
    absl::Duration spread = absl::Seconds(10);
  };

  enum class Failure {
    kTransient,   // the next attempt may succeed
    kPersistent,  // 401, 409, certificate: somebody has to act
    // The server ended a tunnel that was up, and probably all others as well.
    kServerEnded,
  };

  // `random` fills its span with unpredictable bytes.
  ReconnectPolicy(const Options& options, RandomBytes random)
      : options_(options),
        random_(std::move(random)),
        ceiling_(options.first),
        early_ceiling_(options.first) {}

  void set_spread(absl::Duration spread) { options_.spread = spread; }

  // The wait before the next connection, after a tunnel that was up for
  // `time_up` (0: there was none).
  //
  // kTransient: uniform in (0, ceiling]. The ceiling begins with `first` and
  // doubles up to `cap`. It begins again after a tunnel that was up for
  // `stable`.
  //
  // kPersistent: uniform in [cap / 2, cap]. The series goes to its end.
  //
  // kServerEnded: uniform in (0, spread]. The series begins, or goes on, with
  // the attempt after that. If a server ends one tunnel after another before
  // they are `stable`, the upper end doubles as above, up to `cap`, once it
  // exceeds `spread`.
  absl::Duration NextDelay(Failure failure, absl::Duration time_up);

  // The wait before the next connection to a server that needs somebody's hand
  // (kPersistent), if there are other servers to connect to meanwhile. It is
  // uniform in [cap / 2, cap]. The series stays as it is.
  absl::Duration PersistentDelay();

  // The wait before the next connection if the server has said how long to wait
  // at least (Retry-After). It is uniform in (told, told + spread], so that the
  // devices that were told the same time do not all come at once. The series
  // stays as it is.
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

#endif  // OVOC_TUNNEL_RETRY_RECONNECT_POLICY_H_
