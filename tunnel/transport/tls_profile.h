// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_TLS_PROFILE_H_
#define OVOC_TUNNEL_TRANSPORT_TLS_PROFILE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "openssl/ssl.h"

namespace ovoc::tunnel {

// TlsProfile is the kind of TLS that a client speaks. It is TLS 1.2 or later in
// both.
enum class TlsProfile : uint8_t {
  kCompatible,  // BoringSSL's suites and groups but 3DES and PSK, for old
                // servers
  kApproved,    // within NIST SP 800-52 rev. 2: TLS 1.2 with ECDHE and AES-GCM,
                // or TLS 1.3 with AES-GCM; P-256 and P-384; signatures of RSA
                // (PKCS #1 or PSS) and ECDSA with SHA-256, SHA-384 or SHA-512.
                // The hybrid group below comes on top.
};

// kHasHybridGroup says whether this BoringSSL knows X25519MLKEM768 (0x11ec,
// RFC 10024). It is a group of TLS 1.3 that stays secret when one of its halves
// is broken. Both profiles put it first where it exists.
//
// SP 800-52 rev. 2 is older than the group and does not name it. These let
// kApproved offer it:
// - FIPS 203 approves ML-KEM-768.
// - SP 800-227, 4.6.2, approves the joining of several shared secrets by a key
//   derivation of SP 800-56C when one of them comes from an approved KEM. The
//   others may come from schemes that are not approved. SP 800-56C rev. 2,
//   section 2, by itself names only SP 800-56A and 56B for the approved secret.
// - FIPS 140-3 IG D.S (of April 2026) lets a module claim the group that holds
//   both halves in this fixed combination.
// X25519 alone is not approved (FIPS 140-3 IG C.K), and kApproved refuses it.
#ifdef SSL_GROUP_X25519_MLKEM768
inline constexpr bool kHasHybridGroup = true;
#else
inline constexpr bool kHasHybridGroup = false;
#endif

// ConfigureTls gives a context the versions, suites, groups and signature
// algorithms (the server's and our own) of the profile. It returns Internal
// when BoringSSL refuses one.
//
// BoringSSL offers ChaCha20 with TLS 1.3 whatever it is told. It comes last
// where the processor has instructions for AES (EVP_has_aes_hardware), and
// first where it has none, and most servers take the first. There kApproved
// speaks only TLS 1.2, whose suites are ours to choose, although SP 800-52 rev.
// 2, 4.1, asks clients for TLS 1.3 as well. BoringSSL knows AES-CCM in neither
// version.
[[nodiscard]] absl::Status ConfigureTls(TlsProfile profile, SSL_CTX* context);

// CheckSuite returns OK when the suite that a server chose is within the
// profile. Otherwise, and when `suite` is null, it returns Unavailable with
// what was found and what is allowed. Call it when the certificate is verified:
// the server is then refused before it has proved who it is and before anything
// of ours is sent.
[[nodiscard]] absl::Status CheckSuite(TlsProfile profile,
                                      const SSL_CIPHER* suite);

// CheckNegotiated returns OK when everything that a finished handshake came to
// (version, suite, key exchange, group) is within the profile. Otherwise it
// returns Unavailable as above. Call it before the first byte is written.
[[nodiscard]] absl::Status CheckNegotiated(TlsProfile profile, const SSL* ssl);

// GroupName returns the name of the group in which the connection's keys were
// exchanged, such as "X25519". Empty before the handshake, and if there is
// none.
absl::string_view GroupName(const SSL* ssl);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_TLS_PROFILE_H_
