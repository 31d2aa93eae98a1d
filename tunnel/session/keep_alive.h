// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SESSION_KEEP_ALIVE_H_
#define OVOC_TUNNEL_SESSION_KEEP_ALIVE_H_

#include "absl/time/time.h"

namespace ovoc::tunnel {

// KeepAlive decides when a tunnel pings and when it is dead (protocol.md 4). It
// has no clock: every instant is passed in, all from one monotonic source.
//
// A ping is due when nothing was sent for `ping_after`, so that no proxy on the
// way considers the tunnel idle. It is also due when nothing was received for
// that long: a device that only sends must ask, or it would never notice a dead
// peer. The tunnel is dead when nothing was received for `dead_after` and a
// ping from that period was not answered for at least `ask_after`. So a device
// that was stopped for longer asks before it gives up.
class KeepAlive {
 public:
  struct Options {
    absl::Duration ping_after = absl::Seconds(17);  // AudioCodes' own value
    absl::Duration dead_after = absl::Seconds(60);  // nginx's read timeout too
    absl::Duration ask_after = absl::Seconds(4);
  };

  enum class Action {
    kNone,
    kPing,  // send a ping now, and say so with OnPing
    kDead,  // give the connection up
  };

  // `now` counts as the first instant of sending and receiving.
  KeepAlive(const Options& options, absl::Time now);

  // Continues with other times, from what was sent and received before.
  void Tune(const Options& options) { options_ = options; }

  // A frame went out (a ping too: OnPing calls it).
  void OnSent(absl::Time now) { last_sent_ = now; }

  // A ping went out.
  void OnPing(absl::Time now);

  // A frame, of any kind, came in.
  void OnReceived(absl::Time now);

  // The frame that came in carried a packet.
  void OnPacketReceived() { expects_packets_ = true; }

  Action Poll(absl::Time now) const;

  // When Poll has to be called again if nothing happens until then.
  absl::Time NextTime() const;

 private:
  absl::Time PingDue() const;
  absl::Time DeadAt() const;

  Options options_;
  absl::Time last_sent_;
  absl::Time last_received_;
  absl::Time last_ping_ = absl::InfinitePast();
  absl::Time unanswered_since_ = absl::InfiniteFuture();  // the oldest ping
  bool expects_packets_ = false;  // they came since the last ping
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SESSION_KEEP_ALIVE_H_
