// SPDX-License-Identifier: Apache-2.0
//
// What the service manager shows of the client: one line of plain words.

#ifndef OVOC_TUNNEL_REPORT_STATE_TEXT_H_
#define OVOC_TUNNEL_REPORT_STATE_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "tunnel/report/status.h"

namespace ovoc::tunnel {

// StateText says how far the tunnel is, and why no further. `reason_text` is
// the status's reason as half a sentence, `stop_text` why the client stops,
// likewise; empty: it does not, and one that is stopped has not begun yet.
std::string StateText(const Status& status, absl::string_view reason_text,
                      absl::string_view stop_text);

// StopText is why a client stops, as half a sentence, for the word of a log: a
// signal's name, or "interface_lost", "sandbox", "worker_stuck".
std::string StopText(absl::string_view reason);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_STATE_TEXT_H_
