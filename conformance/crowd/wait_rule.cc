// SPDX-License-Identifier: Apache-2.0
#include "conformance/crowd/wait_rule.h"

#include <algorithm>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/types/span.h"

namespace ovoc::conformance {
namespace {

using tunnel::ReconnectPolicy;
using Failure = ReconnectPolicy::Failure;

class Policy : public WaitRule {
 public:
  Policy(const ReconnectPolicy::Options& options, Failure loss,
         const ReconnectPolicy::RandomBytes& random)
      : policy_(options, random), loss_(loss) {}

  absl::Duration Next(absl::Duration time_up) override {
    return policy_.NextDelay(
        time_up > absl::ZeroDuration() ? loss_ : Failure::kTransient, time_up);
  }

 private:
  ReconnectPolicy policy_;
  const Failure loss_;
};

class Loss : public WaitRule {
 public:
  Loss(absl::Duration ceiling, const ReconnectPolicy::Options& options,
       const ReconnectPolicy::RandomBytes& random)
      : options_(options),
        random_(random),
        after_loss_({ceiling, ceiling, absl::ZeroDuration()}, random),
        series_(options, random) {}

  absl::Duration Next(absl::Duration time_up) override {
    if (time_up == absl::ZeroDuration()) {
      return series_.NextDelay(Failure::kTransient, time_up);
    }
    series_ = ReconnectPolicy(options_, random_);
    return after_loss_.NextDelay(Failure::kTransient, time_up);
  }

 private:
  ReconnectPolicy::Options options_;
  ReconnectPolicy::RandomBytes random_;
  ReconnectPolicy after_loss_;
  ReconnectPolicy series_;
};

class Fixed : public WaitRule {
 public:
  explicit Fixed(absl::Duration wait) : wait_(wait) {}

  absl::Duration Next(absl::Duration /*time_up*/) override { return wait_; }

 private:
  const absl::Duration wait_;
};

class Doubling : public WaitRule {
 public:
  Doubling(absl::Duration first, absl::Duration cap)
      : first_(first), cap_(cap), next_(first) {}

  absl::Duration Next(absl::Duration time_up) override {
    if (time_up > absl::ZeroDuration()) {
      next_ = first_;
    }
    const absl::Duration wait = next_;
    next_ = std::min(next_ * 2, cap_);
    return wait;
  }

 private:
  const absl::Duration first_;
  const absl::Duration cap_;
  absl::Duration next_;
};

ReconnectPolicy::Options WithSpread(absl::Duration spread) {
  ReconnectPolicy::Options options;
  options.spread = spread;
  return options;
}

ReconnectPolicy::Options WithSeries(absl::Duration first, absl::Duration cap) {
  ReconnectPolicy::Options options;
  options.first = first;
  options.cap = cap;
  return options;
}

}  // namespace

ReconnectPolicy::RandomBytes SeededRandom(uint64_t seed) {
  const auto generator = std::make_shared<std::mt19937_64>(seed);
  return [generator](absl::Span<uint8_t> out) {
    uint64_t bits = 0;
    for (size_t i = 0; i < out.size(); ++i) {
      bits = i % sizeof(bits) == 0 ? (*generator)() : bits >> 8;
      out[i] = static_cast<uint8_t>(bits & 0xff);
    }
  };
}

MakeRule PolicyRule(const ReconnectPolicy::Options& options, Failure loss,
                    const ReconnectPolicy::RandomBytes& random) {
  return [options, loss, random] {
    return std::make_unique<Policy>(options, loss, random);
  };
}

MakeRule LossRule(absl::Duration ceiling,
                  const ReconnectPolicy::Options& options,
                  const ReconnectPolicy::RandomBytes& random) {
  return [ceiling, options, random] {
    return std::make_unique<Loss>(ceiling, options, random);
  };
}

MakeRule FixedRule(absl::Duration wait) {
  return [wait] { return std::make_unique<Fixed>(wait); };
}

MakeRule DoublingRule(absl::Duration first, absl::Duration cap) {
  return [first, cap] { return std::make_unique<Doubling>(first, cap); };
}

absl::StatusOr<MakeRule> ParseRule(absl::string_view text,
                                   const ReconnectPolicy::RandomBytes& random) {
  const std::vector<std::string> words = absl::StrSplit(text, ':');
  std::vector<absl::Duration> times(words.size() - 1);
  bool right = true;
  for (size_t i = 0; i < times.size(); ++i) {
    right = right && absl::ParseDuration(words[i + 1], &times[i]) &&
            times[i] > absl::ZeroDuration();
  }
  if (right && words[0] == "ours" && times.empty()) {
    return PolicyRule(ReconnectPolicy::Options(), Failure::kServerEnded,
                      random);
  }
  if (right && words[0] == "ours" && times.size() == 1) {
    return PolicyRule(WithSpread(times[0]), Failure::kServerEnded, random);
  }
  if (right && words[0] == "policy" && times.size() == 2) {
    return PolicyRule(WithSeries(times[0], times[1]), Failure::kTransient,
                      random);
  }
  if (right && words[0] == "loss" && times.size() == 3) {
    return LossRule(times[0], WithSeries(times[1], times[2]), random);
  }
  if (right && words[0] == "fixed" && times.size() == 1) {
    return FixedRule(times[0]);
  }
  if (right && words[0] == "doubling" && times.size() == 2) {
    return DoublingRule(times[0], times[1]);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("rule \"", text,
                   "\" is not valid; give ours, ours:SPREAD, policy:FIRST:CAP, "
                   "loss:CEILING:FIRST:CAP, fixed:WAIT or "
                   "doubling:FIRST:CAP"));
}

}  // namespace ovoc::conformance
