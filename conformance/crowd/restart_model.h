// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_CROWD_RESTART_MODEL_H_
#define OVOC_CONFORMANCE_CROWD_RESTART_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "conformance/crowd/wait_rule.h"

namespace ovoc::conformance {

// Attempts are counted in bins of this length.
inline constexpr absl::Duration kRestartBin = absl::Milliseconds(100);

// RestartOptions is a server that goes away and comes back, and its devices.
// All of them had a tunnel and lose it at the same moment. All times count from
// that loss.
struct RestartOptions {
  // What a server does with an attempt whose device has given up in the
  // meantime.
  enum class GivenUp {
    kServed,   // its turn comes as for any other: the key exchange is done
               // before the end of the stream is seen
    kSkipped,  // it costs nothing
  };

  size_t devices = 100000;
  absl::Duration time_up = absl::Hours(1);  // of the tunnels that are lost
  absl::Duration outage;  // until then every attempt is refused
  // How long a refusal takes. A closed port answers at once.
  absl::Duration refusal = absl::ZeroDuration();
  // What the server can take, one after the other in the order of their
  // coming; zero: no limit, each takes no time.
  int64_t logins_per_second = 0;
  // How many attempts may wait for their turn; further ones are refused at
  // once.
  int64_t room = 4096;
  GivenUp given_up = GivenUp::kServed;
  // How long a device waits for its login (auth::kUpgradeTimeout).
  absl::Duration patience = absl::Seconds(10);
  // The end of the simulation.
  absl::Duration horizon = absl::Hours(1);
};

struct RestartResult {
  std::vector<int64_t> attempts;     // begun in each kRestartBin since the loss
  std::vector<int64_t> logins;       // done in each
  int64_t refused = 0;               // attempts while the server was away
  int64_t turned_away = 0;           // attempts that found no room
  int64_t given_up = 0;              // attempts whose device lost patience
  int64_t pending = 0;               // devices not back at the horizon
  std::vector<absl::Duration> back;  // when each login was done, ascending

  int64_t attempt_count() const;
  // The largest sum of `bins` neighbouring elements of attempts.
  int64_t Peak(size_t bins) const;
  // When this share of all devices, in (0, 1], was back; InfiniteDuration when
  // that did not happen.
  absl::Duration BackAt(double share) const;
};

// SimulateRestart plays this, with a rule for each device. It uses virtual
// time, and randomness only where the rules have it.
RestartResult SimulateRestart(const RestartOptions& options,
                              const MakeRule& make_rule);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_CROWD_RESTART_MODEL_H_
