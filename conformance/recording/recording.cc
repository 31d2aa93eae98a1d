// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/recording.h"

#include <array>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace ovoc::conformance {
namespace {

constexpr absl::string_view kFirstLine = "# ovoc-tunnel recording 1";
constexpr size_t kFractionDigits = 6;  // microseconds
constexpr size_t kMaxSecondsDigits = 6;

// The heading lines that must follow the first, in this order.
constexpr std::array<absl::string_view, 5> kHeadings = {
    "# peer: ", "# client: ", "# transport: ", "# scenario: ", "# date: "};
constexpr absl::string_view kNote = "# note: ";

absl::Status ErrorAt(size_t line, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("recording line ", line, ": ", what));
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  return -1;
}

bool DecodeHex(absl::string_view hex, std::vector<uint8_t>* bytes) {
  if (hex.empty() || hex.size() % 2 != 0) {
    return false;
  }
  bytes->reserve(hex.size() / 2);
  for (size_t i = 0; i < hex.size(); i += 2) {
    const int high = HexDigit(hex[i]);
    const int low = HexDigit(hex[i + 1]);
    if (high < 0 || low < 0) {
      return false;
    }
    bytes->push_back(static_cast<uint8_t>(high * 16 + low));
  }
  return true;
}

bool IsDigits(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) {
      return false;
    }
  }
  return !text.empty();
}

bool ParseTime(absl::string_view text, absl::Duration* time) {
  const size_t dot = text.find('.');
  if (dot == absl::string_view::npos || dot > kMaxSecondsDigits) {
    return false;
  }
  const absl::string_view whole = text.substr(0, dot);
  const absl::string_view fraction = text.substr(dot + 1);
  int64_t seconds = 0;
  int64_t microseconds = 0;
  // One time has one form, so that what is read and written again is the same.
  const bool has_leading_zero = whole.size() > 1 && whole[0] == '0';
  if (has_leading_zero || !IsDigits(whole) || !IsDigits(fraction) ||
      fraction.size() != kFractionDigits ||
      !absl::SimpleAtoi(whole, &seconds) ||
      !absl::SimpleAtoi(fraction, &microseconds)) {
    return false;
  }
  *time = absl::Seconds(seconds) + absl::Microseconds(microseconds);
  return true;
}

// RecordingReader holds what must be remembered from one line to the next.
class RecordingReader {
 public:
  absl::Status AddLine(absl::string_view line) {
    ++line_number_;
    if (absl::StrContains(line, '\r')) {
      return ErrorAt(line_number_, "a line must not have a CR");
    }
    if (line_number_ == 1) {
      return line == kFirstLine ? absl::OkStatus()
                                : ErrorAt(1, absl::StrCat("the line must be \"",
                                                          kFirstLine, "\""));
    }
    if (line_number_ - 2 < kHeadings.size()) {
      return AddHeading(line, line_number_ - 2);
    }
    if (!line.empty() && line[0] == '#') {
      return AddNote(line);
    }
    return AddEvent(line);
  }

  absl::StatusOr<Recording> Finish() && {
    if (line_number_ < kHeadings.size() + 1) {
      return ErrorAt(line_number_ + 1, "the heading is not complete");
    }
    if (recording_.events.empty()) {
      return ErrorAt(line_number_ + 1, "there is no event");
    }
    return std::move(recording_);
  }

 private:
  absl::Status AddHeading(absl::string_view line, size_t index) {
    const std::array<std::string*, kHeadings.size()> values = {
        &recording_.peer, &recording_.client, &recording_.transport,
        &recording_.scenario, &recording_.date};
    if (!absl::ConsumePrefix(&line, kHeadings[index]) || line.empty()) {
      return ErrorAt(line_number_, absl::StrCat("the line must be \"",
                                                kHeadings[index], "...\""));
    }
    *values[index] = std::string(line);
    return absl::OkStatus();
  }

  absl::Status AddNote(absl::string_view line) {
    if (!recording_.events.empty()) {
      return ErrorAt(line_number_, "a heading line after the first event");
    }
    if (!absl::ConsumePrefix(&line, kNote) || line.empty()) {
      return ErrorAt(line_number_,
                     "only \"# note: ...\" lines may come after the date");
    }
    recording_.notes.emplace_back(line);
    return absl::OkStatus();
  }

  absl::Status AddEvent(absl::string_view line) {
    RecordedEvent event;
    if (!absl::ConsumePrefix(&line, "C ")) {
      if (!absl::ConsumePrefix(&line, "S ")) {
        return ErrorAt(line_number_,
                       "an event must begin with \"C \" or \"S \"");
      }
      event.side = Side::kServer;
    }
    const size_t space = line.find(' ');
    if (space == absl::string_view::npos ||
        !ParseTime(line.substr(0, space), &event.time)) {
      return ErrorAt(line_number_,
                     "the time must be seconds with six decimals, and a space "
                     "must come after it");
    }
    if (event.time < last_time_) {
      return ErrorAt(line_number_,
                     "the time is earlier than that of the line before");
    }
    const absl::string_view what = line.substr(space + 1);
    if (what == "eof") {
      event.kind = EventKind::kEof;
    } else if (what == "rst") {
      event.kind = EventKind::kReset;
    } else if (!DecodeHex(what, &event.bytes)) {
      return ErrorAt(line_number_,
                     "an event must be lower-case hex, \"eof\" or \"rst\"");
    }
    return Append(std::move(event));
  }

  absl::Status Append(RecordedEvent event) {
    bool& closed =
        event.side == Side::kClient ? client_closed_ : server_closed_;
    if (closed || reset_) {
      return ErrorAt(line_number_, "an event after that side's end");
    }
    closed = event.kind != EventKind::kBytes;
    reset_ = event.kind == EventKind::kReset;
    last_time_ = event.time;
    recording_.events.push_back(std::move(event));
    return absl::OkStatus();
  }

  Recording recording_;
  size_t line_number_ = 0;
  absl::Duration last_time_ = absl::ZeroDuration();
  bool client_closed_ = false;
  bool server_closed_ = false;
  bool reset_ = false;
};

}  // namespace

std::vector<uint8_t> Recording::BytesOf(Side side) const {
  std::vector<uint8_t> all;
  for (const RecordedEvent& event : events) {
    if (event.side == side) {
      all.insert(all.end(), event.bytes.begin(), event.bytes.end());
    }
  }
  return all;
}

absl::StatusOr<Recording> ParseRecording(absl::string_view text) {
  RecordingReader reader;
  size_t lines = 0;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    if (end == absl::string_view::npos) {
      return ErrorAt(lines + 1, "the last line has no line end");
    }
    if (absl::Status status = reader.AddLine(text.substr(0, end));
        !status.ok()) {
      return status;
    }
    text.remove_prefix(end + 1);
    ++lines;
  }
  return std::move(reader).Finish();
}

}  // namespace ovoc::conformance
