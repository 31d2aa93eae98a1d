// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_REPORT_REPORTER_H_
#define OVOC_TUNNEL_REPORT_REPORTER_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/overlay_assignment.h"
#include "netif/ip_address.h"
#include "tunnel/report/log.h"
#include "tunnel/report/status.h"
#include "tunnel/session/session_counters.h"
#include "tunnel/session/session_end.h"
#include "tunnel/transport/tls_client.h"

namespace ovoc::tunnel {

// Reporter tells what the tunnel does: each step as one log line, and how far
// it is to a sink. It decides nothing.
class Reporter {
 public:
  // Both outlive it.
  Reporter(Logger* logger, ProgressSink* sink);

  void Resolving(absl::string_view name);
  // Its time is that since Resolving; none when name servers were not asked.
  void Resolved(absl::string_view name,
                absl::Span<const netif::IpAddress> addresses);
  void Connecting(const netif::IpAddress& address, uint16_t port);
  void Connected(const netif::IpAddress& address, uint16_t port,
                 absl::Duration took);
  void Secured(const TlsClientTransport* tls);
  void Up(const auth::OverlayAssignment& overlay, absl::string_view interface);
  // The sink hears of it with the next step, or with Refresh.
  void Down(const End& end, bool was_up);
  // A Retry-After that counts for nothing; see auth::RetryAfter::Fault.
  void RetryAfterIgnored(absl::string_view fault);
  // `told`: what the server's Retry-After came to, if there was one.
  void Waiting(EndReason reason, absl::Duration delay,
               std::optional<absl::Duration> told = std::nullopt);

  // What the running session has counted, or the last one when it is over.
  enum class SessionIs { kRunning, kOver };
  void Count(const SessionCounters& counters, SessionIs session);

  // Packets for the device that the kernel refused so far.
  void CountRefusedWrites(uint64_t total);

  // Tells the sink of counters that have grown.
  void Refresh();

 private:
  void Enter(TunnelState state);
  int64_t StepMs();  // since the last step, which this one becomes

  Logger* const logger_;
  ProgressSink* const sink_;
  Progress progress_;
  SessionTotals past_totals_ = {};  // of the sessions over
  absl::Time last_step_;
  std::optional<absl::Time> lookup_began_;  // of this attempt
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_REPORTER_H_
