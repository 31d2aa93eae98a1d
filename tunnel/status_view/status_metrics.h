// SPDX-License-Identifier: Apache-2.0
//
// The status for Prometheus, in a text that both of its formats accept.

#ifndef OVOC_TUNNEL_STATUS_VIEW_STATUS_METRICS_H_
#define OVOC_TUNNEL_STATUS_VIEW_STATUS_METRICS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "tunnel/status_view/status_record.h"
#include "tunnel/status_view/verdict.h"

namespace ovoc::tunnel {

// StatusMetrics returns the status as OpenMetrics 1.0 text. docs/metrics.md
// lists the metrics; a test compares the two. The text is in Prometheus' older
// format (0.0.4) as well, which node_exporter's textfile collector and
// `promtool check metrics` read. The two put the TYPE of a counter under
// different names, so counters have none here: they are of the type "unknown".
// What the file does not have is left out. `file` is the path of the status
// file: each series has it as a label, so that several clients of a machine can
// be told apart.
std::string StatusMetrics(const StatusRecord& record, const Verdict& verdict,
                          absl::string_view file);

// MetricsWithoutStatus is the same when there is no status that can be read:
// the tunnel is not up as far as anyone can tell.
std::string MetricsWithoutStatus(absl::string_view file);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_STATUS_VIEW_STATUS_METRICS_H_
