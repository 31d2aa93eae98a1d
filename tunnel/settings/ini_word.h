// SPDX-License-Identifier: Apache-2.0
//
// The name at the front of a line of an ini file, blanks and comments.

#ifndef OVOC_TUNNEL_SETTINGS_INI_WORD_H_
#define OVOC_TUNNEL_SETTINGS_INI_WORD_H_

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// IsIniBlank is true for a space or a tab.
bool IsIniBlank(char c);

// IsIniNameByte is true for a letter, a digit or '_'.
bool IsIniNameByte(char c);

// StripIniBlanks removes the blanks from both ends.
absl::string_view StripIniBlanks(absl::string_view text);

// HasNoBreakSpaceAtAnEnd is true when a text begins or ends with U+00A0, which
// looks like a blank and is none.
bool HasNoBreakSpaceAtAnEnd(absl::string_view text);

// IsBlankOrIniComment is true when nothing but a comment with ; is in `text`.
bool IsBlankOrIniComment(absl::string_view text);

// WithoutIniComment cuts a comment off, which a blank must precede: a ';'
// inside a word belongs to the value.
absl::string_view WithoutIniComment(absl::string_view text);

// FirstWord is the longest beginning of a line that can be a name. It may be
// empty.
absl::string_view FirstWord(absl::string_view line);

// IsParameter is true when only blanks are between `word`, the first word of
// the line, and an '='.
bool IsParameter(absl::string_view line, absl::string_view word);

// HasIniValue is true when something else than a further '=' is behind that
// '='. Base64, of which a key may be, ends with one or two of them.
bool HasIniValue(absl::string_view line, absl::string_view word);

// HiddenWord is the first word of a line that begins with something else, such
// as a byte-order mark, a no-break space or a quote. An '=' follows the word.
// Both members are empty for other lines, and when a ';' precedes the word.
struct HiddenWord {
  absl::string_view front;  // what stands in front of the word
  absl::string_view word;
};
HiddenWord FindHiddenWord(absl::string_view line);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_INI_WORD_H_
