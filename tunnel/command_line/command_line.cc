// SPDX-License-Identifier: Apache-2.0
#include "tunnel/command_line/command_line.h"

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace ovoc::tunnel {
namespace {

using Action = CommandLine::Action;
using Form = CommandLine::Form;

// An option with a value. `set` returns whether the value is allowed, and
// leaves the line as it is when it is not.
struct ValueOption {
  absl::string_view name;
  bool (*set)(absl::string_view value, CommandLine* line);
  absl::string_view allowed;  // for "use ..."
};

bool SetText(absl::string_view value, std::string* text) {
  if (value.empty()) {
    return false;
  }
  *text = std::string(value);
  return true;
}

bool SetSettings(absl::string_view value, CommandLine* line) {
  return SetText(value, &line->settings);
}

bool SetStatusFile(absl::string_view value, CommandLine* line) {
  return SetText(value, &line->status_file);
}

bool SetLog(absl::string_view value, CommandLine* line) {
  if (value != "stderr" && value != "syslog") {
    return false;
  }
  line->log = value == "syslog" ? CommandLine::LogTarget::kSyslog
                                : CommandLine::LogTarget::kStderr;
  return true;
}

bool SetLogLevel(absl::string_view value, CommandLine* line) {
  const std::optional<LogLevel> level = ParseLogLevel(value);
  line->log_level = level.value_or(line->log_level);
  return level.has_value();
}

bool SetWorkerUid(absl::string_view value, CommandLine* line) {
  return SetText(value, &line->worker_uid);
}

bool SetWaitUp(absl::string_view value, CommandLine* line) {
  constexpr int kMaxSeconds = 86400;
  int seconds = 0;
  if (!absl::SimpleAtoi(value, &seconds) || seconds < 1 ||
      seconds > kMaxSeconds) {
    return false;
  }
  line->wait_up = absl::Seconds(seconds);
  return true;
}

bool SetOffload(absl::string_view value, CommandLine* line) {
  if (value == "udp") {
    line->tun_offload = netif::TunOffload::kTcpAndUdp;
  } else if (value == "tcp") {
    line->tun_offload = netif::TunOffload::kTcp;
  } else if (value == "none") {
    line->tun_offload = netif::TunOffload::kNone;
  } else {
    return false;
  }
  return true;
}

constexpr ValueOption kSettings = {"settings", SetSettings,
                                   "the path of a file"};
constexpr ValueOption kStatusFile = {"status_file", SetStatusFile,
                                     "the path of a file"};
constexpr ValueOption kLog = {"log", SetLog, "stderr or syslog"};
constexpr ValueOption kValueOptions[] = {
    kSettings,
    kStatusFile,
    kLog,
    {"log_level", SetLogLevel, "debug, info, warning or error"},
    {"worker_uid", SetWorkerUid, "the number or name of a user"},
    {"tun_offload", SetOffload, "udp, tcp or none"},
    {"wait_up", SetWaitUp, "a number of seconds from 1 to 86400"},
};

// Null when no option of this name takes a value.
const ValueOption* FindValueOption(absl::string_view name) {
  for (const ValueOption& option : kValueOptions) {
    if (option.name == name) {
      return &option;
    }
  }
  return nullptr;
}

absl::Status SetValue(const ValueOption& option, absl::string_view value,
                      CommandLine* line) {
  return option.set(value, line) ? absl::OkStatus()
                                 : absl::InvalidArgumentError(absl::StrCat(
                                       "--", option.name, ": '", value,
                                       "' is not valid; use ", option.allowed));
}

std::optional<Action> ActionOf(absl::string_view name) {
  constexpr std::pair<absl::string_view, Action> kActions[] = {
      {"check", Action::kCheck},
      {"status", Action::kStatus},
      {"help", Action::kHelp},
      {"version", Action::kVersion}};
  for (const auto& [known, action] : kActions) {
    if (name == known) {
      return action;
    }
  }
  return std::nullopt;
}

bool IsOption(absl::string_view argument) {
  return absl::StartsWith(argument, "--") || argument == "-h";
}

// The value of an option that has no '=': the next argument, but no option,
// which would be lost.
absl::StatusOr<absl::string_view> NextArgument(
    absl::string_view name, absl::Span<const char* const> behind) {
  if (behind.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--", name, " needs a value (see --help)"));
  }
  if (IsOption(behind[0])) {
    return absl::InvalidArgumentError(
        absl::StrCat("--", name, " needs a value, but '", behind[0],
                     "' follows (see --help)"));
  }
  return behind[0];
}

absl::Status CannotBeUsed(absl::string_view option, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat(option, " cannot be used ", why));
}

// What has no meaning for a run, or for a check.
absl::Status CheckHasNoStatusOptions(const CommandLine& line) {
  if (line.form == Form::kJson && line.action != Action::kCheck) {
    return absl::InvalidArgumentError(
        "--json is only for --check and --status; add one of them, or leave "
        "--json out (see --help)");
  }
  absl::string_view idle;
  if (line.form == Form::kPrometheus) {
    idle = "--prometheus";
  } else if (line.wait_up > absl::ZeroDuration()) {
    idle = "--wait_up";
  }
  return idle.empty() ? absl::OkStatus()
                      : absl::InvalidArgumentError(absl::StrCat(
                            idle, " is only for --status; add that, or leave ",
                            idle, " out (see --help)"));
}

// The first option that is of a run and differs from its default; empty: none.
absl::string_view RunOption(const CommandLine& line) {
  if (!line.status_file.empty()) {
    return "--status_file";
  }
  if (line.log == CommandLine::LogTarget::kSyslog) {
    return "--log=syslog";
  }
  return line.tun_offload != CommandLine().tun_offload ? "--tun_offload" : "";
}

absl::Status CheckStatusOptions(const CommandLine& line) {
  if (!line.status_file.empty()) {
    return CannotBeUsed("--status_file",
                        "with --status; name the file with --status=FILE");
  }
  const absl::string_view idle =
      line.settings.empty() ? RunOption(line) : "--settings";
  return idle.empty()
             ? absl::OkStatus()
             : CannotBeUsed(idle,
                            "with --status, which reads the status file and "
                            "nothing else; leave one of them out");
}

// A check has no tunnel that the options of a run could be about.
absl::Status CheckTogether(const CommandLine& line) {
  if (line.action == Action::kStatus) {
    return CheckStatusOptions(line);
  }
  if (absl::Status status = CheckHasNoStatusOptions(line); !status.ok()) {
    return status;
  }
  if (line.settings.empty()) {
    return absl::InvalidArgumentError(
        "--settings=FILE is required (see --help)");
  }
  const absl::string_view idle = RunOption(line);
  if (line.action != Action::kCheck || idle.empty()) {
    return absl::OkStatus();
  }
  return CannotBeUsed(idle,
                      "with --check, which has no status file, no log and no "
                      "device; leave one of them out");
}

absl::Status SetAction(Action action, CommandLine* line) {
  if (line->action != Action::kRun && line->action != action &&
      action != Action::kHelp && action != Action::kVersion) {
    return CannotBeUsed("--check", "with --status; leave one of them out");
  }
  line->action = action;
  return absl::OkStatus();
}

absl::Status SetForm(Form form, CommandLine* line) {
  if (line->form != Form::kText && line->form != form) {
    return CannotBeUsed("--json", "with --prometheus; leave one of them out");
  }
  line->form = form;
  return absl::OkStatus();
}

// Takes a flag, or --status=FILE. Returns nullopt if it is neither.
std::optional<absl::Status> TakeFlag(absl::string_view name,
                                     std::optional<absl::string_view> value,
                                     CommandLine* line) {
  const std::optional<Action> action = ActionOf(name);
  const bool is_form = name == "json" || name == "prometheus";
  if (!action.has_value() && !is_form) {
    return std::nullopt;
  }
  if (action == Action::kStatus && value.has_value()) {
    if (value->empty()) {
      return absl::InvalidArgumentError(
          "--status: the name of the file is empty; use --status=FILE, or "
          "--status for the usual file");
    }
    line->shown_status = std::string(*value);
  } else if (value.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--", name, " takes no value; leave out '=", *value, "' (see --help)"));
  }
  if (action.has_value()) {
    return SetAction(*action, line);
  }
  return SetForm(name == "json" ? Form::kJson : Form::kPrometheus, line);
}

// Takes the option in front, and its value. Returns how many arguments that
// were.
absl::StatusOr<size_t> TakeOption(absl::Span<const char* const> arguments,
                                  CommandLine* line) {
  absl::string_view name = arguments[0];
  if (name == "-h") {
    line->action = Action::kHelp;
    return 1;
  }
  if (!absl::StartsWith(name, "--") || name.size() == 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("unexpected argument '", name, "' (see --help)"));
  }
  name.remove_prefix(2);
  const size_t equals = name.find('=');
  std::optional<absl::string_view> value;
  if (equals != absl::string_view::npos) {
    value = name.substr(equals + 1);
  }
  name = name.substr(0, equals);
  if (const std::optional<absl::Status> flag = TakeFlag(name, value, line)) {
    return flag->ok() ? absl::StatusOr<size_t>(1) : *flag;
  }
  const ValueOption* const option = FindValueOption(name);
  if (option == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("unknown argument '", arguments[0], "' (see --help)"));
  }
  const absl::StatusOr<absl::string_view> given =
      value.has_value() ? *value : NextArgument(name, arguments.subspan(1));
  const absl::Status status =
      given.ok() ? SetValue(*option, *given, line) : given.status();
  return status.ok() ? absl::StatusOr<size_t>(value.has_value() ? 1 : 2)
                     : status;
}

bool ReportsElsewhere(absl::string_view argument) {
  return argument == "--check" || argument == "--status" ||
         absl::StartsWith(argument, "--status=");
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(
    absl::Span<const char* const> arguments) {
  CommandLine line;
  for (size_t i = 1; i < arguments.size();) {
    const absl::StatusOr<size_t> taken =
        TakeOption(arguments.subspan(i), &line);
    if (!taken.ok()) {
      return taken.status();
    }
    if (line.action == Action::kHelp || line.action == Action::kVersion) {
      return line;
    }
    i += *taken;
  }
  absl::Status status = CheckTogether(line);
  return status.ok() ? absl::StatusOr<CommandLine>(std::move(line)) : status;
}

CommandLine WhereToReport(absl::Span<const char* const> arguments) {
  CommandLine line;
  for (size_t i = 1; i < arguments.size(); ++i) {
    if (ReportsElsewhere(arguments[i])) {
      return CommandLine();
    }
    for (const ValueOption& option : {kLog, kStatusFile, kSettings}) {
      absl::string_view value = arguments[i];
      if (!absl::ConsumePrefix(&value, absl::StrCat("--", option.name))) {
        continue;
      }
      if (absl::ConsumePrefix(&value, "=")) {
        option.set(value, &line);
      } else if (value.empty() && i + 1 < arguments.size() &&
                 !IsOption(arguments[i + 1])) {
        option.set(arguments[i + 1], &line);
      }
    }
  }
  return line;
}

}  // namespace ovoc::tunnel
