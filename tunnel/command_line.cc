// SPDX-License-Identifier: Apache-2.0
#include "tunnel/command_line.h"

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace ovoc::tunnel {

const char kCommandLineHelp[] =
    "client keeps the WebSocket tunnel from an AudioCodes device to OVOC up.\n"
    "\n"
    "  client --settings=FILE           run; SIGTERM stops it, SIGHUP makes it "
    "read\n"
    "                                   FILE again\n"
    "  client --settings=FILE --check   look up the server, connect, verify, "
    "log in\n"
    "                                   and close, with a report of each step; "
    "needs\n"
    "                                   neither privileges nor a TUN device\n"
    "  --status_file=FILE               keep the state in FILE, as JSON\n"
    "  --log=stderr|syslog              where to log (default: stderr)\n"
    "  --log_level=debug|info|warning|error\n"
    "                                   the lowest level to log (default: "
    "info)\n"
    "  --worker_uid=NUMBER|NAME         the user and group of the process that "
    "reads\n"
    "                                   from the network (default: ovoc-tunnel "
    "if it\n"
    "                                   is in /etc/passwd, else 65526)\n"
    "  --tun_offload=udp|tcp|none       what the TUN device may hand over as "
    "one\n"
    "                                   large packet: UDP and TCP, TCP only, "
    "or\n"
    "                                   neither (default: udp)\n"
    "  --help, --version\n"
    "\n"
    "Exit codes: 0 done, 1 internal error, 2 command line, 3 settings, 4 name\n"
    "resolution, 5 connection, 6 certificate, 7 login (401), 8 no free "
    "address\n"
    "(409), 9 protocol, 10 interface, 11 sandbox, 12 cannot write to standard\n"
    "output.\n"
    "\n"
    "Settings, with what is allowed and the [default]:\n";

namespace {

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

std::optional<CommandLine::Action> ActionOf(absl::string_view name) {
  if (name == "check") {
    return CommandLine::Action::kCheck;
  }
  if (name == "help") {
    return CommandLine::Action::kHelp;
  }
  if (name == "version") {
    return CommandLine::Action::kVersion;
  }
  return std::nullopt;
}

bool IsOption(absl::string_view argument) {
  return absl::StartsWith(argument, "--");
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

// A check has no tunnel that these could be about.
absl::Status CheckTogether(const CommandLine& line) {
  if (line.settings.empty()) {
    return absl::InvalidArgumentError(
        "--settings=FILE is required (see --help)");
  }
  if (line.action != CommandLine::Action::kCheck) {
    return absl::OkStatus();
  }
  absl::string_view idle;
  if (!line.status_file.empty()) {
    idle = "--status_file";
  } else if (line.log == CommandLine::LogTarget::kSyslog) {
    idle = "--log=syslog";
  } else if (line.tun_offload != CommandLine().tun_offload) {
    idle = "--tun_offload";
  }
  return idle.empty() ? absl::OkStatus()
                      : absl::InvalidArgumentError(absl::StrCat(
                            idle,
                            " cannot be used with --check, which has no status "
                            "file, no log and no device; leave "
                            "one of them out"));
}

// Takes the option in front, and its value. Returns how many arguments that
// were.
absl::StatusOr<size_t> TakeOption(absl::Span<const char* const> arguments,
                                  CommandLine* line) {
  absl::string_view name = arguments[0];
  if (!IsOption(name) || name.size() == 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("unexpected argument '", name, "' (see --help)"));
  }
  name.remove_prefix(2);
  const size_t equals = name.find('=');
  const bool has_value = equals != absl::string_view::npos;
  const absl::string_view value = has_value ? name.substr(equals + 1) : "";
  name = name.substr(0, equals);
  if (const auto action = ActionOf(name); action && !has_value) {
    line->action = *action;
    return 1;
  }
  const ValueOption* const option = FindValueOption(name);
  if (option == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("unknown argument '", arguments[0], "' (see --help)"));
  }
  const absl::StatusOr<absl::string_view> given =
      has_value ? value : NextArgument(name, arguments.subspan(1));
  const absl::Status status =
      given.ok() ? SetValue(*option, *given, line) : given.status();
  return status.ok() ? absl::StatusOr<size_t>(has_value ? 1 : 2) : status;
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
    if (line.action == CommandLine::Action::kHelp ||
        line.action == CommandLine::Action::kVersion) {
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
    if (absl::string_view(arguments[i]) == "--check") {
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
