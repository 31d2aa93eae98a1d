// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_CERTIFICATE_FACTS_H_
#define OVOC_AUTH_CERTIFICATE_FACTS_H_

#include <openssl/base.h>
#include <openssl/bytestring.h>
#include <openssl/x509.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "auth/extension_facts.h"
#include "auth/verification_time.h"

namespace ovoc::auth {

// CertificateFacts: what verification needs to know of one certificate, read
// once. We read it from the DER ourselves, so that neither the answers nor
// their cost depend on BoringSSL's version. BoringSSL reads keys and verifies
// signatures. Move-only; the views stay valid when it is moved.
struct CertificateFacts {
  bssl::UniquePtr<X509> certificate;
  std::vector<uint8_t> der;
  bool is_readable = false;  // else nothing below is set
  int version = 1;           // as people count them: 3 is X.509 v3
  CBS serial{};              // the INTEGER's bytes
  CBS issuer{};              // a Name in DER
  CBS subject{};
  std::string canonical_issuer;  // see CanonicalName
  std::string canonical_subject;
  Validity validity;
  ExtensionFacts extensions;
  bool is_self_issued = false;  // its issuer has its name (RFC 5280 3.2)
  bool is_self_signed = false;  // and it says that its key has signed it
  // key: null if BoringSSL cannot read it. signature_work: the work of
  // verifying one signature with it, in units of VerificationBudget, without
  // hashing the signed bytes.
  bssl::UniquePtr<EVP_PKEY> key;
  uint64_t signature_work = 0;
  std::optional<std::string> weak_key;        // see FindWeakKey
  std::optional<std::string> weak_signature;  // see FindWeakSignature
};

// Chain: leaf first; each is borrowed.
using Chain = absl::Span<const CertificateFacts* const>;

// ReadFacts: reads a certificate that BoringSSL has parsed. It takes time in
// proportion to the bytes (see ReadWork), plus SignatureWork for a point on the
// curve. It may leave entries in BoringSSL's error queue.
CertificateFacts ReadFacts(X509& certificate);

// MayHaveIssued: whether `issuer` may be the issuer of `subject`, judging by
// their contents: the names, the key identifiers if both have one, the issuer's
// own issuer and serial number if `subject` names them (RFC 5280 4.2.1.1), and
// keyUsage keyCertSign. It does not verify the signature.
bool MayHaveIssued(const CertificateFacts& issuer,
                   const CertificateFacts& subject);

// HashWork: the work of hashing `bytes` signed bytes, with the slowest hash.
constexpr uint64_t HashWork(size_t bytes) { return 8 * bytes; }

// RsaWork: the work of verifying a signature with an RSA key that has these
// numbers of bits in modulus and exponent. Each bit of the exponent may take
// two multiplications of numbers of the modulus's size.
constexpr uint64_t RsaWork(uint64_t modulus_bits, uint64_t exponent_bits) {
  const uint64_t words = modulus_bits / 64 + 1;
  return 20'000 + words * words * (2 * exponent_bits + 16);
}

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CERTIFICATE_FACTS_H_
