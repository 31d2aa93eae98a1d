// SPDX-License-Identifier: Apache-2.0
#include "auth/websocket_key.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "openssl/base64.h"
#include "openssl/sha.h"

namespace ovoc::auth {
namespace {

// RFC 6455 1.3: the same for every WebSocket server there is.
constexpr absl::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

std::string Base64(absl::Span<const uint8_t> bytes) {
  // EVP_EncodeBlock adds a NUL, for which the string is made one longer.
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  text.resize(EVP_EncodeBlock(reinterpret_cast<uint8_t*>(text.data()),
                              bytes.data(), bytes.size()));
  return text;
}

bool IsBase64Char(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '+' ||
         c == '/';
}

}  // namespace

WebSocketKey WebSocketKey::FromRandom(
    const std::array<uint8_t, kWebSocketNonceBytes>& nonce) {
  // RFC 6455 4.1 MUST: the key is a random 16-byte nonce in base64
  return WebSocketKey(Base64(nonce));
}

absl::StatusOr<WebSocketKey> WebSocketKey::FromText(absl::string_view text) {
  if (text.empty() || text.size() > kMaxWebSocketKeyChars) {
    return absl::InvalidArgumentError(absl::StrCat(
        "Sec-WebSocket-Key: 1 to ", kMaxWebSocketKeyChars,
        " characters are allowed (RFC 6455 4.1: 24), found ", text.size()));
  }
  absl::string_view digits = text;
  absl::ConsumeSuffix(&digits, "=");
  absl::ConsumeSuffix(&digits, "=");
  if (digits.empty() ||
      !std::all_of(digits.begin(), digits.end(), IsBase64Char)) {
    return absl::InvalidArgumentError(
        "Sec-WebSocket-Key: only characters of the base64 alphabet and at "
        "most two '=' at the end are allowed (RFC 6455 4.1)");
  }
  return WebSocketKey(text);
}

std::string WebSocketKey::ExpectedAccept() const {
  const std::string input = absl::StrCat(text_, kGuid);
  std::array<uint8_t, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const uint8_t*>(input.data()), input.size(),
       digest.data());
  return Base64(digest);
}

}  // namespace ovoc::auth
