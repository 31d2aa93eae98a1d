// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_REPORT_REPORTER_H_
#define OVOC_TUNNEL_REPORT_REPORTER_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "netif/ip_address.h"
#include "tunnel/progress.h"
#include "tunnel/report/log.h"
#include "tunnel/session/session_counters.h"
#include "tunnel/session/session_end.h"
#include "tunnel/transport/tls_client.h"

namespace ovoc::tunnel {

// Reporter reports what the tunnel does. It logs each step as one line, and
// tells a sink the progress. It makes no decisions.
class Reporter {
 public:
  // Both must outlive the reporter.
  Reporter(Logger* logger, ProgressSink* sink);

  void Resolving(absl::string_view name);
  // Logs the time since Resolving, or 0 if no name servers were asked.
  void Resolved(absl::string_view name,
                absl::Span<const netif::IpAddress> addresses);
  void Connecting(const netif::IpAddress& address, uint16_t port);
  void Connected(const netif::IpAddress& address, uint16_t port,
                 absl::Duration took);
  void Secured(const TlsClientTransport* tls);
  void Up(const netif::Ipv4Prefix& overlay, absl::string_view interface);
  // The sink is told with the next step, or with Refresh.
  void Down(const End& end, bool was_up);
  // A Retry-After was ignored; see auth::RetryAfter::Fault.
  void RetryAfterIgnored(absl::string_view fault);
  // `told` is the time of the server's Retry-After, if there was one.
  void Waiting(EndReason reason, absl::Duration delay,
               std::optional<absl::Duration> told = std::nullopt);

  // Takes the counters of the running session, or of one that is over.
  enum class SessionIs { kRunning, kOver };
  void Count(const SessionCounters& counters, SessionIs session);

  // Takes the number of packets for the device that the kernel has refused.
  void CountRefusedWrites(uint64_t total);

  // Tells the sink the current counters.
  void Refresh();

 private:
  void Enter(TunnelState state);
  int64_t StepMs();  // the time since the last step; begins a new step

  Logger* const logger_;
  ProgressSink* const sink_;
  Progress progress_;
  SessionTotals past_totals_ = {};  // of the sessions that are over
  absl::Time last_step_;
  std::optional<absl::Time> lookup_began_;  // of this attempt
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_REPORTER_H_
