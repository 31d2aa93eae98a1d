// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/obfuscated_password.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace ovoc::tunnel {
namespace {

constexpr size_t kMinEncryptedBytes = 17;  // the vector and one character
constexpr size_t kMarkBytes = 3;           // $1$ and $2$

bool IsBase64Byte(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '+' ||
         c == '/';
}

// Whether `text` is base64 of at least `least` bytes.
bool IsBase64(absl::string_view text, size_t least) {
  if (text.empty() || text.size() % 4 != 0) {
    return false;
  }
  size_t bytes = text.size() / 4 * 3;
  for (int padding = 0; padding < 2 && absl::ConsumeSuffix(&text, "=");
       ++padding) {
    --bytes;
  }
  return bytes >= least && std::all_of(text.begin(), text.end(), IsBase64Byte);
}

bool IsOfCliScript(absl::string_view text) {
  if (absl::ConsumePrefix(&text, "password ")) {
    text = absl::StripLeadingAsciiWhitespace(text);
  }
  if (!absl::ConsumeSuffix(&text, "encrypted")) {
    return false;
  }
  const absl::string_view base64 = absl::StripTrailingAsciiWhitespace(text);
  return base64.size() < text.size() && IsBase64(base64, kMinEncryptedBytes);
}

}  // namespace

absl::string_view ObfuscatedForm(absl::string_view password) {
  if (IsOfCliScript(password)) {
    return "encrypted by a device for a CLI script (... encrypted)";
  }
  if (password.size() > kMarkBytes && absl::StartsWith(password, "$1$")) {
    return "obfuscated by a device ($1$...)";
  }
  if (password.size() > kMarkBytes && absl::StartsWith(password, "$2$")) {
    return "encrypted by a device ($2$...)";
  }
  return "";
}

}  // namespace ovoc::tunnel
