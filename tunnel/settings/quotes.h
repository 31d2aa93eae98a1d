// SPDX-License-Identifier: Apache-2.0
//
// Quotes other than those of an ini file.

#ifndef OVOC_TUNNEL_SETTINGS_QUOTES_H_
#define OVOC_TUNNEL_SETTINGS_QUOTES_H_

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// ForeignQuote names the quote with which `value` begins or ends ("typographic
// quotes"). It is empty when there is none. `value` must not be empty. Quotes
// inside the value do not count. ForeignQuote knows ", ' and `, and what word
// processors make of them:
// - in UTF-8: U+2018 to U+201F, U+00AB, U+00BB, U+2039, U+203A, U+00B4, U+02BC,
//   U+2E42, primes, ornaments, the brackets of Chinese and Japanese, and the
//   wide forms
// - in Windows-1252: the bytes of those, if they are not in a UTF-8 character
absl::string_view ForeignQuote(absl::string_view value);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_QUOTES_H_
