// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_COMMAND_LINE_H_
#define OVOC_TUNNEL_COMMAND_LINE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "netif/tun_device.h"
#include "tunnel/report/log.h"

namespace ovoc::tunnel {

// CommandLine is what `client` was asked to do.
struct CommandLine {
  enum class Action { kRun, kCheck, kHelp, kVersion };
  enum class LogTarget { kStderr, kSyslog };

  Action action = Action::kRun;
  std::string settings;     // never empty with kRun and kCheck
  std::string status_file;  // empty: none is kept
  LogTarget log = LogTarget::kStderr;
  LogLevel log_level = LogLevel::kInfo;
  std::string worker_uid;  // number or name, see ChooseWorkerId; empty: default
  netif::TunOffload tun_offload = netif::TunOffload::kTcpAndUdp;  // at most
};

// Reads the arguments of main, the program's name included. InvalidArgument
// says in one line which argument, what is wrong with it and what to do; of two
// that have no meaning together, both. --help and --version win over all
// others.
absl::StatusOr<CommandLine> ParseCommandLine(
    absl::Span<const char* const> arguments);

// What the arguments say of log and status file, whatever else is wrong with
// them: where to say what. Nothing with --check, which reports to whoever waits
// for it; the files may be those of a client that runs.
CommandLine WhereToReport(absl::Span<const char* const> arguments);

// The text of --help, without the table of settings.
extern const char kCommandLineHelp[];

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_COMMAND_LINE_H_
