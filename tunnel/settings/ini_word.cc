// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/ini_word.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace ovoc::tunnel {

bool IsIniBlank(char c) { return c == ' ' || c == '\t'; }

bool IsIniNameByte(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_';
}

absl::string_view StripIniBlanks(absl::string_view text) {
  while (!text.empty() && IsIniBlank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && IsIniBlank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

bool HasNoBreakSpaceAtAnEnd(absl::string_view text) {
  constexpr absl::string_view kNoBreakSpace = "\u00a0";
  return absl::StartsWith(text, kNoBreakSpace) ||
         absl::EndsWith(text, kNoBreakSpace);
}

bool IsBlankOrIniComment(absl::string_view text) {
  const absl::string_view rest = StripIniBlanks(text);
  return rest.empty() || rest.front() == ';';
}

absl::string_view WithoutIniComment(absl::string_view text) {
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == ';' && IsIniBlank(text[i - 1])) {
      return text.substr(0, i);
    }
  }
  return text;
}

absl::string_view FirstWord(absl::string_view line) {
  const auto end = std::find_if_not(line.begin(), line.end(), IsIniNameByte);
  return line.substr(0, static_cast<size_t>(end - line.begin()));
}

bool IsParameter(absl::string_view line, absl::string_view word) {
  const absl::string_view rest = StripIniBlanks(line.substr(word.size()));
  return !word.empty() && absl::StartsWith(rest, "=");
}

bool HasIniValue(absl::string_view line, absl::string_view word) {
  absl::string_view rest = StripIniBlanks(line.substr(word.size()));
  return absl::ConsumePrefix(&rest, "=") && !StripIniBlanks(rest).empty() &&
         StripIniBlanks(rest).front() != '=';
}

HiddenWord FindHiddenWord(absl::string_view line) {
  const auto begin = std::find_if(line.begin(), line.end(), IsIniNameByte);
  HiddenWord hidden;
  hidden.front = line.substr(0, static_cast<size_t>(begin - line.begin()));
  const absl::string_view rest = line.substr(hidden.front.size());
  hidden.word = FirstWord(rest);
  const bool found = !StripIniBlanks(hidden.front).empty() &&
                     !absl::StrContains(hidden.front, ';') &&
                     absl::StrContains(rest.substr(hidden.word.size()), '=');
  return found ? hidden : HiddenWord();
}

}  // namespace ovoc::tunnel
