// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_COMMAND_LINE_COMMAND_LINE_H_
#define OVOC_TUNNEL_COMMAND_LINE_COMMAND_LINE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "netif/tun_device.h"
#include "tunnel/command_line/log_level.h"

namespace ovoc::tunnel {

// Where --status looks unless it is told.
inline constexpr absl::string_view kDefaultStatusFile =
    "/run/ovoc-tunnel/status.json";

// CommandLine is what `client` was asked to do.
struct CommandLine {
  enum class Action { kRun, kCheck, kStatus, kHelp, kVersion };
  enum class LogTarget { kStderr, kSyslog };
  enum class Form { kText, kJson, kPrometheus };

  Action action = Action::kRun;
  std::string settings;     // never empty with kRun and kCheck
  std::string status_file;  // empty: none is kept
  std::string shown_status = std::string(kDefaultStatusFile);  // of kStatus
  Form form = Form::kText;  // of kCheck and kStatus
  absl::Duration wait_up;   // of kStatus; zero: it does not wait
  LogTarget log = LogTarget::kStderr;
  LogLevel log_level = LogLevel::kInfo;
  std::string worker_uid;  // number or name, see ChooseWorkerId; empty: default
  netif::TunOffload tun_offload = netif::TunOffload::kTcpAndUdp;  // at most
};

// ParseCommandLine reads the arguments of main, which include the program's
// name. The error is InvalidArgument. It says in one line which argument is
// wrong, why, and what to do; it names both of two arguments that cannot be
// used together. --help, -h and --version win over all other arguments.
absl::StatusOr<CommandLine> ParseCommandLine(
    absl::Span<const char* const> arguments);

// WhereToReport returns the log and the status file of a command line that is
// wrong otherwise, so that they can say so, and the settings file, whose place
// the status file must not take. With --check or --status it returns none of
// them: these report to whoever waits for them, and the files may be those of a
// running client.
CommandLine WhereToReport(absl::Span<const char* const> arguments);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_COMMAND_LINE_COMMAND_LINE_H_
