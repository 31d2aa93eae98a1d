// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_CERTIFICATE_STRENGTH_H_
#define OVOC_AUTH_CERTIFICATE_STRENGTH_H_

#include <openssl/base.h>

#include <optional>
#include <string>

namespace ovoc::auth {

// kMinRsaBits: shorter moduli have less than 112 bits of security. NIST SP
// 800-52 rev. 2, 3.2.1, requires at least that for the keys and signatures in
// certificates.
inline constexpr int kMinRsaBits = 2048;

// kMaxRsaBits: the cost of verifying a signature grows with the square of the
// modulus, and a larger modulus gains nothing. BoringSSL has had the same limit
// since 2023; before, its limit was twice as large.
inline constexpr int kMaxRsaBits = 8192;

// FindWeakKey: returns nothing if the public key is RSA of kMinRsaBits to
// kMaxRsaBits, an EC key on P-256 or P-384, or Ed25519. Otherwise it says what
// was found and what is allowed. It does not change the certificate, except for
// what BoringSSL caches in it.
std::optional<std::string> FindWeakKey(X509& certificate);

// FindWeakSignature: returns nothing if the certificate is signed with RSA PKCS
// #1 v1.5 or RSA-PSS with SHA-256, SHA-384 or SHA-512, with ECDSA and one of
// these hashes, or with Ed25519. Otherwise it says what was found and what is
// allowed. With collisions of MD5 or SHA-1 an attacker could have one
// certificate signed and use another. For RSA-PSS the mask must use the same
// hash, and the salt must have the hash's size, as in TLS 1.3 (RFC 8446 4.2.3);
// BoringSSL's versions differ on other parameters. It does not verify the
// signature.
std::optional<std::string> FindWeakSignature(const X509& certificate);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CERTIFICATE_STRENGTH_H_
