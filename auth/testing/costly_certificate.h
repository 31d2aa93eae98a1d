// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_TESTING_COSTLY_CERTIFICATE_H_
#define OVOC_AUTH_TESTING_COSTLY_CERTIFICATE_H_

#include <openssl/base.h>
#include <openssl/bn.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace ovoc::auth {

// For tests and benchmarks: makes certificates byte by byte, because no library
// is willing to write these.

// Tlv: one element of DER, of less than 16 MiB.
std::string Tlv(int tag, absl::string_view value);

std::string Repeat(size_t count, absl::string_view text);

// Attribute: { 2.5.4.NUMBER, UTF8String }; the default is the common name.
std::string Attribute(absl::string_view text, char number = 3);

// CommonName: a Name of one attribute.
std::string CommonName(absl::string_view text);

// Extension: 2.5.29.NUMBER, not critical.
std::string Extension(int number, absl::string_view value);

// P256Key: the key whose private part is `number`.
bssl::UniquePtr<EVP_PKEY> P256Key(BN_ULONG number);

// PublicKey: in DER. RsaPublicKey: has a modulus whose factors nobody knows, a
// different one for each `mark`, and the largest exponent that BoringSSL
// accepts.
std::string PublicKey(EVP_PKEY* key);
std::string RsaPublicKey(size_t bits, absl::string_view mark);

// CertificateParts: all but `signature` in DER.
struct CertificateParts {
  std::string subject;
  std::string issuer;
  std::string extensions;
  std::string key;             // SubjectPublicKeyInfo
  EVP_PKEY* signer = nullptr;  // of ECDSA with SHA-256; null: see `signature`
  std::string signature = std::string(64, 'x');
  bool is_rsa = false;  // it says that the signature is RSA with SHA-256
};

// MakeCertificate: X.509 v3, valid 2020 to 2120.
std::vector<uint8_t> MakeCertificate(const CertificateParts& parts);

// PemOf: `der` as a block of PEM.
std::string PemOf(const std::vector<uint8_t>& der);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_TESTING_COSTLY_CERTIFICATE_H_
