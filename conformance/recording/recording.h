// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_RECORDING_RECORDING_H_
#define OVOC_CONFORMANCE_RECORDING_RECORDING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace ovoc::conformance {

enum class Side {
  kClient,  // `C`
  kServer,  // `S`
};

enum class EventKind {
  kBytes,  // the side sent `bytes`
  kEof,    // the side closed in order
  kReset,  // the side reset the connection
};

struct RecordedEvent {
  Side side = Side::kClient;
  absl::Duration time;  // since the connection was made
  EventKind kind = EventKind::kBytes;
  std::vector<uint8_t> bytes;  // not empty for kBytes, empty otherwise
};

// Recording is one recorded TCP connection (testdata/handshakes/README.md).
struct Recording {
  std::string peer;
  std::string client;
  std::string transport;
  std::string scenario;
  std::string date;
  std::vector<std::string> notes;
  std::vector<RecordedEvent> events;  // in order of time

  // All bytes one side sent, in order.
  std::vector<uint8_t> BytesOf(Side side) const;
};

// ParseRecording reads the text of one .rec file. Anything that is not exactly
// the format is InvalidArgument with the line's number: a heading line that is
// missing, out of order, empty or after the first event; CR; no line end at the
// end; a time that is not seconds with six decimals, or is earlier than the one
// before; upper-case or odd hex; an event of a side after its end.
[[nodiscard]] absl::StatusOr<Recording> ParseRecording(absl::string_view text);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_RECORDING_RECORDING_H_
