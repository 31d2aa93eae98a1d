// SPDX-License-Identifier: Apache-2.0
//
// client keeps a device's tunnel to OVOC up; see README.md beside this file.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <iostream>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tunnel/command_line/command_line.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/command_line/help_text.h"
#include "tunnel/command_line/library_version.h"
#include "tunnel/command_line/version.h"
#include "tunnel/config/proxy_variables.h"
#include "tunnel/report/line_output.h"
#include "tunnel/report/log.h"
#include "tunnel/run_check.h"
#include "tunnel/run_keeper.h"
#include "tunnel/run_status.h"
#include "tunnel/sandbox/fresh_start.h"
#include "tunnel/sandbox/worker_id.h"
#include "tunnel/settings/build_policy.h"
#include "tunnel/settings/files/read_file.h"
#include "tunnel/settings/proxy_environment.h"
#include "tunnel/settings/settings.h"
#include "tunnel/status_target.h"
#include "tunnel/system/flush_output.h"
#include "tunnel/system/signals.h"
#include "tunnel/told_run.h"

namespace ovoc::tunnel {
namespace {

int Code(ExitCode code) { return static_cast<int>(code); }

// What the client takes from its environment: the service manager's and the
// time zone of syslog's lines.
constexpr absl::string_view kVariables[] = {"NOTIFY_SOCKET", "WATCHDOG_USEC",
                                            "WATCHDOG_PID", "TZ"};

// On stderr, for whoever started a client that says no more: a line for each
// line of the reason.
int Fail(const Outcome& outcome) {
  if (!outcome.why.empty()) {
    for (const absl::string_view line : absl::StrSplit(outcome.why, '\n')) {
      std::cerr << "client: " << line << "\n";
    }
  }
  return Code(outcome.code);
}

// The same before anything is confined, without waiting for a reader.
int Refuse(const Outcome& outcome) {
  LineOutput output(STDERR_FILENO);
  for (const absl::string_view line : absl::StrSplit(outcome.why, '\n')) {
    output.Write(absl::StrCat("client: ", line, "\n"));
  }
  return Code(outcome.code);
}

Outcome Failed(ExitCode code, absl::string_view why) {
  return {code, std::string(why)};
}

// The outcome of what reports on standard output: nothing that nobody got is a
// success. A failure stays what it is, and both are told.
Outcome Shown(Outcome outcome) {
  const absl::Status shown = FlushOutput(&std::cout);
  if (shown.ok()) {
    return outcome;
  }
  if (outcome.code == ExitCode::kDone) {
    outcome.code = ExitCode::kOutput;
  }
  absl::StrAppend(&outcome.why, outcome.why.empty() ? "" : "\n",
                  shown.message());
  return outcome;
}

// A line on stderr without any allocation, from a signal handler.
void ShowViolation(int system_call) {
  std::array<char, 64> line = {"client: stopped by its system-call filter at "};
  size_t size = strlen(line.data());
  std::array<char, 12> digits;
  size_t count = 0;
  do {
    digits[count++] = static_cast<char>('0' + system_call % 10);
    system_call /= 10;
  } while (system_call > 0);
  while (count > 0) {
    line[size++] = digits[--count];
  }
  line[size++] = '\n';
  // A socket would wait for its reader; what else waits, LineOutput has opened
  // anew.
  if (send(STDERR_FILENO, line.data(), size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 &&
      errno == ENOTSOCK) {
    (void)!write(STDERR_FILENO, line.data(), size);
  }
}

// Gives stdout a buffer: the C library would ask what kind of file it is at the
// first line, by a system call that a worker does not have.
void PrepareReport() {
  static std::array<char, BUFSIZ> buffer;
  (void)!setvbuf(stdout, buffer.data(), _IOLBF, buffer.size());
}

// A small file of the system; what cannot be read is as good as empty.
std::string TextOf(const char* path) {
  constexpr size_t kMaxBytes = 1 << 20;  // some thousand users
  const absl::StatusOr<FileContents> file =
      ReadSmallFile(path, kMaxBytes, FilePrivacy::kAny);
  return file.ok() ? std::string(
                         file->bytes.Reveal(auth::InsecureSecretAccess::Get()))
                   : "";
}

// To be called while the machine's root is this process's.
absl::StatusOr<WorkerId> FindWorkerId(const CommandLine& line) {
  return ChooseWorkerId(line.worker_uid, TextOf("/etc/passwd"),
                        TextOf("/proc/self/uid_map"));
}

Outcome CheckSettings(const CommandLine& line, ProxyEnvironment* environment) {
  const absl::StatusOr<WorkerId> id = FindWorkerId(line);
  if (!id.ok()) {
    return Failed(ExitCode::kUsage, id.status().message());
  }
  PrepareReport();
  return RunCheck(
      {.settings = line.settings,
       .policy = BuildPolicy(),
       .id = *id,
       .violation = ShowViolation,
       .environment = environment,
       .form = line.form == CommandLine::Form::kJson ? CheckForm::kJson
                                                     : CheckForm::kText},
      &std::cout);
}

Outcome RunConfined(const CommandLine& line, const ToldRun& told,
                    ProxyEnvironment* environment) {
  const absl::StatusOr<WorkerId> id = FindWorkerId(line);
  if (!id.ok()) {
    return Failed(ExitCode::kUsage, id.status().message());
  }
  if (const std::string why = UnusableUser(TextOf("/etc/passwd"));
      !why.empty() && line.worker_uid.empty()) {
    told.logger->Log(LogLevel::kWarning,
                     LogLine("worker_user").Add("detail", why));
  }
  return RunKeeper({.settings = line.settings,
                    .policy = BuildPolicy(),
                    .id = *id,
                    .log_level = line.log_level,
                    .tun_offload = line.tun_offload,
                    .violation = ShowViolation,
                    .environment = environment},
                   told);
}

int RunTunnel(CommandLine line, ProxyEnvironment* environment) {
  Signals::Block().IgnoreError();  // Create says it again if it failed
  DefaultStatusFile found;
  if (line.status_file.empty()) {
    found = FindDefaultStatusFile();
    line.status_file = found.path;
  }
  return RunTold(line, BuildPolicy(), [&](const ToldRun& told) {
    if (!found.refused.empty()) {
      told.logger->Log(
          LogLevel::kWarning,
          LogLine("status_file_unused").Add("detail", found.refused));
    }
    return RunConfined(line, told, environment);
  });
}

// https://no-color.org, and a terminal that knows no colours. To be asked
// before the environment is emptied.
bool EnvironmentWantsColour() {
  const char* const no_color = getenv("NO_COLOR");
  const char* const terminal = getenv("TERM");
  return (no_color == nullptr || *no_color == '\0') && terminal != nullptr &&
         absl::string_view(terminal) != "dumb";
}

StatusForm FormOf(CommandLine::Form form) {
  switch (form) {
    case CommandLine::Form::kText:
      return StatusForm::kPeople;
    case CommandLine::Form::kJson:
      return StatusForm::kJson;
    case CommandLine::Form::kPrometheus:
      return StatusForm::kPrometheus;
  }
  return StatusForm::kPeople;
}

Outcome ShowStatus(const CommandLine& line, Colour colour) {
  const StatusOutcome outcome =
      RunStatus({.file = line.shown_status,
                 .form = FormOf(line.form),
                 .colour = isatty(STDOUT_FILENO) != 0 ? colour : Colour::kNone,
                 .wait_up = line.wait_up},
                &std::cout);
  return {outcome.code, outcome.why};
}

// Where the rest of a wrong command line names a log or a status file, they say
// what is wrong as well.
int RefuseCommandLine(absl::Span<const char* const> arguments,
                      const absl::Status& why) {
  const Outcome outcome = Failed(ExitCode::kUsage, why.message());
  const CommandLine known = WhereToReport(arguments);
  if (known.log == CommandLine::LogTarget::kStderr &&
      known.status_file.empty()) {
    return Refuse(outcome);
  }
  return RunTold(known, BuildPolicy(),
                 [&outcome](const ToldRun&) { return outcome; });
}

int Main(absl::Span<const char* const> arguments) {
  const Colour colour =
      EnvironmentWantsColour() ? Colour::kAnsi : Colour::kNone;
  ProxyEnvironment environment = TakeProxyVariables();
  const absl::Status fresh = FreshStart(kVariables);
  absl::StatusOr<CommandLine> line = ParseCommandLine(arguments);
  if (!line.ok()) {
    return RefuseCommandLine(arguments, line.status());
  }
  if (!fresh.ok()) {
    const Outcome outcome = Failed(ExitCode::kSandbox, fresh.message());
    return line->action == CommandLine::Action::kRun
               ? RunTold(*line, BuildPolicy(),
                         [&outcome](const ToldRun&) { return outcome; })
               : Fail(outcome);
  }
  switch (line->action) {
    case CommandLine::Action::kHelp:
      std::cout << kCommandLineHelp << DescribeSettings();
      return Fail(Shown({ExitCode::kDone, {}}));
    case CommandLine::Action::kVersion:
      std::cout << "ovoc-tunnel client " << kVersion << ", policy "
                << Word(BuildPolicy()) << ", " << BoringSslVersion() << "\n";
      return Fail(Shown({ExitCode::kDone, {}}));
    case CommandLine::Action::kCheck:
      return Fail(Shown(CheckSettings(*line, &environment)));
    case CommandLine::Action::kStatus:
      return Fail(Shown(ShowStatus(*line, colour)));
    case CommandLine::Action::kRun:
      break;
  }
  return RunTunnel(*std::move(line), &environment);
}

}  // namespace
}  // namespace ovoc::tunnel

int main(int argc, char** argv) {
  return ovoc::tunnel::Main(
      absl::MakeConstSpan(argv, static_cast<size_t>(argc)));
}
