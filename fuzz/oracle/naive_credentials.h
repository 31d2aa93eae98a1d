// SPDX-License-Identifier: Apache-2.0
//
// The rules of RFC 7617 and its encoding, plainly.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_CREDENTIALS_H_
#define OVOC_FUZZ_ORACLE_NAIVE_CREDENTIALS_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace ovoc::fuzz {

// MayBeCredentials: neither longer than 255 bytes nor with a control character
// in it, and no colon in the user name.
bool MayBeCredentials(absl::string_view user, absl::string_view password);

// NaiveBasic is what stands encoded in "Basic dXNlcjpwdw=="; nullopt when that
// is not exactly the scheme, a space and padded base64 (RFC 4648 4).
std::optional<std::string> NaiveBasic(absl::string_view value);

// Hidden is `text` with every byte replaced that breaks no rule: letters,
// digits, and what is not ASCII become x. If an error text differs between the
// two, it has shown some of the text.
std::string Hidden(absl::string_view text);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_CREDENTIALS_H_
