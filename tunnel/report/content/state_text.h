// SPDX-License-Identifier: Apache-2.0
//
// The state of the client as one line for people, for the service manager.

#ifndef OVOC_TUNNEL_REPORT_CONTENT_STATE_TEXT_H_
#define OVOC_TUNNEL_REPORT_CONTENT_STATE_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "tunnel/report/content/status.h"

namespace ovoc::tunnel {

// StateText says how far the tunnel is and, if it is down, why. `reason_text`
// is the reason of the status as a clause. `stop_text` is the reason why the
// client stops, also as a clause. It is empty if the client does not stop; a
// stopped client has not begun yet then.
std::string StateText(const Status& status, absl::string_view reason_text,
                      absl::string_view stop_text);

// StopText returns the clause for the word that a log has as the reason of a
// stop: the name of a signal, "interface_lost", "sandbox" or "worker_stuck".
std::string StopText(absl::string_view reason);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_CONTENT_STATE_TEXT_H_
