// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_RETRY_SERVER_CHOICE_H_
#define OVOC_TUNNEL_RETRY_SERVER_CHOICE_H_

#include <cstddef>
#include <vector>

#include "absl/time/time.h"

namespace ovoc::tunnel {

// ServerChoice says which of the servers in WSTunServer the next attempt is to.
// A server that works is kept. When it is lost, or when none has worked yet,
// attempts go through all servers in the order of the settings, and behind the
// last one again from the first: a round. A round begins with the server that
// worked last, or always with the first (AfterLoss::kFirst).
//
// An attempt goes on to the next server when all addresses of its own have
// failed. It does so at once, and the wait between attempts is between rounds.
// A server that wants to be left alone (Retry-After), or that needs somebody's
// hand (401, 409, certificate), is held: rounds leave it out until its time has
// come.
//
// It is pure. With one server it always says that one, after a wait.
class ServerChoice {
 public:
  // Attempts in a row to one server that still has addresses without a failure.
  // A name with new addresses at each lookup must not keep the others waiting.
  static constexpr int kMaxAttempts = 4;

  // Where the round after a loss begins: WSTunServerRevert.
  enum class AfterLoss {
    kStay,   // with the server that was lost
    kFirst,  // with the first one
  };

  enum class State {
    kSearching,  // no attempt of this round has logged in
    kInUse,      // current() has logged in
  };

  // Tunnels in a row to one server that ended soon. A name with many addresses
  // that all let us log in, and then go away, must not keep the others waiting.
  static constexpr int kMaxShortTunnels = 3;

  // What the end of an attempt says of its server.
  enum class Left {
    kAddresses,    // it has an address that was not tried in vain
    kShortTunnel,  // the same, but its tunnel ended soon
    kNothing,      // it has no other address
  };

  // When the next attempt begins.
  enum class Next {
    kAtOnce,     // the round goes on with another server
    kAfterWait,  // a new round, or another address of the same server
  };

  // `count` is at least 1. The first round begins with `last`, the server that
  // worked last, as if there had been a loss.
  ServerChoice(size_t count, AfterLoss after_loss, size_t last = 0)
      : after_loss_(after_loss),
        home_(after_loss == AfterLoss::kFirst ? 0 : last),
        current_(home_),
        tried_(count, false),
        short_tunnels_(count, 0),
        held_until_(count, absl::InfinitePast()) {}

  // The place of the server that the attempt is to, from 0.
  size_t current() const { return current_; }
  State state() const { return state_; }

  // An attempt is about to begin at `now`: not to a server that is held, unless
  // all are.
  void Begin(absl::Time now);

  // The attempt has logged in.
  void OnWorked();

  // The attempt, or the tunnel that it made, is over. The server is held until
  // `held_until`; InfinitePast: it is not.
  Next OnEnd(Left left, absl::Time held_until, absl::Time now);

  // When the first server can be tried as far as they are held. InfinitePast:
  // one is not.
  absl::Time FreeAt() const;

 private:
  // The first server from `place` on that this round has not tried and that is
  // not held. count() when there is none.
  size_t FirstFree(size_t place, absl::Time now) const;
  size_t count() const { return tried_.size(); }
  // Whether the tunnel that ended says that its server is of no use.
  bool IsUseless(Left left);
  void BeginRound();

  const AfterLoss after_loss_;
  State state_ = State::kSearching;
  size_t home_;  // where rounds begin
  size_t current_;
  int attempts_ = 0;                // in a row to current_, without a login
  std::vector<bool> tried_;         // in this round
  std::vector<int> short_tunnels_;  // of each server, in a row
  std::vector<absl::Time> held_until_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_RETRY_SERVER_CHOICE_H_
