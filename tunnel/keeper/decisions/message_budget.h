// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_DECISIONS_MESSAGE_BUDGET_H_
#define OVOC_TUNNEL_KEEPER_DECISIONS_MESSAGE_BUDGET_H_

#include "absl/time/time.h"

namespace ovoc::tunnel {

// MessageBudget limits how many messages a keeper takes from its worker:
// `burst` at once and `per_second` in the long run. So a worker that misbehaves
// fills neither the log nor a processor. Messages above the limit wait in the
// channel.
class MessageBudget {
 public:
  struct Options {
    double burst = 200;
    double per_second = 50;
  };

  explicit MessageBudget(const Options& options)
      : options_(options), left_(options.burst) {}

  // Takes one message off the budget. Returns false if none is left.
  bool Take(absl::Time now);

  // Gives back what was taken for a message that did not come.
  void PutBack();

  // The time at which Take may succeed again.
  absl::Time NextTime() const;

 private:
  Options options_;
  double left_;
  absl::Time last_ = absl::InfinitePast();
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_DECISIONS_MESSAGE_BUDGET_H_
