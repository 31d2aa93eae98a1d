// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_BINARY_FORM_H_
#define OVOC_AUTH_BINARY_FORM_H_

#include "absl/strings/string_view.h"

namespace ovoc::auth {

// BinaryForm: what a file is that was given where PEM is needed.
enum class BinaryForm {
  kNone,         // none of these
  kCertificate,  // a certificate in DER
  kKey,          // a private key in DER: PKCS #8, PKCS #1 or RFC 5915
  kPkcs12,       // certificates and a key, with a password
};

// BinaryFormOf: told by the first bytes alone, so that the answer is a guess
// for a message. It reads nothing else.
BinaryForm BinaryFormOf(absl::string_view bytes);

// HowToConvert: the sentence for people, with the command that makes PEM of
// such a file: "the file is a certificate in DER; convert it with 'openssl x509
// ...'". Empty for kNone.
absl::string_view HowToConvert(BinaryForm form);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_BINARY_FORM_H_
