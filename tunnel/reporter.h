// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_REPORTER_H_
#define OVOC_TUNNEL_REPORTER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/overlay_assignment.h"
#include "netif/ip_address.h"
#include "tunnel/log.h"
#include "tunnel/sd_notify.h"
#include "tunnel/session_counters.h"
#include "tunnel/session_end.h"
#include "tunnel/status.h"
#include "tunnel/status_file.h"
#include "tunnel/tls_client.h"
#include "tunnel/tunnel_config.h"

namespace ovoc::tunnel {

// Reporter tells the world what the client does: each step as one log line, the
// state in the status file and to the service manager. It decides nothing.
class Reporter {
 public:
  // `logger` and `notify` outlive it; a null `status_file` means none is kept.
  Reporter(Logger* logger, const SdNotify* notify,
           std::optional<StatusFile> status_file);

  void Started(const TunnelConfig& config);
  void Resolving(absl::string_view name);
  void Resolved(absl::string_view name,
                absl::Span<const netif::IpAddress> addresses);
  void Connecting(const netif::IpAddress& address, uint16_t port);
  void Connected(const netif::IpAddress& address, uint16_t port,
                 absl::Duration took);
  void Secured(const TlsClientTransport* tls);
  void Up(const auth::OverlayAssignment& overlay, absl::string_view interface);
  void Down(const End& end, bool was_up);
  void Waiting(EndReason reason, absl::Duration delay);
  void Reloading();
  void Reloaded(const TunnelConfig& config);
  void ReloadRefused(absl::string_view detail);
  void Stopping(absl::string_view reason);
  void Stopped();

  // What the running session has counted, or the last one when it is over.
  enum class SessionIs { kRunning, kOver };
  void Count(const SessionCounters& counters, SessionIs session);

  // Packets for the device that the kernel refused so far; after Count.
  void CountRefusedWrites(uint64_t total);

  // Writes the status file, for counters that have grown.
  void Refresh();

 private:
  void Enter(TunnelState state);
  void Publish();
  void Describe(const TunnelConfig& config);
  void ReloadDone(absl::string_view text);
  int64_t StepMs();  // since the last step, which this one becomes

  Logger* const logger_;
  const SdNotify* const notify_;
  const std::optional<StatusFile> status_file_;
  Status status_;
  std::map<std::string, uint64_t> past_counters_;  // of the sessions over
  absl::Time last_step_;
  bool status_file_failed_ = false;
  bool ready_ = false;  // the service manager was told
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORTER_H_
