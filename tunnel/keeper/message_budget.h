// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_MESSAGE_BUDGET_H_
#define OVOC_TUNNEL_KEEPER_MESSAGE_BUDGET_H_

#include "absl/time/time.h"

namespace ovoc::tunnel {

// MessageBudget says how many messages of its worker a keeper takes: `burst` at
// once and `per_second` in the long run, so that a worker gone wild fills
// neither the log nor a processor. What is over waits in the channel.
class MessageBudget {
 public:
  struct Options {
    double burst = 200;
    double per_second = 50;
  };

  explicit MessageBudget(const Options& options)
      : options_(options), left_(options.burst) {}

  // Takes one message off the budget; false when there is none left.
  bool Take(absl::Time now);

  // What was taken for a message that did not come.
  void PutBack();

  // When Take may succeed again.
  absl::Time NextTime() const;

 private:
  Options options_;
  double left_;
  absl::Time last_ = absl::InfinitePast();
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_MESSAGE_BUDGET_H_
