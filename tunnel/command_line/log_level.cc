// SPDX-License-Identifier: Apache-2.0

#include "tunnel/command_line/log_level.h"

namespace ovoc::tunnel {
namespace {

constexpr LogLevel kLevels[] = {LogLevel::kDebug, LogLevel::kInfo,
                                LogLevel::kWarning, LogLevel::kError};

}  // namespace

absl::string_view LogLevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "unknown";
}

std::optional<LogLevel> ParseLogLevel(absl::string_view text) {
  for (const LogLevel level : kLevels) {
    if (text == LogLevelName(level)) {
      return level;
    }
  }
  return std::nullopt;
}

}  // namespace ovoc::tunnel
