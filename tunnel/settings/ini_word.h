// SPDX-License-Identifier: Apache-2.0
//
// The name at the front of a line of an ini file.

#ifndef OVOC_TUNNEL_SETTINGS_INI_WORD_H_
#define OVOC_TUNNEL_SETTINGS_INI_WORD_H_

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// IsIniBlank: space and tab.
bool IsIniBlank(char c);

// IsIniNameByte: letters, digits and '_'.
bool IsIniNameByte(char c);

// StripIniBlanks takes the blanks off both ends.
absl::string_view StripIniBlanks(absl::string_view text);

// FirstWord is what a line has in front that may be a name; empty for none.
absl::string_view FirstWord(absl::string_view line);

// IsParameter is true when `word`, the line's first, has only blanks between it
// and an '='.
bool IsParameter(absl::string_view line, absl::string_view word);

// HiddenWord is the first word of a line that begins with something else, such
// as a byte-order mark, a no-break space or a quote, and has an '=' behind the
// word. Both are empty for another line, and where that something has a ';'.
struct HiddenWord {
  absl::string_view front;  // what stands in front of the word
  absl::string_view word;
};
HiddenWord FindHiddenWord(absl::string_view line);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_INI_WORD_H_
