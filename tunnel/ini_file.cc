// SPDX-License-Identifier: Apache-2.0

#include "tunnel/ini_file.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "tunnel/setting_error.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr absl::string_view kAllowedLine =
    "Name = value, Name = 'value', [section] or a ; comment";
constexpr absl::string_view kAllowedQuoted =
    "a closing ' with nothing but blanks or a ; comment behind it";

// Place says where an error is, for messages.
struct Place {
  absl::string_view file;
  int line;
};

absl::Status ErrorAt(const Place& place, absl::string_view name,
                     absl::string_view found, absl::string_view allowed) {
  return SettingStatus({.file = place.file,
                        .line = place.line,
                        .name = name,
                        .found = found,
                        .allowed = allowed,
                        .meant = ""});
}

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

bool IsControl(char c) {
  return (c >= 0 && c < 0x20 && c != '\t') || c == 0x7f;
}

bool IsNameByte(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_';
}

absl::string_view StripBlanks(absl::string_view text) {
  while (!text.empty() && IsBlank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && IsBlank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

bool IsBlankOrComment(absl::string_view text) {
  const absl::string_view rest = StripBlanks(text);
  return rest.empty() || rest.front() == ';';
}

// TakeLine removes one line with its end from text; CR belongs to the end.
absl::string_view TakeLine(absl::string_view* text) {
  const size_t end = text->find('\n');
  absl::string_view line = text->substr(0, end);
  text->remove_prefix(end == absl::string_view::npos ? text->size() : end + 1);
  absl::ConsumeSuffix(&line, "\r");
  return line;
}

absl::Status CheckBytes(absl::string_view line, const Place& place) {
  if (line.size() > kMaxIniLineBytes) {
    return ErrorAt(place, "", absl::StrCat("a line of ", line.size(), " bytes"),
                   absl::StrCat("at most ", kMaxIniLineBytes));
  }
  const auto control = std::find_if(line.begin(), line.end(), IsControl);
  if (control != line.end()) {
    return ErrorAt(place, "", absl::StrFormat("control byte 0x%02x", *control),
                   "no control bytes but tab and line ends");
  }
  return absl::OkStatus();
}

absl::Status CheckName(absl::string_view name, const Place& place) {
  // What stands here is not shown: after a slip of the hand it may be the
  // password.
  if (name.empty() || !std::all_of(name.begin(), name.end(), IsNameByte)) {
    return ErrorAt(place, "", "something else than a name before the '='",
                   kAllowedLine);
  }
  if (name.size() > kMaxIniNameBytes) {
    return ErrorAt(place, "", absl::StrCat("a name of ", name.size(), " bytes"),
                   absl::StrCat("at most ", kMaxIniNameBytes));
  }
  return absl::OkStatus();
}

// Unquoted cuts a comment off, which white space must precede: a ';' inside a
// word belongs to the value.
absl::string_view Unquoted(absl::string_view text) {
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == ';' && IsBlank(text[i - 1])) {
      text = text.substr(0, i);
      break;
    }
  }
  return StripBlanks(text);
}

// ParseValue takes all that follows the '='.
absl::StatusOr<absl::string_view> ParseValue(absl::string_view text,
                                             absl::string_view name,
                                             const Place& place) {
  absl::string_view quoted = StripBlanks(text);
  if (!absl::ConsumePrefix(&quoted, "'")) {
    return Unquoted(text);
  }
  const size_t end = quoted.find('\'');
  if (end == absl::string_view::npos) {
    return ErrorAt(place, name, "a quote that does not close", kAllowedQuoted);
  }
  if (!IsBlankOrComment(quoted.substr(end + 1))) {
    return ErrorAt(place, name, "text behind the closing quote",
                   kAllowedQuoted);
  }
  return quoted.substr(0, end);
}

absl::Status CheckSection(absl::string_view line, const Place& place) {
  const size_t end = line.find(']');
  if (end == absl::string_view::npos) {
    return ErrorAt(place, "", "a '[' without ']'", kAllowedLine);
  }
  if (!IsBlankOrComment(line.substr(end + 1))) {
    return ErrorAt(place, "", "text behind the ']'", kAllowedLine);
  }
  return absl::OkStatus();
}

// ParseLine is nullopt for a line that sets nothing.
absl::StatusOr<std::optional<IniLine>> ParseLine(absl::string_view raw,
                                                 const Place& place) {
  if (const absl::Status status = CheckBytes(raw, place); !status.ok()) {
    return status;
  }
  const absl::string_view line = StripBlanks(raw);
  if (IsBlankOrComment(line)) {
    return std::nullopt;
  }
  if (line.front() == '[') {
    if (const absl::Status status = CheckSection(line, place); !status.ok()) {
      return status;
    }
    return std::nullopt;
  }
  const size_t equals = line.find('=');
  if (equals == absl::string_view::npos) {
    return ErrorAt(place, "", "a line without '='", kAllowedLine);
  }
  const absl::string_view name = StripBlanks(line.substr(0, equals));
  if (const absl::Status status = CheckName(name, place); !status.ok()) {
    return status;
  }
  const absl::StatusOr<absl::string_view> value =
      ParseValue(line.substr(equals + 1), name, place);
  if (!value.ok()) {
    return value.status();
  }
  return IniLine{.line = place.line, .name = name, .value = *value};
}

}  // namespace

absl::StatusOr<std::vector<IniLine>> ParseIni(absl::string_view text,
                                              absl::string_view file_name) {
  if (text.size() > kMaxIniFileBytes) {
    return ErrorAt({file_name, 0}, "", absl::StrCat(text.size(), " bytes"),
                   absl::StrCat("at most ", kMaxIniFileBytes));
  }
  absl::ConsumePrefix(&text, kByteOrderMark);
  std::vector<IniLine> lines;
  for (int number = 1; !text.empty(); ++number) {
    absl::StatusOr<std::optional<IniLine>> line =
        ParseLine(TakeLine(&text), {file_name, number});
    if (!line.ok()) {
      return line.status();
    }
    if (line->has_value()) {
      lines.push_back(**line);
    }
  }
  return lines;
}

}  // namespace ovoc::tunnel
