// SPDX-License-Identifier: Apache-2.0
#include "auth/basic_credentials.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "openssl/base64.h"

namespace ovoc::auth {
namespace {

constexpr absl::string_view kScheme = "Basic ";

// IsControl: CTL of RFC 5234 B.1.
bool IsControl(char c) {
  const uint8_t byte = static_cast<uint8_t>(c);
  return byte < 0x20 || byte == 0x7F;
}

// CheckPart: `what` is "user name" or "password"; `text` is never shown.
absl::Status CheckPart(absl::string_view what, absl::string_view text) {
  if (text.size() > kMaxCredentialBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, ": at most ", kMaxCredentialBytes,
                     " bytes are allowed, found ", text.size()));
  }
  // RFC 7617 2 MUST NOT: control characters in user-id or password
  if (std::any_of(text.begin(), text.end(), IsControl)) {
    return absl::InvalidArgumentError(absl::StrCat(
        what, ": has a control character, which is not allowed (RFC 7617 2)"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<BasicCredentials> BasicCredentials::Create(
    absl::string_view user, Secret password) {
  if (absl::Status status = CheckPart("user name", user); !status.ok()) {
    return status;
  }
  // RFC 7617 2 MUST NOT: a colon in the user-id (the first one ends it, the
  // rest would become a part of the password on the other side)
  if (user.find(':') != absl::string_view::npos) {
    return absl::InvalidArgumentError(
        "user name: has a colon, which is not allowed (RFC 7617 2)");
  }
  if (absl::Status status =
          CheckPart("password", password.Reveal(InsecureSecretAccess::Get()));
      !status.ok()) {
    return status;
  }
  return BasicCredentials(user, std::move(password));
}

BasicCredentials::BasicCredentials(absl::string_view user, Secret password)
    : user_(user), password_(std::move(password)) {}

// RFC 7617 2 MUST: user-id, colon and password, in base64, are the credentials
Secret BasicCredentials::AuthorizationValue() const {
  const Secret joined = Secret::Concat(
      {user_, ":", password_.Reveal(InsecureSecretAccess::Get())});
  const absl::string_view plain = joined.Reveal(InsecureSecretAccess::Get());
  // Four characters per started group of three bytes, and the NUL that
  // EVP_EncodeBlock adds.
  const size_t encoded_size = (plain.size() + 2) / 3 * 4 + 1;
  return Secret::FromFill(
      kScheme.size() + encoded_size, [plain](absl::Span<char> out) {
        std::memcpy(out.data(), kScheme.data(), kScheme.size());
        return kScheme.size() +
               EVP_EncodeBlock(
                   reinterpret_cast<uint8_t*>(out.data() + kScheme.size()),
                   reinterpret_cast<const uint8_t*>(plain.data()),
                   plain.size());
      });
}

}  // namespace ovoc::auth
