// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/replay_report.h"

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "conformance/recording/exchange_printer.h"
#include "conformance/recording/session_replay.h"
#include "tunnel/session/session.h"
#include "tunnel/session/session_end.h"

namespace ovoc::conformance {
namespace {

// A file from elsewhere shall not reach the terminal's controls.
std::string Printable(std::string text) {
  for (char& c : text) {
    c = absl::ascii_isprint(static_cast<unsigned char>(c)) ? c : '?';
  }
  return text;
}

void PrintHeading(const Recording& recording, std::ostream* out) {
  *out << "peer:      " << Printable(recording.peer)
       << "\nclient:    " << Printable(recording.client)
       << "\ntransport: " << Printable(recording.transport)
       << "\nscenario:  " << Printable(recording.scenario)
       << "\ndate:      " << Printable(recording.date) << "\n";
  for (const std::string& note : recording.notes) {
    *out << "note:      " << Printable(note) << "\n";
  }
}

// What the session came to: its outcome, and the rule when one was broken.
void PrintOutcome(const SessionReplay& replay, std::ostream* out) {
  *out << "session:   " << replay.Outcome() << "\n";
  const auto& end = replay.session().end();
  if (end.has_value()) {
    *out << "reason:    "
         << (end->detail.ok() ? "in order" : end->detail.message())
         << "\nexit code: " << static_cast<int>(ExitCodeFor(end->reason))
         << " of client --check\n";
  }
}

}  // namespace

absl::Status PrintReplay(const Recording& recording, std::ostream* out) {
  const absl::StatusOr<std::unique_ptr<SessionReplay>> replay =
      SessionReplay::Create(recording, {});
  if (!replay.ok()) {
    return replay.status();
  }
  PrintHeading(recording, out);
  ExchangePrinter printer;
  for (const RecordedEvent& event : recording.events) {
    for (const std::string& line : printer.Add(event)) {
      *out << line << "\n";
    }
    (*replay)->Play(event);
  }
  PrintOutcome(**replay, out);
  return absl::OkStatus();
}

}  // namespace ovoc::conformance
