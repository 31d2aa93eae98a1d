// SPDX-License-Identifier: Apache-2.0
//
// How far the tunnel is: what those who report it are told.

#ifndef OVOC_TUNNEL_PROGRESS_H_
#define OVOC_TUNNEL_PROGRESS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "netif/ip_address.h"
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

// Progress says how far the tunnel is, as its worker knows it.
struct Progress {
  TunnelState state = TunnelState::kStopped;
  std::optional<EndReason> reason;           // of the last failure
  std::string detail;                        // the same for people
  std::string server_address;                // IP:PORT in use or tried last
  std::optional<netif::Ipv4Prefix> overlay;  // while up
  // Set when the device's clock is known to be wrong. The server's certificate
  // was checked as of this time instead.
  std::optional<absl::Time> certificate_checked_at;
  SessionTotals totals = {};  // since the worker's start
  // Packets for the device that the kernel refused since the worker's start.
  uint64_t device_refused_writes = 0;
};

// ProgressSink is told the progress after each step.
class ProgressSink {
 public:
  virtual ~ProgressSink() = default;
  virtual void OnProgress(const Progress& progress) = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_PROGRESS_H_
