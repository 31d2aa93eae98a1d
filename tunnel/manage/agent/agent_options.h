// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_AGENT_AGENT_OPTIONS_H_
#define OVOC_TUNNEL_MANAGE_AGENT_AGENT_OPTIONS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::tunnel {

// AgentOptions is the command line of the settings agent.
struct AgentOptions {
  bool help = false;
  std::string settings;  // required, unless `help`
  std::string socket = "/run/ovoc-tunnel/agent.sock";
  std::string state = "/var/lib/ovoc-tunnel";
  std::string status_file = "/run/ovoc-tunnel/status.json";
  std::string client = "/usr/sbin/ovoc-tunnel-client";
  std::string admin_group = "ovoc-admin";
  std::string view_group = "ovoc-view";
};

// ParseAgentOptions takes argv with the program's name. Options are
// --NAME=VALUE and --help. The error names the option, and says what to do.
absl::StatusOr<AgentOptions> ParseAgentOptions(
    absl::Span<const char* const> arguments);

// What --help prints.
std::string AgentHelp();

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_AGENT_AGENT_OPTIONS_H_
