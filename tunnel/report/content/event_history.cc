// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/content/event_history.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "tunnel/report/content/log_line.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kEventMark = "event=";
constexpr absl::string_view kCutMark = "...";

// As LogLine makes it. A relayed line may have anything there.
bool IsName(absl::string_view name) {
  return !name.empty() && name.size() <= kMaxEventNameBytes &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_islower(static_cast<unsigned char>(c)) ||
                  absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
                  c == '_';
         });
}

std::string Bounded(absl::string_view text) {
  return text.size() <= kMaxEventTextBytes
             ? std::string(text)
             : absl::StrCat(
                   text.substr(0, kMaxEventTextBytes - kCutMark.size()),
                   kCutMark);
}

}  // namespace

void EventHistory::Add(LogLevel level, absl::Time time,
                       absl::string_view line) {
  if (level < LogLevel::kInfo) {
    return;
  }
  Event event = {time, level, "", ""};
  absl::string_view rest = line;
  const bool is_relayed = absl::ConsumePrefix(&rest, kRelayMark);
  absl::string_view name;
  if (absl::ConsumePrefix(&rest, kEventMark)) {
    name = rest.substr(0, rest.find(' '));
  }
  if (IsName(name)) {
    rest.remove_prefix(name.size());
    event.name = std::string(name);
    event.text = Bounded(absl::StripAsciiWhitespace(
        absl::StrCat(is_relayed ? kRelayMark : "",
                     absl::StripLeadingAsciiWhitespace(rest))));
  } else {
    event.text = Bounded(line);
  }
  if (events_.size() == kMaxEvents) {
    events_.pop_front();
  }
  events_.push_back(std::move(event));
  ++count_;
}

}  // namespace ovoc::tunnel
