// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/recording_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace ovoc::conformance {
namespace {

constexpr int64_t kMicrosecondsPerSecond = 1000000;

bool IsPrintableLine(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isprint(static_cast<unsigned char>(c));
  });
}

absl::Status AppendHeading(absl::string_view name, absl::string_view value,
                           std::string* text) {
  if (!IsPrintableLine(value)) {
    return absl::InvalidArgumentError(
        absl::StrCat("recording heading \"", name,
                     "\" must be printable ASCII and not empty"));
  }
  absl::StrAppend(text, "# ", name, ": ", value, "\n");
  return absl::OkStatus();
}

absl::string_view Bytes(const std::vector<uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

absl::StatusOr<std::string> FormatHeading(const Recording& recording) {
  const std::array<std::pair<absl::string_view, absl::string_view>, 5> lines = {
      {{"peer", recording.peer},
       {"client", recording.client},
       {"transport", recording.transport},
       {"scenario", recording.scenario},
       {"date", recording.date}}};
  std::string text = "# ovoc-tunnel recording 1\n";
  for (const auto& [name, value] : lines) {
    if (absl::Status status = AppendHeading(name, value, &text); !status.ok()) {
      return status;
    }
  }
  for (const std::string& note : recording.notes) {
    if (absl::Status status = AppendHeading("note", note, &text);
        !status.ok()) {
      return status;
    }
  }
  return text;
}

std::string FormatEvent(const RecordedEvent& event) {
  const int64_t time = absl::ToInt64Microseconds(event.time);
  std::string text = absl::StrFormat(
      "%c %d.%06d ", event.side == Side::kClient ? 'C' : 'S',
      time / kMicrosecondsPerSecond, time % kMicrosecondsPerSecond);
  switch (event.kind) {
    case EventKind::kBytes:
      if (event.bytes.empty()) {
        return "";
      }
      absl::StrAppend(&text, absl::BytesToHexString(Bytes(event.bytes)));
      break;
    case EventKind::kEof:
      absl::StrAppend(&text, "eof");
      break;
    case EventKind::kReset:
      absl::StrAppend(&text, "rst");
      break;
  }
  return absl::StrCat(text, "\n");
}

}  // namespace ovoc::conformance
