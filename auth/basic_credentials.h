// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_BASIC_CREDENTIALS_H_
#define OVOC_AUTH_BASIC_CREDENTIALS_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "auth/secret.h"

namespace ovoc::auth {

// kMaxCredentialBytes: of the user name and of the password, each. Keeps the
// request well under the 8 KiB line limit of common proxies; ours, not the
// RFC's.
inline constexpr size_t kMaxCredentialBytes = 255;

// BasicCredentials: a user name and a password fit for HTTP Basic
// authentication (RFC 7617). An object that exists is valid. The password
// cannot be read back; it leaves only inside AuthorizationValue(). Bytes from
// 0x80 up are passed on as they are (RFC 7617 2.1: the server says nothing
// about its charset here). Empty names and passwords are allowed, as in the
// RFC.
class BasicCredentials {
 public:
  // Create: InvalidArgument naming the rule when either is longer than
  // kMaxCredentialBytes or holds a control character, or the user name a
  // colon. The message never holds a byte of either.
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
