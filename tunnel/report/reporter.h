// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_REPORT_REPORTER_H_
#define OVOC_TUNNEL_REPORT_REPORTER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "netif/ip_address.h"
#include "tunnel/progress/progress.h"
#include "tunnel/report/log.h"
#include "tunnel/session/round_trip.h"
#include "tunnel/session/session_counters.h"
#include "tunnel/session/session_end.h"
#include "tunnel/transport/decisions/socket_maker.h"
#include "tunnel/transport/tls_client.h"

namespace ovoc::tunnel {

// NameSource is where the addresses of a name come from.
enum class NameSource : uint8_t {
  kHosts,  // /etc/hosts
  kDns,    // the name servers; localhost needs none
};

// Reporter reports what the tunnel does. It logs each step as one line, and
// tells a sink the progress. It makes no decisions.
class Reporter {
 public:
  // Both must outlive the reporter.
  Reporter(Logger* logger, ProgressSink* sink);

  // The next attempt is to the server at `place` of the settings, from 0. Logs
  // it if that is another one than before.
  void ToServer(size_t place, absl::string_view name);
  void Resolving(absl::string_view name);
  // A question goes to a name server. This, Handshaking and what Count sees are
  // in the log at level debug only.
  void Question(const SocketRequest& request);
  // Logs the time since Resolving, or 0 if no name servers were asked.
  void Resolved(absl::string_view name, NameSource source,
                absl::Span<const netif::IpAddress> addresses);
  void Connecting(const netif::IpAddress& address, uint16_t port);
  void Connected(const netif::IpAddress& address, uint16_t port,
                 absl::Duration took);
  // The proxy has made a tunnel to the server; the time since the last step.
  void ProxyOpen(absl::string_view proxy, absl::string_view server,
                 uint16_t port);
  // The proxy could not be reached, so that the server is tried directly.
  void ProxyUnreached(absl::string_view why);
  // TLS begins, for the server of this name.
  void Handshaking(absl::string_view name);
  void Secured(const TlsClientTransport* tls);
  void Up(const netif::Ipv4Prefix& overlay, absl::string_view interface);
  // `remedy` is Remedy's for this end. The sink is told with the next step, or
  // with Refresh.
  void Down(const End& end, bool was_up, absl::string_view remedy);
  // A Retry-After was ignored; see auth::RetryAfter::Fault.
  void RetryAfterIgnored(absl::string_view fault);
  // `told` is the time of the server's Retry-After, if there was one.
  void Waiting(EndReason reason, absl::Duration delay,
               std::optional<absl::Duration> told = std::nullopt);

  // Takes the counters of the running session, or of one that is over. At level
  // debug it logs which pings, pongs and drops there were since the last call:
  // one line for each counter that has grown.
  enum class SessionIs { kRunning, kOver };
  void Count(const SessionCounters& counters, SessionIs session);

  // Takes how long the running session's pings took.
  void Measured(const std::optional<RoundTripTimes>& times);

  // Takes the number of packets for the device that the kernel has refused.
  void CountRefusedWrites(uint64_t total);

  // Tells the sink the current counters.
  void Refresh();

 private:
  void Enter(TunnelState state);
  void LogGrowth(const SessionTotals& before);
  int64_t StepMs();  // the time since the last step; begins a new step

  Logger* const logger_;
  ProgressSink* const sink_;
  Progress progress_;
  std::string server_;              // the name that ToServer gave
  SessionTotals past_totals_ = {};  // of the sessions that are over
  absl::Time last_step_;
  std::optional<absl::Time> lookup_began_;  // of this attempt
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_REPORTER_H_
