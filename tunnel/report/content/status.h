// SPDX-License-Identifier: Apache-2.0
//
// The state of the client, as a JSON object for people and programs.

#ifndef OVOC_TUNNEL_REPORT_CONTENT_STATUS_H_
#define OVOC_TUNNEL_REPORT_CONTENT_STATUS_H_

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "auth/certificate_summary.h"
#include "tunnel/progress/progress.h"
#include "tunnel/report/content/event_history.h"
#include "tunnel/retry/server_identity.h"
#include "tunnel/session/round_trip.h"

namespace ovoc::tunnel {

// The form of the status file. It becomes another number only if a key is taken
// away or means something else. New keys do not change it.
inline constexpr int kStatusSchemaVersion = 1;

// A status file is written at least this often while its process lives.
inline constexpr absl::Duration kStatusPeriod = absl::Seconds(5);

// Status is a snapshot. Times are wall-clock times. It never has credentials.
//
// A reader can tell whether the file is still valid. If `exit_code` is null,
// and `updated` is more than three times `update_period_s` ago or no process
// has the number `pid`, the file is stale: its process was killed, or can no
// longer write it. If `exit_code` is a number, the process wrote the file as it
// ended.
struct Status {
  TunnelState state = TunnelState::kStopped;
  std::string reason;  // the word of the last failure; empty when there is none
  std::string detail;  // the same for people
  std::string remedy;  // what to do about it (remedy.h)
  std::string version;
  std::string policy;                 // of the build, "compat" or "certified"
  std::string server;                 // in use or tried, as in the settings
  std::vector<std::string> servers;   // all of WSTunServer, in their order
  std::string server_address;         // IP:PORT in use or tried last
  std::string proxy;                  // HOST:PORT of WSTunProxy
  std::string interface;              // the TUN device
  std::string overlay_address;        // 169.254.0.2/32 while up
  std::vector<std::string> insecure;  // "WSTunSecured=0", one per setting
  // Why the last reload was refused: the first error and the number of others.
  // Empty if it was accepted, or if there was none.
  std::string reload_refused;
  // Set when the device's clock was seen to be wrong: the time at which the
  // server's certificate was checked instead.
  std::optional<absl::Time> certificate_checked_at;
  // When the next attempt begins; while it waits for one.
  std::optional<absl::Time> next_attempt;
  // The client's own; nullopt: the settings have none.
  std::optional<auth::CertificateSummary> client_certificate;
  // Of the connection in use, or of the last one that got so far.
  std::optional<ServerIdentity> server_identity;
  std::optional<RoundTripTimes> round_trip;  // of the tunnel that is up
  std::map<std::string, uint64_t> counters;
  std::map<std::string, uint64_t> ends;  // by the word of the reason
  uint64_t log_lines_dropped = 0;        // all that nobody can read
  std::deque<Event> events;              // of the log, the oldest first
  absl::Time started = absl::UnixEpoch();
  absl::Time state_since = absl::UnixEpoch();
  absl::Time updated = absl::UnixEpoch();  // when it was written
  absl::Duration uptime;                   // of the keeper, by no wall clock
  int pid = 0;                             // the keeper's
  std::optional<int> exit_code;            // of a process that ends now
};

// StatusJson returns one object on one line, with a line end (RFC 8259). Empty
// texts are null. Times are texts in UTC (RFC 3339). docs/status.md is the
// reference of its keys; status_reference_test compares the two.
std::string StatusJson(const Status& status);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_CONTENT_STATUS_H_
