// SPDX-License-Identifier: Apache-2.0
#include "tunnel/check/findings/path_probe.h"

#include <algorithm>

namespace ovoc::tunnel {
namespace {

// How long a reply is waited for: four times what the first one took, within
// these. TCP repeats a lost segment within the shorter one on most paths.
constexpr absl::Duration kMinPatience = absl::Seconds(1);
constexpr absl::Duration kMaxPatience = absl::Seconds(3);

// Where the climb stops on its way to the MTU. A frame, a TLS record and the
// headers of TCP and IP add 82 bytes, so these just fit into paths of 576,
// 1280 (RFC 8200 5), 1400, 1460 (tunnels) and 1492 bytes (RFC 2516 7, PPPoE).
constexpr size_t kRungs[] = {494, 1198, 1318, 1378, 1410};

}  // namespace

PathProbe::PathProbe(size_t mtu_bytes, absl::Time now)
    : mtu_bytes_(mtu_bytes), end_at_(now + kMaxTime) {}

std::optional<EchoProbe> PathProbe::Next(absl::Time now) {
  if (awaiting_ && now >= deadline_) {
    awaiting_ = false;
    OnMissing();
  }
  const bool used_up = !awaiting_ && sent_.size() >= kMaxProbes;
  if (!done() && (now >= end_at_ || used_up)) {
    Finish(findings_.round_trip.has_value() ? PathFindings::Verdict::kUnsettled
                                            : PathFindings::Verdict::kNoReply);
  }
  if (awaiting_ || done()) {
    return std::nullopt;
  }
  const EchoProbe probe = {static_cast<uint16_t>(sent_.size()), BytesNow()};
  sent_.push_back({probe.bytes, now});
  awaiting_ = true;
  deadline_ = now + Patience();
  return probe;
}

void PathProbe::OnReply(uint16_t sequence, size_t bytes, absl::Time now) {
  if (done() || sequence >= sent_.size() || sent_[sequence].bytes != bytes) {
    return;
  }
  if (!findings_.round_trip.has_value()) {
    findings_.round_trip = now - sent_[sequence].at;
  }
  findings_.largest_bytes = std::max(findings_.largest_bytes, bytes);
  const bool last = awaiting_ && sequence + size_t{1} == sent_.size();
  if (state_ == State::kRechecking && sequence == doubtful_) {
    state_ = State::kClimbing;  // it was only late
    awaiting_ = false;
    OnCame();
  } else if (last || (awaiting_ && state_ == State::kFirst)) {
    awaiting_ = false;
    OnCame();
  }
}

absl::Time PathProbe::NextTime() const {
  if (done()) {
    return absl::InfiniteFuture();
  }
  return awaiting_ ? std::min(deadline_, end_at_) : absl::InfinitePast();
}

size_t PathProbe::BytesNow() const {
  switch (state_) {
    case State::kClimbing:
      return rung_bytes_;
    case State::kHalving:
      return findings_.largest_bytes +
             (findings_.lost_bytes - findings_.largest_bytes) / 2;
    case State::kFirst:
    case State::kRechecking:
    case State::kDone:
      break;
  }
  return std::min(kFirstBytes, mtu_bytes_);
}

absl::Duration PathProbe::Patience() const {
  if (state_ == State::kRechecking) {
    return kMaxPatience;  // before the path is accused
  }
  return findings_.round_trip.has_value()
             ? std::clamp(4 * *findings_.round_trip, kMinPatience, kMaxPatience)
             : kMinPatience;
}

void PathProbe::OnCame() {
  switch (state_) {
    case State::kFirst:
    case State::kClimbing:
      Climb();
      return;
    case State::kRechecking:
      state_ = State::kClimbing;
      repeated_ = true;
      return;
    case State::kHalving:
      Halve();
      return;
    case State::kDone:
      return;
  }
}

void PathProbe::OnMissing() {
  switch (state_) {
    case State::kFirst:
      if (++tries_ == kFirstTries) {
        Finish(PathFindings::Verdict::kNoReply);
      }
      return;
    case State::kClimbing:
      findings_.lost_bytes = rung_bytes_;
      if (repeated_) {
        Halve();
        return;
      }
      doubtful_ = static_cast<uint16_t>(sent_.size() - 1);
      state_ = State::kRechecking;
      return;
    case State::kRechecking:
      Finish(PathFindings::Verdict::kStuck);
      return;
    case State::kHalving:
      findings_.lost_bytes = sent_.back().bytes;
      Halve();
      return;
    case State::kDone:
      return;
  }
}

// To the next size above what came back.
void PathProbe::Climb() {
  repeated_ = false;
  findings_.lost_bytes = 0;
  if (findings_.largest_bytes >= mtu_bytes_) {
    Finish(PathFindings::Verdict::kWhole);
    return;
  }
  state_ = State::kClimbing;
  rung_bytes_ = mtu_bytes_;
  for (const size_t rung : kRungs) {
    if (rung > findings_.largest_bytes) {
      rung_bytes_ = std::min(rung, mtu_bytes_);
      return;
    }
  }
}

void PathProbe::Halve() {
  state_ = State::kHalving;
  if (findings_.largest_bytes >= findings_.lost_bytes) {
    Climb();  // what was lost was only late
    return;
  }
  if (findings_.lost_bytes - findings_.largest_bytes <= 1) {
    Finish(PathFindings::Verdict::kSmaller);
  }
}

void PathProbe::Finish(PathFindings::Verdict verdict) {
  findings_.verdict = verdict;
  if (findings_.lost_bytes <= findings_.largest_bytes) {
    findings_.lost_bytes = 0;
  }
  state_ = State::kDone;
}

}  // namespace ovoc::tunnel
