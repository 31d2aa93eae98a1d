// SPDX-License-Identifier: Apache-2.0
//
// Quotes that are not those of an ini file.

#ifndef OVOC_TUNNEL_SETTINGS_QUOTES_H_
#define OVOC_TUNNEL_SETTINGS_QUOTES_H_

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// ForeignQuote is what to call the quote that `value`, which is not empty,
// begins or ends with ("typographic quotes"); empty when it does neither. It
// knows ", ' and `, and what word processors make of them: U+2018 to U+201F,
// U+00AB, U+00BB, U+2039, U+203A, U+00B4, U+02BC, U+2E42, primes, ornaments,
// the brackets of Chinese and Japanese and the wide forms, in UTF-8, and the
// bytes of Windows-1252 where they are no part of a UTF-8 character.
// Between other characters a quote is one like any other.
absl::string_view ForeignQuote(absl::string_view value);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_QUOTES_H_
