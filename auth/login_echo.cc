// SPDX-License-Identifier: Apache-2.0
#include "auth/login_echo.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "openssl/base64.h"

namespace ovoc::auth {
namespace {

absl::string_view Text(const Secret& secret) {
  return secret.Reveal(InsecureSecretAccess::Get());
}

// Base64Of: the value without its scheme; empty for null.
absl::string_view Base64Of(const Secret* authorization) {
  if (authorization == nullptr) {
    return "";
  }
  absl::string_view value = Text(*authorization);
  (void)absl::ConsumePrefix(&value, "Basic ");
  return value;
}

// TokenOf: without the padding, which a server may leave out.
Secret TokenOf(const Secret* authorization) {
  absl::string_view token = Base64Of(authorization);
  while (absl::ConsumeSuffix(&token, "=")) {
  }
  return Secret::FromString(token);
}

// Decoded: empty if `base64` is none.
Secret Decoded(absl::string_view base64) {
  return Secret::FromFill(base64.size(), [base64](absl::Span<char> out) {
    size_t size = 0;
    const int decoded = EVP_DecodeBase64(
        reinterpret_cast<uint8_t*>(out.data()), &size, out.size(),
        reinterpret_cast<const uint8_t*>(base64.data()), base64.size());
    return decoded == 1 ? size : 0;
  });
}

// RFC 7617 2: the first colon ends the user name.
Secret PasswordOf(const Secret* authorization) {
  const Secret joined = Decoded(Base64Of(authorization));
  const absl::string_view text = Text(joined);
  const size_t colon = text.find(':');
  return Secret::FromString(
      colon == absl::string_view::npos ? "" : text.substr(colon + 1));
}

}  // namespace

LoginEcho::LoginEcho(const Secret* authorization)
    : token_(TokenOf(authorization)), password_(PasswordOf(authorization)) {}

void LoginEcho::Add(absl::Span<const uint8_t> bytes) {
  recent_.append(bytes.begin(), bytes.end());
  found_ = found_ || RecentHas(token_) || RecentHas(password_);
  // What the next bytes may complete.
  const size_t kept = std::max(token_.size(), password_.size());
  recent_.erase(0, recent_.size() - std::min(recent_.size(), kept));
}

// Each character has one byte that is no continuation (RFC 3629 3).
size_t LoginEcho::PasswordCharacters() const {
  const absl::string_view text = Text(password_);
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(),
      [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

void LoginEcho::Forget() {
  token_ = Secret::FromString("");
  password_ = Secret::FromString("");
  recent_.clear();
}

bool LoginEcho::RecentHas(const Secret& secret) const {
  return !secret.empty() && absl::StrContains(recent_, Text(secret));
}

}  // namespace ovoc::auth
