// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_RECORDING_REPLAY_REPORT_H_
#define OVOC_CONFORMANCE_RECORDING_REPLAY_REPORT_H_

#include <ostream>

#include "absl/status/status.h"
#include "conformance/recording/recording.h"

namespace ovoc::conformance {

// PrintReplay writes a recording for people: the heading, a line for each thing
// that a side sent (ExchangePrinter), and what the client's session makes of it
// with the exit code of client --check. Every line is printable ASCII without
// credentials and payload. InvalidArgument, with nothing written, if the
// recorded Sec-WebSocket-Key is not valid.
[[nodiscard]] absl::Status PrintReplay(const Recording& recording,
                                       std::ostream* out);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_RECORDING_REPLAY_REPORT_H_
