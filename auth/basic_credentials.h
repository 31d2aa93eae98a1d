// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_BASIC_CREDENTIALS_H_
#define OVOC_AUTH_BASIC_CREDENTIALS_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "auth/secret.h"

namespace ovoc::auth {

// kMaxCredentialBytes: the limit for the user name and for the password, each.
// It is our own limit, not the RFC's. It keeps the request well under the 8 KiB
// line limit of common proxies.
inline constexpr size_t kMaxCredentialBytes = 255;

// BasicCredentials: a user name and a password that HTTP Basic authentication
// (RFC 7617) can carry. An object that exists is valid. The password cannot be
// read back; it leaves only inside AuthorizationValue(). Bytes from 0x80 up are
// passed on unchanged (RFC 7617 2.1: the server does not tell us its charset).
// Empty names and passwords are allowed, as in the RFC.
class BasicCredentials {
 public:
  // Create: returns InvalidArgument, which names the rule, if either text is
  // longer than kMaxCredentialBytes or has a control character, or if the user
  // name has a colon. The message never contains a byte of either.
  [[nodiscard]] static absl::StatusOr<BasicCredentials> Create(
      absl::string_view user, Secret password);

  const std::string& user() const { return user_; }

  // AuthorizationValue: "Basic " and the base64 of user:password.
  Secret AuthorizationValue() const;

 private:
  BasicCredentials(absl::string_view user, Secret password);

  std::string user_;
  Secret password_;
};

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_BASIC_CREDENTIALS_H_
