// SPDX-License-Identifier: Apache-2.0
//
// `client --status`: reads the status file of a client and shows it.

#ifndef OVOC_TUNNEL_RUN_STATUS_H_
#define OVOC_TUNNEL_RUN_STATUS_H_

#include <cstdint>
#include <ostream>
#include <string>

#include "absl/time/time.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/status_view/status_lines.h"

namespace ovoc::tunnel {

enum class StatusForm : uint8_t {
  kPeople,      // see StatusLines
  kJson,        // the file as it is, see ShownJson
  kPrometheus,  // see StatusMetrics
};

struct StatusOptions {
  std::string file;
  StatusForm form = StatusForm::kPeople;
  Colour colour = Colour::kNone;  // of kPeople
  // How long to wait for a tunnel. Zero: the file is read once.
  absl::Duration wait_up;
};

// While it waits, the file is read again after this time.
inline constexpr absl::Duration kLookAgain = absl::Milliseconds(200);

// What a script gets. `why` is for people, and empty where the output says it.
struct StatusOutcome {
  ExitCode code;
  std::string why;
};

// RunStatus reads the file, a regular one of at most kMaxJsonBytes, and shows
// it on `out` once: as soon as the tunnel is up, or when the wait is over. It
// changes nothing and never waits for a pipe. The codes are
//   - kDone: the file is fresh, and the tunnel is up
//   - kNotUp: the file is fresh, and there is no tunnel; or the client has
//   ended
//   - kStale: the file says nothing about now
//   - kStatusFile: there is no status file that can be read. Nothing is shown
//     then, except with kPrometheus, where it is a metric.
StatusOutcome RunStatus(const StatusOptions& options, std::ostream* out);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_RUN_STATUS_H_
