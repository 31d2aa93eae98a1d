// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_CERTIFICATE_STRENGTH_H_
#define OVOC_AUTH_CERTIFICATE_STRENGTH_H_

#include <openssl/base.h>

#include <optional>
#include <string>

namespace ovoc::auth {

// kMinRsaBits: shorter moduli have less than 112 bits of security. NIST SP
// 800-52 rev. 2, 3.2.1, wants at least as much of keys and signatures in
// certificates.
inline constexpr int kMinRsaBits = 2048;

// kMaxRsaBits: what a signature takes to verify grows with the square of the
// modulus, and a larger one gives nothing. It is BoringSSL's own limit since
// 2023; before, it was twice that.
inline constexpr int kMaxRsaBits = 8192;

// FindWeakKey: nothing when the public key is RSA of kMinRsaBits to
// kMaxRsaBits, an EC key on P-256 or P-384, or Ed25519. Else what was found and
// what is allowed. The certificate is not changed but for what BoringSSL caches
// in it.
std::optional<std::string> FindWeakKey(X509& certificate);

// FindWeakSignature: nothing when the certificate is signed with RSA PKCS #1
// v1.5 or RSA-PSS with SHA-256, SHA-384 or SHA-512, ECDSA with one of these, or
// Ed25519. Else what was found and what is allowed. Collisions of MD5 and SHA-1
// let an attacker have one certificate signed and use another. Of RSA-PSS the
// mask has to be made with the same hash, and the salt to be of its size, as
// TLS 1.3 has it (RFC 8446 4.2.3); BoringSSL's versions differ on others. It
// does not verify the signature.
std::optional<std::string> FindWeakSignature(const X509& certificate);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CERTIFICATE_STRENGTH_H_
