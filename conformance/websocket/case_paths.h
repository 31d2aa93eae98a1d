// SPDX-License-Identifier: Apache-2.0
//
// What a WebSocket fuzzing server is asked for, as the Autobahn test suite
// defines it: https://github.com/crossbario/autobahn-testsuite.

#ifndef OVOC_CONFORMANCE_WEBSOCKET_CASE_PATHS_H_
#define OVOC_CONFORMANCE_WEBSOCKET_CASE_PATHS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ovoc::conformance {

// Stops a server that would keep us busy for ever. The suite has 517 cases.
inline constexpr int kMaxCaseCount = 100000;
// The limit for the agent's name. Even percent-encoded it is below the limit of
// a path.
inline constexpr size_t kMaxAgentBytes = 256;

// The server answers with one text message, the number of its cases.
inline constexpr absl::string_view kGetCaseCountPath = "/getCaseCount";

// The server plays case `number`, from 1, against an echo.
std::string RunCasePath(int number, absl::string_view agent);

// The server writes its reports.
std::string UpdateReportsPath(absl::string_view agent);

// InvalidArgument when the agent's name is empty or longer than
// kMaxAgentBytes.
[[nodiscard]] absl::Status CheckAgent(absl::string_view agent);

// Reads the message of /getCaseCount: a decimal number, 0..kMaxCaseCount, which
// may have white space around it. InvalidArgument otherwise.
[[nodiscard]] absl::StatusOr<int> ParseCaseCount(absl::string_view text);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_WEBSOCKET_CASE_PATHS_H_
