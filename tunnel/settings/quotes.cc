// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/quotes.h"

#include "absl/strings/match.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kTypographic[] = {
    "\u2018", "\u2019", "\u201a", "\u201b", "\u201c", "\u201d", "\u201e",
    "\u201f", "\u00ab", "\u00bb", "\u2039", "\u203a", "\u00b4", "\u2032",
    "\u2033", "\uff07", "\uff02", "\u02bc", "\u2034", "\u2035", "\u2036",
    "\u2037", "\u275b", "\u275c", "\u275d", "\u275e", "\u2e42", "\u300c",
    "\u300d", "\u300e", "\u300f", "\u301d", "\u301e", "\u301f", "\ufe41",
    "\ufe42", "\ufe43", "\ufe44", "\uff62", "\uff63",
};

// Windows-1252: those of the list above that it has. As every byte from 0x80 to
// 0xbf, none begins a character of UTF-8 (RFC 3629 3).
constexpr absl::string_view kWindows1252 =
    "\x91\x92\x82\x93\x94\x84\xab\xbb\x8b\x9b\xb4";

absl::string_view PlainQuote(char c) {
  switch (c) {
    case '"':
      return "double quotes (\")";
    case '`':
      return "backquotes (`)";
    case '\'':
      return "a single quote (') at one end only";
    default:
      return "";
  }
}

// The last byte alone, where it continues no character of UTF-8: in front of it
// stands ASCII or nothing.
bool EndsWithLoneByte(absl::string_view value) {
  return value.size() == 1 ||
         static_cast<unsigned char>(value[value.size() - 2]) < 0x80;
}

}  // namespace

absl::string_view ForeignQuote(absl::string_view value) {
  for (const char end : {value.front(), value.back()}) {
    if (const absl::string_view plain = PlainQuote(end); !plain.empty()) {
      return plain;
    }
  }
  for (const absl::string_view quote : kTypographic) {
    if (absl::StartsWith(value, quote) || absl::EndsWith(value, quote)) {
      return "typographic quotes";
    }
  }
  const bool lone = absl::StrContains(kWindows1252, value.front()) ||
                    (EndsWithLoneByte(value) &&
                     absl::StrContains(kWindows1252, value.back()));
  return lone ? "typographic quotes (of Windows-1252)" : "";
}

}  // namespace ovoc::tunnel
