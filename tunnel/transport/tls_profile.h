// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_TLS_PROFILE_H_
#define OVOC_TUNNEL_TRANSPORT_TLS_PROFILE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "openssl/ssl.h"

namespace ovoc::tunnel {

// TlsProfile is which TLS a client speaks. TLS 1.2 or later in both.
enum class TlsProfile : uint8_t {
  kCompatible,  // BoringSSL's suites and groups but 3DES and PSK, for old
                // servers
  kApproved,    // NIST SP 800-52 rev. 2: TLS 1.2 with ECDHE and AES-GCM, or
                // 1.3 with AES-GCM; P-256 and P-384; signatures of RSA (PKCS #1
                // or PSS) and ECDSA with SHA-256, SHA-384 or SHA-512
};

// kHasHybridGroup: this BoringSSL knows X25519MLKEM768 (IANA 0x11ec,
// draft-ietf-tls-ecdhe-mlkem), a group of TLS 1.3 that stays secret when either
// of its halves is broken. Both profiles then put it first.
//
// kApproved may: ML-KEM-768 is approved (FIPS 203), and the secret of an
// approved scheme may be followed by that of any other, as the group has them
// (SP 800-56C rev. 2, section 2; SP 800-227 on hybrids). X25519 adds nothing
// that is approved and takes nothing away.
#ifdef SSL_GROUP_X25519_MLKEM768
inline constexpr bool kHasHybridGroup = true;
#else
inline constexpr bool kHasHybridGroup = false;
#endif

// ConfigureTls gives a context the versions, suites, groups and signature
// algorithms (the server's and our own) of the profile. Internal when BoringSSL
// refuses one.
//
// BoringSSL offers ChaCha20 with TLS 1.3 whatever it is told: last where the
// processor has instructions for AES (EVP_has_aes_hardware), first where it has
// not, and most servers take the first. There kApproved speaks TLS 1.2 only,
// whose suites are ours to choose. AES-CCM it knows in neither version.
[[nodiscard]] absl::Status ConfigureTls(TlsProfile profile, SSL_CTX* context);

// CheckSuite is OK when the suite that a server chose is within the profile.
// Else, or when `suite` is null, Unavailable with what was found and what is
// allowed. Call it when the certificate is verified: the server is refused
// before it has proved who it is and before anything of ours is sent.
[[nodiscard]] absl::Status CheckSuite(TlsProfile profile,
                                      const SSL_CIPHER* suite);

// CheckNegotiated is OK when all that a finished handshake came to (version,
// suite, key exchange, group) is within the profile, else Unavailable as above.
// Call it before the first byte is written.
[[nodiscard]] absl::Status CheckNegotiated(TlsProfile profile, const SSL* ssl);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_TLS_PROFILE_H_
