// SPDX-License-Identifier: Apache-2.0
//
// The token of HTTP, such as a field's name or a subprotocol (RFC 9110 5.6.2).

#ifndef OVOC_AUTH_HTTP_TOKEN_H_
#define OVOC_AUTH_HTTP_TOKEN_H_

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace ovoc::auth {

// IsTokenChar: whether `c` may be in a token: tchar of RFC 9110 5.6.2.
inline bool IsTokenChar(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         absl::StrContains("!#$%&'*+-.^_`|~", c);
}

// IsToken: whether `text` is a token. The empty text is not.
inline bool IsToken(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsTokenChar);
}

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_HTTP_TOKEN_H_
