// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_STATUS_VIEW_VERDICT_H_
#define OVOC_TUNNEL_STATUS_VIEW_VERDICT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/status_view/status_record.h"

namespace ovoc::tunnel {

// Whether a process has the number that the status file names.
enum class Writer : uint8_t { kRuns, kGone };

// Verdict is what a status file is worth at one moment.
struct Verdict {
  enum class Kind : uint8_t {
    kUp,     // the tunnel is there, and the file is fresh
    kNotUp,  // the file is fresh, and says that there is no tunnel
    kEnded,  // the client wrote the file as it ended
    kStale,  // the file says nothing about now
  };

  Kind kind;
  std::string why;  // for people, as a clause; empty with kUp and kNotUp
};

// Judge follows tunnel/report/content/status.h: a file without exit code is
// stale when its writer is gone or `updated` is more than three periods ago. So
// is one that is more than three periods ahead of `now`: the clock was set back
// since, and a client that runs would have written it again.
Verdict Judge(const StatusRecord& record, absl::Time now, Writer writer);

// The exit code of a program that is asked whether the tunnel is up.
ExitCode ExitCodeFor(Verdict::Kind kind);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_STATUS_VIEW_VERDICT_H_
