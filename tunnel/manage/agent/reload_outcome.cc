// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/reload_outcome.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace ovoc::tunnel {
namespace {

using Result = ReloadOutcome::Result;

// What an event after a reload that takes a new tunnel says of it.
Result ResultOf(const EventRecord& event) {
  if (event.event == "tunnel_up") {
    return Result::kUp;
  }
  return event.event == "attempt_failed" ? Result::kNotUp : Result::kWaits;
}

}  // namespace

absl::string_view Word(Result result) {
  switch (result) {
    case Result::kWaits:
      return "waits";
    case Result::kRefused:
      return "refused";
    case Result::kKept:
      return "kept";
    case Result::kUp:
      return "up";
    case Result::kNotUp:
      return "not_up";
  }
  return "waits";
}

ReloadOutcome OutcomeOf(const StatusRecord& record, absl::Time sent) {
  const auto& events = record.events;
  auto event = std::find_if(
      events.begin(), events.end(), [sent](const EventRecord& candidate) {
        return candidate.event == "reload" && candidate.time.has_value() &&
               *candidate.time >= sent;
      });
  if (event == events.end()) {
    return {};
  }
  if (absl::StrContains(event->text, "result=refused")) {
    return {Result::kRefused, record.reload_refused};
  }
  if (absl::StrContains(event->text, "tunnel=kept")) {
    return {Result::kKept, ""};
  }
  for (++event; event != events.end(); ++event) {
    if (const Result result = ResultOf(*event); result != Result::kWaits) {
      return {result, result == Result::kNotUp ? event->text : ""};
    }
  }
  return {};
}

}  // namespace ovoc::tunnel
