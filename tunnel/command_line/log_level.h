// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_COMMAND_LINE_LOG_LEVEL_H_
#define OVOC_TUNNEL_COMMAND_LINE_LOG_LEVEL_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// LogLevel is the severity of a log line, the lowest first.
enum class LogLevel : uint8_t { kDebug, kInfo, kWarning, kError };

absl::string_view LogLevelName(LogLevel level);  // "debug", "info", ...
std::optional<LogLevel> ParseLogLevel(absl::string_view text);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_COMMAND_LINE_LOG_LEVEL_H_
