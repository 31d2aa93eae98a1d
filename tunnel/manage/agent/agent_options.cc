// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/agent_options.h"

#include <algorithm>
#include <iterator>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"

namespace ovoc::tunnel {
namespace {

struct Option {
  absl::string_view name;
  std::string AgentOptions::* member;
  absl::string_view value;
  absl::string_view text;
};

constexpr Option kOptions[] = {
    {"settings", &AgentOptions::settings, "FILE",
     "the client's settings file, required"},
    {"socket", &AgentOptions::socket, "PATH", "where the agent listens"},
    {"state", &AgentOptions::state, "FOLDER",
     "the agent's own files: the last commits"},
    {"status_file", &AgentOptions::status_file, "FILE",
     "the client's status file"},
    {"client", &AgentOptions::client, "PROGRAM", "the client, for test"},
    {"admin_group", &AgentOptions::admin_group, "NAME",
     "who may change, beside root"},
    {"view_group", &AgentOptions::view_group, "NAME", "who may view"},
};

absl::Status SetOption(absl::string_view argument, AgentOptions* options) {
  absl::string_view rest = argument;
  const size_t equals = argument.find('=');
  if (!absl::ConsumePrefix(&rest, "--") || equals == absl::string_view::npos) {
    return absl::InvalidArgumentError(absl::StrCat(
        argument, ": is no option; use --NAME=VALUE (see --help)"));
  }
  const absl::string_view name = argument.substr(2, equals - 2);
  const absl::string_view value = argument.substr(equals + 1);
  const auto* const option = std::find_if(
      std::begin(kOptions), std::end(kOptions),
      [name](const Option& candidate) { return candidate.name == name; });
  if (option == std::end(kOptions)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--", name, ": there is no such option; see --help"));
  }
  if (value.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--", name, ": the value is empty; write --", name, "=",
                     option->value));
  }
  options->*(option->member) = std::string(value);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<AgentOptions> ParseAgentOptions(
    absl::Span<const char* const> arguments) {
  AgentOptions options;
  for (size_t i = 1; i < arguments.size(); ++i) {
    if (absl::string_view(arguments[i]) == "--help") {
      options.help = true;
      return options;
    }
    if (absl::Status status = SetOption(arguments[i], &options); !status.ok()) {
      return status;
    }
  }
  if (options.settings.empty()) {
    return absl::InvalidArgumentError(
        "--settings=FILE is required (see --help)");
  }
  return options;
}

std::string AgentHelp() {
  const AgentOptions defaults;
  std::string text =
      "settings_agent --settings=FILE [options]: changes the client's settings "
      "for the programs that people use; see docs/agent.md\n\n";
  for (const Option& option : kOptions) {
    const std::string& value = defaults.*(option.member);
    absl::StrAppendFormat(
        &text, "  --%-22s %s%s\n", absl::StrCat(option.name, "=", option.value),
        option.text, value.empty() ? "" : absl::StrCat(" [", value, "]"));
  }
  return text;
}

}  // namespace ovoc::tunnel
