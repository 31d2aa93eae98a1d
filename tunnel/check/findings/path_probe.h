// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_CHECK_FINDINGS_PATH_PROBE_H_
#define OVOC_TUNNEL_CHECK_FINDINGS_PATH_PROBE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/time/time.h"

namespace ovoc::tunnel {

// EchoProbe is an echo request to send.
struct EchoProbe {
  uint16_t sequence = 0;
  size_t bytes = 0;  // of the packet
};

// PathFindings is what the echoes showed.
struct PathFindings {
  enum class Verdict {
    kNoReply,   // no echo came back at all
    kWhole,     // echoes of every size came back, up to the MTU
    kSmaller,   // larger ones than largest_bytes get lost, smaller ones do not
    kStuck,     // since one of lost_bytes was lost, small ones are lost too:
                // the path does not carry the larger TCP segments
    kUnsettled  // the time or the probes were used up before one of the others
                // was certain; at least largest_bytes come back
  };
  Verdict verdict = Verdict::kUnsettled;
  std::optional<absl::Duration> round_trip;  // of the first reply
  size_t largest_bytes = 0;                  // that came back
  size_t lost_bytes = 0;  // the smallest that did not; 0: none
};

// PathProbe finds out whether OVOC answers echoes, how fast, and up to which
// size. It begins small and climbs, because a large packet that the path below
// the tunnel does not carry stops the whole stream, and nothing more is learnt.
// It sends one echo at a time, at most kMaxProbes within kMaxTime.
class PathProbe {
 public:
  static constexpr size_t kMaxProbes = 24;
  static constexpr absl::Duration kMaxTime = absl::Seconds(15);
  static constexpr size_t kFirstBytes = 84;  // as ping(8)
  static constexpr int kFirstTries = 3;      // one second apart

  // `mtu_bytes` is the largest packet of the tunnel, 68 or more.
  PathProbe(size_t mtu_bytes, absl::Time now);

  // The echo to send now. nullopt: wait for replies until NextTime, or done.
  std::optional<EchoProbe> Next(absl::Time now);

  // A reply to the echo `sequence`, of `bytes`. Anything but the reply to one
  // that was sent is ignored.
  void OnReply(uint16_t sequence, size_t bytes, absl::Time now);

  // When Next is to be called at the latest; InfiniteFuture once done.
  absl::Time NextTime() const;
  bool done() const { return state_ == State::kDone; }
  const PathFindings& findings() const { return findings_; }

 private:
  enum class State {
    kFirst,       // a small echo, several times
    kClimbing,    // from size to size
    kRechecking,  // small again, since a larger one was lost
    kHalving,     // between the largest that came and the smallest that did not
    kDone,
  };
  struct Sent {
    size_t bytes;
    absl::Time at;
  };

  size_t BytesNow() const;
  absl::Duration Patience() const;
  void OnCame();
  void OnMissing();
  void Climb();
  void Halve();
  void Finish(PathFindings::Verdict verdict);

  const size_t mtu_bytes_;
  const absl::Time end_at_;
  State state_ = State::kFirst;
  std::vector<Sent> sent_;  // by sequence number, at most kMaxProbes
  bool awaiting_ = false;   // the reply to the last one
  absl::Time deadline_;     // of that
  int tries_ = 0;           // of the first
  size_t rung_bytes_ = 0;   // the size that the climb has got to
  bool repeated_ = false;   // that size is being tried for the second time
  uint16_t doubtful_ = 0;   // sequence of the lost one, while rechecking
  PathFindings findings_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_CHECK_FINDINGS_PATH_PROBE_H_
