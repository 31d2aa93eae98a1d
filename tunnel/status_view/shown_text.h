// SPDX-License-Identifier: Apache-2.0
//
// Keeps what a text contains from steering the terminal that shows it.

#ifndef OVOC_TUNNEL_STATUS_VIEW_SHOWN_TEXT_H_
#define OVOC_TUNNEL_STATUS_VIEW_SHOWN_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// Characters that steer a terminal: the control characters (U+0000..U+001F,
// U+007F..U+009F), the separators of lines and paragraphs (U+2028, U+2029), and
// what changes the direction of writing (U+061C, U+200E, U+200F,
// U+202A..U+202E, U+2066..U+2069), which can make a text look like another.

// ShownText returns a text in UTF-8 with each of them as "\u" and four
// hexadecimal digits, and each backslash doubled, so that nothing is mistaken
// for it. Each byte of what is not UTF-8 becomes "\u" and its number too.
std::string ShownText(absl::string_view text);

// ShownJson returns a JSON text that ReadJson has accepted, with each of them
// that is in a string escaped (RFC 8259 7). So it is the same JSON value.
// Blanks between values stay as they are.
std::string ShownJson(absl::string_view json);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_STATUS_VIEW_SHOWN_TEXT_H_
