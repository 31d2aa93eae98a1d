// SPDX-License-Identifier: Apache-2.0
//
// How far the tunnel is, for those who report it.

#ifndef OVOC_TUNNEL_PROGRESS_PROGRESS_H_
#define OVOC_TUNNEL_PROGRESS_PROGRESS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "netif/ip_address.h"
#include "tunnel/retry/end_cause.h"
#include "tunnel/retry/server_identity.h"
#include "tunnel/session/round_trip.h"
#include "tunnel/session/session_counters.h"
#include "tunnel/session/session_end.h"

namespace ovoc::tunnel {

enum class TunnelState : uint8_t {
  kResolving,    // asking for the server's addresses
  kConnecting,   // TCP
  kHandshaking,  // TLS
  kLoggingIn,    // upgrade request sent
  kUp,           // packets pass
  kWaiting,      // for the next attempt; `reason` says why
  kStopped,      // the process is about to end
};

absl::string_view TunnelStateName(TunnelState state);  // "up", "logging_in"

// EndCounts is how many attempts and tunnels ended for each EndReason.
using EndCounts = std::array<uint64_t, kEndReasonCount>;

// Progress says how far the tunnel is, as its worker knows it.
//
// The counts are since the worker's start.
struct Progress {
  TunnelState state = TunnelState::kStopped;
  std::optional<EndReason> reason;      // of the last failure
  EndCause cause = EndCause::kUnknown;  // the same, in more detail
  std::string detail;                   // the same for people
  size_t server = 0;  // in use or tried: its place in WSTunServer, from 0
  std::string server_address;                // IP:PORT in use or tried last
  std::optional<netif::Ipv4Prefix> overlay;  // while up
  // Set when the device's clock is known to be wrong. The server's certificate
  // was checked as of this time instead.
  std::optional<absl::Time> certificate_checked_at;
  SessionTotals totals = {};
  // Packets for the device that the kernel refused.
  uint64_t device_refused_writes = 0;
  // When the next attempt begins, by the wall clock; while kWaiting.
  std::optional<absl::Time> next_attempt;
  // Of the connection that is up or was the last to be.
  std::optional<RoundTripTimes> round_trip;
  EndCounts ends = {};
};

// ProgressSink is called with the progress after each step.
class ProgressSink {
 public:
  virtual ~ProgressSink() = default;
  // Follows each TLS handshake, before the progress that says so.
  virtual void OnSecured(const ServerIdentity& server) = 0;
  virtual void OnProgress(const Progress& progress) = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_PROGRESS_PROGRESS_H_
