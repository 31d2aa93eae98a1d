// SPDX-License-Identifier: Apache-2.0
#include "conformance/crowd/restart_model.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <numeric>
#include <queue>
#include <utility>

namespace ovoc::conformance {
namespace {

// An attempt to come, the earliest first; in the order of the devices when two
// come at the same time.
using Attempt = std::pair<absl::Duration, size_t>;
using Attempts =
    std::priority_queue<Attempt, std::vector<Attempt>, std::greater<>>;

class Restart {
 public:
  Restart(const RestartOptions& options, const MakeRule& make_rule)
      : options_(options),
        service_(options.logins_per_second > 0
                     ? absl::Seconds(1) / options.logins_per_second
                     : absl::ZeroDuration()) {
    rules_.reserve(options.devices);
    for (size_t device = 0; device < options.devices; ++device) {
      rules_.push_back(make_rule());
    }
  }

  RestartResult Run() {
    for (size_t device = 0; device < rules_.size(); ++device) {
      Plan(device, WaitOutOutage(device));
    }
    while (!attempts_.empty()) {
      const Attempt attempt = attempts_.top();
      attempts_.pop();
      Serve(attempt.second, attempt.first);
    }
    result_.pending = static_cast<int64_t>(options_.devices) -
                      static_cast<int64_t>(result_.back.size());
    std::sort(result_.back.begin(), result_.back.end());
    return std::move(result_);
  }

 private:
  // As long as the server is away no device is in another's way. Returns when
  // this one's first attempt behind the outage begins.
  absl::Duration WaitOutOutage(size_t device) {
    absl::Duration now = rules_[device]->Next(options_.time_up);
    while (now < options_.outage) {
      Count(now, &result_.attempts);
      ++result_.refused;
      now += options_.refusal + rules_[device]->Next(absl::ZeroDuration());
    }
    return now;
  }

  void Plan(size_t device, absl::Duration when) {
    if (when < options_.horizon) {
      attempts_.emplace(when, device);
    }
  }

  // The server takes one after the other, so what becomes of an attempt is
  // known when it comes.
  void Serve(size_t device, absl::Duration now) {
    Count(now, &result_.attempts);
    const absl::Duration begin = std::max(now, free_at_);
    if (service_ > absl::ZeroDuration() &&
        begin - now >= service_ * options_.room) {
      ++result_.turned_away;
      Plan(device, now + rules_[device]->Next(absl::ZeroDuration()));
      return;
    }
    const absl::Duration done = begin + service_;
    const bool in_time = done - now <= options_.patience;
    if (in_time || options_.given_up == RestartOptions::GivenUp::kServed) {
      free_at_ = done;
    }
    if (in_time) {
      Count(done, &result_.logins);
      result_.back.push_back(done);
      return;
    }
    ++result_.given_up;
    Plan(device,
         now + options_.patience + rules_[device]->Next(absl::ZeroDuration()));
  }

  static void Count(absl::Duration when, std::vector<int64_t>* bins) {
    const auto bin = static_cast<size_t>(when / kRestartBin);
    bins->resize(std::max(bins->size(), bin + 1));
    ++(*bins)[bin];
  }

  const RestartOptions options_;
  const absl::Duration service_;
  std::vector<std::unique_ptr<WaitRule>> rules_;
  Attempts attempts_;
  absl::Duration free_at_;  // when the server has nothing left to do
  RestartResult result_;
};

}  // namespace

int64_t RestartResult::attempt_count() const {
  return std::accumulate(attempts.begin(), attempts.end(), int64_t{0});
}

int64_t RestartResult::Peak(size_t bins) const {
  int64_t peak = 0;
  int64_t sum = 0;
  for (size_t i = 0; i < attempts.size(); ++i) {
    sum += attempts[i] - (i >= bins ? attempts[i - bins] : 0);
    peak = std::max(peak, sum);
  }
  return peak;
}

absl::Duration RestartResult::BackAt(double share) const {
  const double devices =
      static_cast<double>(back.size()) + static_cast<double>(pending);
  const auto count = static_cast<size_t>(std::ceil(share * devices));
  return count == 0 || count > back.size() ? absl::InfiniteDuration()
                                           : back[count - 1];
}

RestartResult SimulateRestart(const RestartOptions& options,
                              const MakeRule& make_rule) {
  return Restart(options, make_rule).Run();
}

}  // namespace ovoc::conformance
