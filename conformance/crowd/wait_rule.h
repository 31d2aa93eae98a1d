// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_CROWD_WAIT_RULE_H_
#define OVOC_CONFORMANCE_CROWD_WAIT_RULE_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tunnel/retry/reconnect_policy.h"

namespace ovoc::conformance {

// WaitRule says how long one device waits before its next connection, by our
// rule or by one of others. There is one object per device.
class WaitRule {
 public:
  virtual ~WaitRule() = default;

  // `time_up` is how long the lost tunnel had been up; zero after an attempt
  // that failed.
  virtual absl::Duration Next(absl::Duration time_up) = 0;
};

using MakeRule = std::function<std::unique_ptr<WaitRule>()>;

// The same bytes for the same seed, on every machine. Copies share the stream.
tunnel::ReconnectPolicy::RandomBytes SeededRandom(uint64_t seed);

// The client's own policy, which takes a tunnel that was up for lost in the way
// of `loss`: kServerEnded, as it is when the server stops; or kTransient, as
// before there was a spread, and as it still is when the path is lost.
MakeRule PolicyRule(const tunnel::ReconnectPolicy::Options& options,
                    tunnel::ReconnectPolicy::Failure loss,
                    const tunnel::ReconnectPolicy::RandomBytes& random);

// Uniform in (0, ceiling] after a tunnel that was up, then the client's policy
// from its beginning.
MakeRule LossRule(absl::Duration ceiling,
                  const tunnel::ReconnectPolicy::Options& options,
                  const tunnel::ReconnectPolicy::RandomBytes& random);

// Always the same wait, as simple clients do.
MakeRule FixedRule(absl::Duration wait);

// `first`, twice that and so on up to `cap`, without jitter; `first` again
// after a tunnel that was up.
MakeRule DoublingRule(absl::Duration first, absl::Duration cap);

// The rule that a text names; durations as 500ms, 30s or 5m:
//   ours                     the client's policy with its own options
//   ours:SPREAD              the same with another WSTunReconnectSpread
//   policy:FIRST:CAP         its series alone, without a spread
//   loss:CEILING:FIRST:CAP   LossRule
//   fixed:WAIT, doubling:FIRST:CAP
absl::StatusOr<MakeRule> ParseRule(
    absl::string_view text, const tunnel::ReconnectPolicy::RandomBytes& random);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_CROWD_WAIT_RULE_H_
