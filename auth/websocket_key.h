// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_WEBSOCKET_KEY_H_
#define OVOC_AUTH_WEBSOCKET_KEY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ovoc::auth {

inline constexpr size_t kWebSocketNonceBytes = 16;  // RFC 6455 4.1
// kMaxWebSocketKeyChars: of a key given as text. AudioCodes' own client sends
// 16 characters, the RFC says 24.
inline constexpr size_t kMaxWebSocketKeyChars = 64;

// WebSocketKey: the Sec-WebSocket-Key of one connection and the answer that
// proves the server read it (RFC 6455 1.3, 4.1). It is no secret: it crosses
// the wire in the open and guards against caches and mistakes, not attackers.
class WebSocketKey {
 public:
  // FromRandom: the key of a nonce fresh from a CSPRNG; one nonce is used for
  // one connection.
  static WebSocketKey FromRandom(
      const std::array<uint8_t, kWebSocketNonceBytes>& nonce);

  // FromText: a key as it stood in a recorded request: 1 to
  // kMaxWebSocketKeyChars characters of the base64 alphabet, then at most two
  // '='. InvalidArgument otherwise. Not for new connections.
  [[nodiscard]] static absl::StatusOr<WebSocketKey> FromText(
      absl::string_view text);

  // text: the header's value.
  absl::string_view text() const { return text_; }

  // ExpectedAccept: base64(SHA-1(text + GUID)), 28 characters.
  std::string ExpectedAccept() const;

 private:
  explicit WebSocketKey(absl::string_view text) : text_(text) {}

  std::string text_;
};

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_WEBSOCKET_KEY_H_
