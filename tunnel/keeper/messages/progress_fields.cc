// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/messages/progress_fields.h"

#include <optional>
#include <string>

#include "tunnel/keeper/messages/message_frame.h"
#include "tunnel/keeper/messages/message_values.h"
#include "tunnel/retry/end_cause.h"
#include "tunnel/settings/server_list.h"

namespace ovoc::tunnel {
namespace {

constexpr size_t kTotalBytes = 8;
constexpr size_t kEndBytes = 4;
constexpr size_t kRoundTripBytes = 4;  // of microseconds: 71 minutes
constexpr uint8_t kNoReason = 0xff;    // Progress without one

void PutRoundTrip(const std::optional<RoundTripTimes>& times,
                  FieldWriter* out) {
  const RoundTripTimes put = times.value_or(RoundTripTimes());
  out->Number(times.has_value() ? 1 : 0, 1);
  for (const absl::Duration time : {put.last, put.minimum, put.smoothed}) {
    out->Number(static_cast<uint64_t>(absl::ToInt64Microseconds(time)),
                kRoundTripBytes);
  }
}

// All of these are false for a value that is not written so.

bool ReadRoundTrip(FieldReader* in, std::optional<RoundTripTimes>* out) {
  const uint64_t is_there = in->Number(1);
  RoundTripTimes times;
  uint64_t sum = 0;
  for (absl::Duration* const time :
       {&times.last, &times.minimum, &times.smoothed}) {
    const uint64_t microseconds = in->Number(kRoundTripBytes);
    *time = absl::Microseconds(static_cast<int64_t>(microseconds));
    sum += microseconds;
  }
  if (is_there == 1) {
    *out = times;
  }
  return is_there == 1 || (is_there == 0 && sum == 0);
}

bool SetReason(uint64_t reason, std::optional<EndReason>* out) {
  if (reason == kNoReason) {
    return true;
  }
  *out = Enumerated(reason, EndReason::kProxyLogin);
  return out->has_value();
}

void PutCounts(const Progress& progress, FieldWriter* out) {
  for (const uint64_t total : progress.totals) {
    out->Number(total, kTotalBytes);
  }
  out->Number(progress.device_refused_writes, kTotalBytes);
  for (const uint64_t ended : progress.ends) {
    out->Number(ended, kEndBytes);
  }
}

void ReadCounts(FieldReader* in, Progress* progress) {
  for (uint64_t& total : progress->totals) {
    total = in->Number(kTotalBytes);
  }
  progress->device_refused_writes = in->Number(kTotalBytes);
  for (uint64_t& ended : progress->ends) {
    ended = in->Number(kEndBytes);
  }
}

}  // namespace

void PutProgress(const Progress& progress, FieldWriter* out) {
  out->Number(static_cast<uint64_t>(progress.state), 1);
  out->Number(progress.reason.has_value()
                  ? static_cast<uint64_t>(*progress.reason)
                  : kNoReason,
              1);
  out->Number(static_cast<uint64_t>(progress.cause), 1);
  out->Text(progress.detail, kMaxDetailBytes);
  out->Number(progress.server, 1);
  out->Text(progress.server_address, kMaxEndpointBytes);
  out->Number(progress.overlay.has_value() ? 1 : 0, 1);
  PutOverlay(progress.overlay.value_or(netif::Ipv4Prefix()), out);
  PutTime(progress.certificate_checked_at, out);
  PutCounts(progress, out);
  PutTime(progress.next_attempt, out);
  PutRoundTrip(progress.round_trip, out);
}

absl::StatusOr<Progress> ReadProgress(FieldReader* in) {
  Progress progress;
  const auto state = Enumerated(in->Number(1), TunnelState::kStopped);
  const uint64_t reason = in->Number(1);
  const auto cause = Enumerated(in->Number(1), kLastEndCause);
  progress.detail = std::string(in->Text(kMaxDetailBytes));
  progress.server = in->Number(1);
  progress.server_address = std::string(in->Text(kMaxEndpointBytes));
  const uint64_t has_overlay = in->Number(1);
  const std::optional<netif::Ipv4Prefix> overlay = ReadOverlay(in);
  const uint64_t is_checked = in->Number(1);
  const uint64_t checked_at = in->Number(8);
  ReadCounts(in, &progress);
  const uint64_t is_next = in->Number(1);
  const uint64_t next = in->Number(8);
  const bool trip_ok = ReadRoundTrip(in, &progress.round_trip);
  if (!state.has_value() || !IsFlag(has_overlay) || !IsFlag(is_checked) ||
      !IsFlag(is_next)) {
    return MalformedMessage("the progress has an unknown state or flag");
  }
  progress.state = *state;
  if (progress.server >= kMaxServers) {
    return MalformedMessage("the progress has an unknown server");
  }
  if (!overlay.has_value()) {
    return MalformedMessage("the progress has a prefix length above 32");
  }
  if (!SetOverlay(has_overlay != 0, *overlay, &progress.overlay) ||
      !SetTime(is_checked != 0, checked_at, &progress.certificate_checked_at) ||
      !SetTime(is_next != 0, next, &progress.next_attempt) || !trip_ok) {
    return MalformedMessage(
        "the progress has a value marked as absent, or an invalid time");
  }
  if (!SetReason(reason, &progress.reason) || !cause.has_value()) {
    return MalformedMessage("the progress has an unknown reason or cause");
  }
  progress.cause = *cause;
  return progress;
}

}  // namespace ovoc::tunnel
