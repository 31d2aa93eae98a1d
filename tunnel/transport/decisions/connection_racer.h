// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_DECISIONS_CONNECTION_RACER_H_
#define OVOC_TUNNEL_TRANSPORT_DECISIONS_CONNECTION_RACER_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "netif/ip_address.h"
#include "tunnel/retry/end_cause.h"

namespace ovoc::tunnel {

// ConnectionRacer chooses which of the server's addresses is tried when (RFC
// 8305, Happy Eyeballs). It opens no socket. The caller does that, and reports
// the result of each attempt.
//
// The order is the caller's (AddressOrder). The next attempt begins 250 ms
// after the last one, or as soon as one fails. Each has 10 s. The first that
// connects wins, and the caller drops the others.
class ConnectionRacer {
 public:
  struct Options {
    absl::Duration attempt_delay = absl::Milliseconds(250);  // RFC 8305 5
    // The delay before an address that failed lately. It may connect quickly
    // and be of no use, so the others get a longer start. RFC 8305 8: at most 2
    // s.
    absl::Duration doubtful_delay = absl::Seconds(2);
    absl::Duration attempt_timeout = absl::Seconds(10);
    // Which addresses those are; if empty, none is.
    std::function<bool(const netif::IpAddress&)> is_doubtful;
  };

  static constexpr size_t kMaxAttempts = 16;  // a lying name server sends more

  struct Attempt {
    size_t id;  // 0, 1, 2 ... in the order of the attempts
    netif::IpAddress address;
  };

  explicit ConnectionRacer(Options options) : options_(std::move(options)) {}

  // Adds addresses, also while the race is on (for an answer that came later).
  // Attempts at known addresses do not begin again, and addresses beyond
  // kMaxAttempts are ignored. Attempts that have not begun follow the order of
  // the latest call.
  void Add(absl::Span<const netif::IpAddress> addresses);

  // The attempt to begin now, if any. Call it until there is none.
  std::optional<Attempt> Next(absl::Time now);

  // An attempt that ended without a connection; `why` is kept for status().
  void OnFailed(size_t id, const absl::Status& why);

  // The attempts whose time is up. They count as failed, and the caller closes
  // them.
  std::vector<size_t> Expire(absl::Time now);

  // When Next or Expire has to be asked again.
  absl::Time NextTime() const;

  // True when no attempt runs and none is left to begin.
  bool Exhausted() const { return waiting_.empty() && running_.empty(); }

  // kUnavailable with what happened at each address; for an exhausted race. It
  // has their cause if they have one in common. That there is no route to some
  // (IPv6, say) does not count beside what happened at the others.
  absl::Status status() const;

 private:
  struct Running {
    Attempt attempt;
    absl::Time deadline;
  };

  absl::Time NextBegin() const;
  EndCause CommonCause() const;

  const Options options_;
  std::vector<netif::IpAddress> known_;
  std::deque<netif::IpAddress> waiting_;
  std::vector<Running> running_;
  size_t begun_ = 0;
  // When the last attempt began; InfinitePast when one has failed since.
  absl::Time last_begin_ = absl::InfinitePast();
  std::string failures_;
  std::vector<EndCause> causes_;  // of the failures, in their order
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_DECISIONS_CONNECTION_RACER_H_
