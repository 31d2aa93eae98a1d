// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_RECORDING_RECORDING_TEXT_H_
#define OVOC_CONFORMANCE_RECORDING_RECORDING_TEXT_H_

#include <string>

#include "absl/status/statusor.h"
#include "conformance/recording/recording.h"

namespace ovoc::conformance {

// FormatHeading writes the lines before the events of a .rec file
// (testdata/handshakes/README.md), with their ends. InvalidArgument names a
// line that could not be read back: an empty one, or one with a byte outside
// printable ASCII. It does not look at the events.
[[nodiscard]] absl::StatusOr<std::string> FormatHeading(
    const Recording& recording);

// FormatEvent writes one event with its line end, so that ParseRecording can
// read it back. Times are cut to microseconds. For a kBytes event without bytes
// there is no line, and the text is empty.
std::string FormatEvent(const RecordedEvent& event);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_RECORDING_RECORDING_TEXT_H_
