// SPDX-License-Identifier: Apache-2.0
//
// replay shows a recording and what the client's session makes of it; see
// recording/README.md.
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "conformance/callers_folder.h"
#include "conformance/recording/recording.h"
#include "conformance/recording/replay_report.h"
#include "tunnel/system/flush_output.h"

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
  if (const absl::Status replayed = PrintReplay(*recording, &std::cout);
      !replayed.ok()) {
    return Fail(kExitKey, path, replayed.message());
  }
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
