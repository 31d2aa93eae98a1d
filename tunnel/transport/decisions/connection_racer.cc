// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/decisions/connection_racer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {

using netif::IpAddress;

void ConnectionRacer::Add(absl::Span<const IpAddress> addresses) {
  std::deque<IpAddress> waiting;
  const auto wait = [&waiting](const IpAddress& address) {
    if (!absl::c_linear_search(waiting, address)) {
      waiting.push_back(address);
    }
  };
  for (const IpAddress& address : addresses) {
    // RFC 6455 4.1 MUST: connections to the same address are serialized (it is
    // connected to once)
    if (known_.size() < kMaxAttempts &&
        !absl::c_linear_search(known_, address)) {
      known_.push_back(address);
      wait(address);
    } else if (absl::c_linear_search(waiting_, address)) {
      wait(address);
    }
  }
  absl::c_for_each(waiting_, wait);
  waiting_ = std::move(waiting);
}

std::optional<ConnectionRacer::Attempt> ConnectionRacer::Next(absl::Time now) {
  if (waiting_.empty() || (!running_.empty() && now < NextBegin())) {
    return std::nullopt;
  }
  const Attempt attempt = {begun_++, waiting_.front()};
  waiting_.pop_front();
  running_.push_back({attempt, now + options_.attempt_timeout});
  last_begin_ = now;
  return attempt;
}

// Of the first that waits, while another runs.
absl::Time ConnectionRacer::NextBegin() const {
  const bool doubtful =
      options_.is_doubtful && options_.is_doubtful(waiting_.front());
  return last_begin_ +
         (doubtful ? options_.doubtful_delay : options_.attempt_delay);
}

void ConnectionRacer::OnFailed(size_t id, const absl::Status& why) {
  const auto it = absl::c_find_if(
      running_, [id](const Running& r) { return r.attempt.id == id; });
  if (it == running_.end()) {
    return;
  }
  const std::string address = it->attempt.address.ToString();
  const bool is_named = absl::StartsWith(why.message(), address + " ");
  absl::StrAppend(&failures_, failures_.empty() ? "" : "; ",
                  is_named ? "" : address + ": ", why.message());
  causes_.push_back(CauseOf(why));
  running_.erase(it);
  last_begin_ = absl::InfinitePast();  // the next need not wait any longer
}

std::vector<size_t> ConnectionRacer::Expire(absl::Time now) {
  std::vector<size_t> expired;
  for (const Running& running : running_) {
    if (now >= running.deadline) {
      expired.push_back(running.attempt.id);
    }
  }
  for (size_t id : expired) {
    OnFailed(id, WithCause(absl::DeadlineExceededError(absl::StrCat(
                               "no answer in ",
                               absl::FormatDuration(options_.attempt_timeout))),
                           EndCause::kPortSilent));
  }
  return expired;
}

absl::Time ConnectionRacer::NextTime() const {
  absl::Time next = waiting_.empty() ? absl::InfiniteFuture()
                                     : (running_.empty() ? absl::InfinitePast()
                                                         : NextBegin());
  for (const Running& running : running_) {
    next = std::min(next, running.deadline);
  }
  return next;
}

EndCause ConnectionRacer::CommonCause() const {
  std::optional<EndCause> common;
  for (const EndCause cause : causes_) {
    if (cause == EndCause::kNoRoute) {
      continue;
    }
    if (common.value_or(cause) != cause) {
      return EndCause::kUnknown;
    }
    common = cause;
  }
  return common.value_or(causes_.empty() ? EndCause::kUnknown
                                         : EndCause::kNoRoute);
}

absl::Status ConnectionRacer::status() const {
  return WithCause(
      absl::UnavailableError(failures_.empty() ? "no address to connect to"
                                               : failures_),
      CommonCause());
}

}  // namespace ovoc::tunnel
