// SPDX-License-Identifier: Apache-2.0
#include "conformance/websocket/echo_arguments.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "auth/upgrade_request.h"
#include "conformance/websocket/case_paths.h"

namespace ovoc::conformance {

const char kEchoClientHelp[] =
    "echo_client runs all cases of a WebSocket fuzzing server, as the\n"
    "Autobahn test suite defines it. It echoes what it receives.\n"
    "\n"
    "  echo_client --server=ws://HOST:PORT --agent=NAME\n"
    "  echo_client --server=wss://HOST:PORT --agent=NAME [--ca=FILE]\n"
    "\n"
    "  --server=URL             the fuzzing server\n"
    "  --agent=NAME             the name in its reports\n"
    "  --ca=FILE                PEM roots for wss:// (default: the system's)\n"
    "  --silence_limit=SECONDS  give up a case in which nothing comes or\n"
    "                           goes for so long (default: 60)\n"
    "  --case_limit=SECONDS     give up a case that takes longer\n"
    "                           (default: 600)\n"
    "  --help\n"
    "\n"
    "Exit codes:\n"
    "  0  every case was opened, and the reports were asked for\n"
    "  1  a case was not opened, the reports could not be asked for, or\n"
    "     standard output cannot be written\n"
    "  2  the arguments are wrong\n"
    "How each case went is in the server's reports.\n";

namespace {

constexpr int kMaxLimitSeconds = 86400;

absl::Status Refuse(absl::string_view name, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("--", name, ": ", what));
}

absl::Status SetSeconds(absl::string_view name, absl::string_view value,
                        absl::Duration* duration) {
  int seconds = 0;
  if (!std::all_of(value.begin(), value.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(value, &seconds) || seconds < 1 ||
      seconds > kMaxLimitSeconds) {
    return Refuse(name, absl::StrCat("give a number of seconds from 1 to ",
                                     kMaxLimitSeconds));
  }
  *duration = absl::Seconds(seconds);
  return absl::OkStatus();
}

absl::Status SetServer(absl::string_view value, EchoArguments* arguments) {
  absl::StatusOr<ServerUrl> server = ParseServerUrl(value);
  if (!server.ok()) {
    return Refuse("server", server.status().message());
  }
  arguments->server = *std::move(server);
  return absl::OkStatus();
}

absl::Status SetAgent(absl::string_view value, EchoArguments* arguments) {
  if (const absl::Status status = CheckAgent(value); !status.ok()) {
    return Refuse("agent", status.message());
  }
  arguments->agent = std::string(value);
  return absl::OkStatus();
}

absl::Status SetCa(absl::string_view value, EchoArguments* arguments) {
  arguments->ca_file = std::string(value);
  return value.empty() ? Refuse("ca", "give the path of a file")
                       : absl::OkStatus();
}

absl::Status SetSilenceLimit(absl::string_view value,
                             EchoArguments* arguments) {
  return SetSeconds("silence_limit", value, &arguments->limits.silence);
}

absl::Status SetCaseLimit(absl::string_view value, EchoArguments* arguments) {
  return SetSeconds("case_limit", value, &arguments->limits.whole);
}

struct ValueOption {
  absl::string_view name;
  absl::Status (*set)(absl::string_view value, EchoArguments* arguments);
};

constexpr ValueOption kValueOptions[] = {
    {"server", SetServer},
    {"agent", SetAgent},
    {"ca", SetCa},
    {"silence_limit", SetSilenceLimit},
    {"case_limit", SetCaseLimit},
};

// Null when there is no option of this name.
const ValueOption* FindValueOption(absl::string_view name) {
  for (const ValueOption& option : kValueOptions) {
    if (option.name == name) {
      return &option;
    }
  }
  return nullptr;
}

absl::Status CheckWhole(const EchoArguments& arguments) {
  if (arguments.server.port == 0) {
    return Refuse("server",
                  "is required; give ws://HOST:PORT or wss://HOST:PORT");
  }
  if (arguments.agent.empty()) {
    return Refuse("agent", "is required; give a name for the reports");
  }
  auth::UpgradeRequestOptions request;
  request.host = arguments.server.host_header;
  if (const auto made = auth::UpgradeRequest::Create(request); !made.ok()) {
    return Refuse("server", made.status().message());
  }
  if (arguments.server.security == Security::kPlain &&
      !arguments.ca_file.empty()) {
    return Refuse("ca", "is only for wss:// servers");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<EchoArguments> ParseEchoArguments(
    absl::Span<const char* const> arguments) {
  EchoArguments parsed;
  for (size_t i = 1; i < arguments.size(); ++i) {
    absl::string_view name = arguments[i];
    if (name == "--help") {
      parsed.action = EchoArguments::Action::kHelp;
      return parsed;
    }
    const size_t equals = name.find('=');
    const bool has_value = equals != absl::string_view::npos;
    absl::string_view value = has_value ? name.substr(equals + 1) : "";
    name = name.substr(0, equals);
    const ValueOption* const option =
        absl::ConsumePrefix(&name, "--") ? FindValueOption(name) : nullptr;
    if (option == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("unknown argument '", arguments[i], "' (see --help)"));
    }
    if (!has_value) {
      if (++i == arguments.size()) {
        return Refuse(name, "needs a value (see --help)");
      }
      value = arguments[i];
    }
    if (absl::Status status = option->set(value, &parsed); !status.ok()) {
      return status;
    }
  }
  if (absl::Status status = CheckWhole(parsed); !status.ok()) {
    return status;
  }
  return parsed;
}

}  // namespace ovoc::conformance
