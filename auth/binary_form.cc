// SPDX-License-Identifier: Apache-2.0
#include "auth/binary_form.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/match.h"

namespace ovoc::auth {
namespace {

constexpr char kSequence = 0x30;  // X.690 8.9.1

// ContentOf: of a SEQUENCE, as far as it is there (X.690 8.1.3); else empty.
absl::string_view ContentOf(absl::string_view bytes) {
  if (bytes.size() < 2 || bytes[0] != kSequence) {
    return "";
  }
  const auto length = static_cast<uint8_t>(bytes[1]);
  const size_t more = length < 0x80 ? 0 : length & 0x7f;
  // PKCS #12 files may have the indefinite length, 0x80.
  return more <= 4 && bytes.size() > 2 + more ? bytes.substr(2 + more) : "";
}

}  // namespace

BinaryForm BinaryFormOf(absl::string_view bytes) {
  const absl::string_view content = ContentOf(bytes);
  if (absl::StartsWith(content, absl::string_view("\x02\x01\x03", 3))) {
    return BinaryForm::kPkcs12;  // RFC 7292 4: version 3
  }
  if (absl::StartsWith(content, absl::string_view("\x02\x01\x00", 3)) ||
      absl::StartsWith(content, absl::string_view("\x02\x01\x01", 3))) {
    return BinaryForm::kKey;  // RFC 5958 2, RFC 8017 A.1.2, RFC 5915 3
  }
  // RFC 5280 4.1. It is longer than 127 bytes, so that the length is no ASCII.
  const bool is_long =
      bytes.size() > 1 && static_cast<uint8_t>(bytes[1]) > 0x80;
  return is_long && !content.empty() && content[0] == kSequence
             ? BinaryForm::kCertificate
             : BinaryForm::kNone;
}

absl::string_view HowToConvert(BinaryForm form) {
  switch (form) {
    case BinaryForm::kCertificate:
      return "the file is a certificate in DER; convert it with 'openssl x509 "
             "-inform DER -in FILE -out NEW'";
    case BinaryForm::kKey:
      return "the file is a private key in DER; convert it with 'openssl pkey "
             "-inform DER -in FILE -out NEW', and chmod 600 the result";
    case BinaryForm::kPkcs12:
      return "the file is PKCS #12; take its certificates out with 'openssl "
             "pkcs12 -nokeys -in FILE -out NEW', and its key with 'openssl "
             "pkcs12 -nocerts -nodes -in FILE -out NEW'";
    case BinaryForm::kNone:
      break;
  }
  return "";
}

}  // namespace ovoc::auth
