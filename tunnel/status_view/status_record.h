// SPDX-License-Identifier: Apache-2.0
//
// What a status file says, with each key under its type.

#ifndef OVOC_TUNNEL_STATUS_VIEW_STATUS_RECORD_H_
#define OVOC_TUNNEL_STATUS_VIEW_STATUS_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace ovoc::tunnel {

// The value of schema_version that this client reads. A file without the key is
// of an older client, whose keys are read as well.
inline constexpr int64_t kSchemaVersionRead = 1;

struct TlsRecord {
  std::string version;
  std::string cipher;
  std::string group;
  bool resumed = false;
};

struct CertificateRecord {
  std::string subject;
  std::string issuer;
  std::vector<std::string> names;
  uint64_t names_left_out = 0;
  std::optional<absl::Time> not_before;
  std::optional<absl::Time> not_after;
  std::string sha256;
  // Of the server's alone.
  std::optional<absl::Time> chain_not_after;
  bool verified = false;
};

// In milliseconds; what the file does not have is not set.
struct RoundTripRecord {
  std::optional<double> last_ms;
  std::optional<double> minimum_ms;
  std::optional<double> smoothed_ms;
};

struct EventRecord {
  std::optional<absl::Time> time;
  std::string level;
  std::string event;
  std::string text;
};

// A name and how often: the name is unique in its list.
using StatusCount = std::pair<std::string, uint64_t>;

// StatusRecord is a status file, key for key. A key that is null or not there
// is an empty text, an empty list or not set. Texts are of peers, files and
// logs: print them through ShownText only.
struct StatusRecord {
  std::string state;
  std::string reason;
  std::string detail;
  std::string remedy;
  std::string version;
  std::string policy;
  std::string server;
  std::vector<std::string> servers;
  std::string server_address;
  std::string proxy;
  std::string interface;
  std::string overlay_address;
  std::vector<std::string> insecure;
  std::string reload_refused;
  std::optional<CertificateRecord> client_certificate;
  std::optional<absl::Time> certificate_checked_at;
  std::optional<absl::Time> next_attempt;
  std::optional<TlsRecord> tls;
  std::optional<CertificateRecord> certificate;
  std::optional<RoundTripRecord> round_trip;
  std::vector<StatusCount> counters;
  std::vector<StatusCount> ends;
  std::optional<uint64_t> log_lines_dropped;
  std::vector<EventRecord> events;  // the oldest first
  std::optional<absl::Time> started;
  std::optional<absl::Duration> uptime;  // by no wall clock
  std::optional<absl::Time> state_since;
  absl::Time updated = absl::InfinitePast();
  absl::Duration update_period;
  int pid = 0;
  std::optional<int> exit_code;

  // The count of this name, or none.
  std::optional<uint64_t> Counter(absl::string_view name) const;
};

// ReadStatusRecord takes the text of a status file (see
// //tunnel/report/content:status for what writes it). Keys that it does not
// know are passed over. The error has the code
//   - InvalidArgument: the text is no JSON, or no status file: a key that each
//     status file has is missing, or a key has a value of a wrong type
//   - Unimplemented: another schema_version
//   - ResourceExhausted: the text is too large (see ReadJson)
// and a message that can follow the file's name, with what to do. It has
// nothing of the text.
absl::StatusOr<StatusRecord> ReadStatusRecord(absl::string_view text);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_STATUS_VIEW_STATUS_RECORD_H_
