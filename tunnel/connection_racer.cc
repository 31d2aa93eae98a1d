// SPDX-License-Identifier: Apache-2.0
#include "tunnel/connection_racer.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {

using netif::IpAddress;

void ConnectionRacer::Add(absl::Span<const IpAddress> addresses) {
  for (const IpAddress& address : addresses) {
    // RFC 6455 4.1 MUST: connections to the same address are serialized (it is
    // connected to once)
    if (known_.size() < kMaxAttempts &&
        !absl::c_linear_search(known_, address)) {
      known_.push_back(address);
      waiting_.push_back(address);
    }
  }
  Reorder();
}

// RFC 8305 4: the families take turns, IPv6 first unless it was tried last.
void ConnectionRacer::Reorder() {
  std::deque<IpAddress> v6;
  std::deque<IpAddress> v4;
  for (const IpAddress& address : waiting_) {
    (address.is_v4() ? v4 : v6).push_back(address);
  }
  waiting_.clear();
  bool v6_next = running_.empty() || running_.back().attempt.address.is_v4();
  while (!v6.empty() || !v4.empty()) {
    std::deque<IpAddress>& from =
        v4.empty() || (v6_next && !v6.empty()) ? v6 : v4;
    v6_next = from.front().is_v4();
    waiting_.push_back(from.front());
    from.pop_front();
  }
}

std::optional<ConnectionRacer::Attempt> ConnectionRacer::Next(absl::Time now) {
  if (waiting_.empty() || (now < next_begin_ && !running_.empty())) {
    return std::nullopt;
  }
  const Attempt attempt = {begun_++, waiting_.front()};
  waiting_.pop_front();
  running_.push_back({attempt, now + options_.attempt_timeout});
  next_begin_ = now + options_.attempt_delay;
  return attempt;
}

void ConnectionRacer::OnFailed(size_t id, const absl::Status& why) {
  const auto it = absl::c_find_if(
      running_, [id](const Running& r) { return r.attempt.id == id; });
  if (it == running_.end()) {
    return;
  }
  absl::StrAppend(&failures_, failures_.empty() ? "" : "; ",
                  it->attempt.address.ToString(), ": ", why.message());
  running_.erase(it);
  next_begin_ = absl::InfinitePast();  // the next need not wait any longer
}

std::vector<size_t> ConnectionRacer::Expire(absl::Time now) {
  std::vector<size_t> expired;
  for (const Running& running : running_) {
    if (now >= running.deadline) {
      expired.push_back(running.attempt.id);
    }
  }
  for (size_t id : expired) {
    OnFailed(id, absl::DeadlineExceededError(absl::StrCat(
                     "no answer in ",
                     absl::FormatDuration(options_.attempt_timeout))));
  }
  return expired;
}

absl::Time ConnectionRacer::NextTime() const {
  absl::Time next = waiting_.empty() ? absl::InfiniteFuture()
                                     : (running_.empty() ? absl::InfinitePast()
                                                         : next_begin_);
  for (const Running& running : running_) {
    next = std::min(next, running.deadline);
  }
  return next;
}

absl::Status ConnectionRacer::status() const {
  return absl::UnavailableError(failures_.empty() ? "no address to connect to"
                                                  : failures_);
}

}  // namespace ovoc::tunnel
