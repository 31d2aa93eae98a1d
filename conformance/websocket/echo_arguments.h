// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_WEBSOCKET_ECHO_ARGUMENTS_H_
#define OVOC_CONFORMANCE_WEBSOCKET_ECHO_ARGUMENTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "conformance/websocket/echo_session.h"
#include "conformance/websocket/server_url.h"

namespace ovoc::conformance {

// EchoArguments is what echo_client was asked to do.
struct EchoArguments {
  enum class Action { kRun, kHelp };

  Action action = Action::kRun;
  ServerUrl server;
  std::string agent;    // 1..kMaxAgentBytes bytes
  std::string ca_file;  // empty: the system's roots
  EchoSession::Limits limits;
};

// Reads the arguments of main, including the program's name. InvalidArgument
// says in one line which argument is wrong, and what is allowed. --help has
// precedence over everything after it.
absl::StatusOr<EchoArguments> ParseEchoArguments(
    absl::Span<const char* const> arguments);

// The text of --help.
extern const char kEchoClientHelp[];

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_WEBSOCKET_ECHO_ARGUMENTS_H_
