// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_CROWD_FAILOVER_MODEL_H_
#define OVOC_CONFORMANCE_CROWD_FAILOVER_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "conformance/crowd/wait_rule.h"
#include "tunnel/retry/server_choice.h"

namespace ovoc::conformance {

// FailoverOptions is some servers and the devices of one of them. All of these
// had a tunnel to it for an hour and lose it at the same moment. All times
// count from that loss.
struct FailoverOptions {
  size_t devices = 100000;
  // Of each server in the order of the settings: until then it refuses every
  // attempt, at once. One that is there takes all.
  std::vector<absl::Duration> away = {absl::ZeroDuration()};
  size_t lost = 0;  // the place of the server that they had
  tunnel::ServerChoice::AfterLoss after_loss =
      tunnel::ServerChoice::AfterLoss::kStay;
};

// FailoverResult has a row for each server.
struct FailoverResult {
  std::vector<std::vector<int64_t>> attempts;  // begun in each 100 ms
  std::vector<int64_t> devices;                // that have a tunnel to it
  absl::Duration last;                         // when the last device was back

  int64_t attempt_count(size_t server) const;
};

// SimulateFailover plays this with the client's own ServerChoice and a rule for
// each device, in virtual time, until all devices are back. At least one server
// has to come back.
FailoverResult SimulateFailover(const FailoverOptions& options,
                                const MakeRule& make_rule);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_CROWD_FAILOVER_MODEL_H_
