// SPDX-License-Identifier: Apache-2.0
#include "conformance/crowd/failover_model.h"

#include <algorithm>
#include <memory>
#include <numeric>

namespace ovoc::conformance {
namespace {

using tunnel::ServerChoice;

constexpr absl::Duration kBin = absl::Milliseconds(100);
constexpr absl::Duration kTimeUp = absl::Hours(1);

void Count(absl::Duration when, std::vector<int64_t>* bins) {
  const auto bin = static_cast<size_t>(when / kBin);
  bins->resize(std::max(bins->size(), bin + 1));
  ++(*bins)[bin];
}

// One device, from its loss to its next tunnel. Returns when that is there.
absl::Duration PlayDevice(const FailoverOptions& options, WaitRule* rule,
                          FailoverResult* result) {
  const absl::Time start = absl::UnixEpoch();
  ServerChoice choice(options.away.size(), options.after_loss, options.lost);
  absl::Duration now = rule->Next(kTimeUp);
  while (true) {
    choice.Begin(start + now);
    const size_t server = choice.current();
    Count(now, &result->attempts[server]);
    if (now >= options.away[server]) {
      ++result->devices[server];
      return now;
    }
    const ServerChoice::Next next = choice.OnEnd(
        ServerChoice::Left::kNothing, absl::InfinitePast(), start + now);
    if (next == ServerChoice::Next::kAfterWait) {
      now += rule->Next(absl::ZeroDuration());
    }
  }
}

}  // namespace

int64_t FailoverResult::attempt_count(size_t server) const {
  return std::accumulate(attempts[server].begin(), attempts[server].end(),
                         int64_t{0});
}

FailoverResult SimulateFailover(const FailoverOptions& options,
                                const MakeRule& make_rule) {
  FailoverResult result;
  result.attempts.resize(options.away.size());
  result.devices.resize(options.away.size());
  for (size_t device = 0; device < options.devices; ++device) {
    const std::unique_ptr<WaitRule> rule = make_rule();
    result.last =
        std::max(result.last, PlayDevice(options, rule.get(), &result));
  }
  return result;
}

}  // namespace ovoc::conformance
