// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_RECORDING_RECORDING_TEXT_H_
#define OVOC_CONFORMANCE_RECORDING_RECORDING_TEXT_H_

#include <string>

#include "absl/status/statusor.h"
#include "conformance/recording/recording.h"

namespace ovoc::conformance {

// FormatHeading writes what stands before the events of a .rec file
// (testdata/handshakes/README.md), each line with its end. InvalidArgument
// names the line that could not be read again: an empty one, or one with a
// byte outside printable ASCII. The events are not looked at.
[[nodiscard]] absl::StatusOr<std::string> FormatHeading(
    const Recording& recording);

// FormatEvent writes one event, with the line's end: ParseRecording reads it
// back. Times are cut to microseconds. An event of kBytes without bytes is no
// line: the text is empty.
std::string FormatEvent(const RecordedEvent& event);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_RECORDING_RECORDING_TEXT_H_
