// SPDX-License-Identifier: Apache-2.0
//
// replay shows a recording and what the client's session makes of it; see
// recording/README.md.
#include <cstddef>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "conformance/callers_folder.h"
#include "conformance/recording/exchange_printer.h"
#include "conformance/recording/recording.h"
#include "conformance/recording/session_replay.h"
#include "tunnel/flush_output.h"
#include "tunnel/session/session.h"
#include "tunnel/session/session_end.h"

namespace ovoc::conformance {
namespace {

constexpr int kExitReplayed = 0;
constexpr int kExitUsage = 2;
constexpr int kExitFile = 3;
constexpr int kExitKey = 4;

int Fail(int code, absl::string_view path, absl::string_view why) {
  std::cerr << "replay: " << path << ": " << why << "\n";
  return code;
}

// A file from elsewhere shall not reach the terminal's controls.
std::string Printable(std::string text) {
  for (char& c : text) {
    c = absl::ascii_isprint(static_cast<unsigned char>(c)) ? c : '?';
  }
  return text;
}

void PrintHeading(const Recording& recording) {
  std::cout << "peer:      " << Printable(recording.peer)
            << "\nclient:    " << Printable(recording.client)
            << "\ntransport: " << Printable(recording.transport)
            << "\nscenario:  " << Printable(recording.scenario)
            << "\ndate:      " << Printable(recording.date) << "\n";
  for (const std::string& note : recording.notes) {
    std::cout << "note:      " << Printable(note) << "\n";
  }
}

// What the session came to: its outcome, and the rule when one was broken.
void PrintOutcome(const SessionReplay& replay) {
  std::cout << "session:   " << replay.Outcome() << "\n";
  const auto& end = replay.session().end();
  if (end.has_value()) {
    std::cout << "reason:    "
              << (end->detail.ok() ? "in order" : end->detail.message())
              << "\nexit code: " << static_cast<int>(ExitCodeFor(end->reason))
              << " of client --check\n";
  }
}

int Replay(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  if (!in.is_open() || in.bad()) {
    return Fail(kExitFile, path, "cannot be read");
  }
  const absl::StatusOr<Recording> recording = ParseRecording(text);
  if (!recording.ok()) {
    return Fail(kExitFile, path, recording.status().message());
  }
  const absl::StatusOr<std::unique_ptr<SessionReplay>> replay =
      SessionReplay::Create(*recording, {});
  if (!replay.ok()) {
    return Fail(kExitKey, path, replay.status().message());
  }
  PrintHeading(*recording);
  ExchangePrinter printer;
  for (const RecordedEvent& event : recording->events) {
    for (const std::string& line : printer.Add(event)) {
      std::cout << line << "\n";
    }
    (*replay)->Play(event);
  }
  PrintOutcome(**replay);
  const absl::Status shown = tunnel::FlushOutput(&std::cout);
  return shown.ok() ? kExitReplayed
                    : Fail(kExitFile, "stdout", shown.message());
}

int Main(const std::vector<char*>& arguments) {
  if (const absl::Status entered = EnterCallersFolder(); !entered.ok()) {
    std::cerr << "replay: " << entered.message() << "\n";
    return kExitUsage;
  }
  if (arguments.size() != 2) {
    std::cerr << "replay: give one FILE (see --help)\n";
    return kExitUsage;
  }
  return Replay(arguments[1]);
}

}  // namespace
}  // namespace ovoc::conformance

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage(
      "replays a recording into the client's session and shows the exchange\n\n"
      "  replay FILE\n\n"
      "Neither the credentials nor the packets' contents are shown.\n\n"
      "Exit codes:\n"
      "  0  the recording was replayed, whatever the session made of it\n"
      "  2  the command line is wrong\n"
      "  3  the file cannot be read, or it is not a recording\n"
      "  4  its Sec-WebSocket-Key is not valid.");
  return ovoc::conformance::Main(absl::ParseCommandLine(argc, argv));
}
