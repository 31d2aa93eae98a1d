// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_LOGIN_ECHO_H_
#define OVOC_AUTH_LOGIN_ECHO_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/types/span.h"
#include "auth/secret.h"

namespace ovoc::auth {

// LoginEcho: whether what a server sends repeats our login, as debugging pages
// and proxies do. Such text must not reach a message. It looks for the password
// and for the base64 of user:password without its padding, byte for byte and
// wherever the bytes are cut. It does not know other forms, such as a password
// with percent-encoding.
class LoginEcho {
 public:
  // Copies what it needs of `authorization`, which is the value of
  // BasicCredentials::AuthorizationValue. If it is null, nothing is found.
  explicit LoginEcho(const Secret* authorization);

  // Add: the next bytes of the server.
  void Add(absl::Span<const uint8_t> bytes);

  // found: whether one of the two was in the bytes so far.
  bool found() const { return found_; }

  // PasswordCharacters: how many characters the password has (UTF-8). It is 0
  // without one, and after Forget.
  size_t PasswordCharacters() const;

  // Forget: wipes the credentials. found() stays as it is from now on.
  void Forget();

 private:
  bool RecentHas(const Secret& secret) const;

  Secret token_;     // empty: not looked for
  Secret password_;  // the same
  std::string recent_;
  bool found_ = false;
};

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_LOGIN_ECHO_H_
