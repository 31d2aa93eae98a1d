// SPDX-License-Identifier: Apache-2.0
#include "tunnel/command_line/exit_code.h"

namespace ovoc::tunnel {

absl::string_view Word(ExitCode code) {
  switch (code) {
    case ExitCode::kDone:
      return "done";
    case ExitCode::kInternal:
      return "internal";
    case ExitCode::kUsage:
      return "command_line";
    case ExitCode::kSettings:
      return "settings";
    case ExitCode::kResolution:
      return "resolution";
    case ExitCode::kConnection:
      return "connection";
    case ExitCode::kCertificate:
      return "certificate";
    case ExitCode::kLogin:
      return "login";
    case ExitCode::kNoFreeAddress:
      return "no_free_address";
    case ExitCode::kProtocol:
      return "protocol";
    case ExitCode::kInterface:
      return "interface";
    case ExitCode::kSandbox:
      return "sandbox";
    case ExitCode::kOutput:
      return "output";
    case ExitCode::kNotUp:
      return "not_up";
    case ExitCode::kStale:
      return "stale";
    case ExitCode::kStatusFile:
      return "status_file";
  }
  return "unknown";
}

}  // namespace ovoc::tunnel
