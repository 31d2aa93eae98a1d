// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TLS_PROFILE_H_
#define OVOC_TUNNEL_TLS_PROFILE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "openssl/ssl.h"

namespace ovoc::tunnel {

// TlsProfile is which TLS a client speaks. TLS 1.2 or later in both.
enum class TlsProfile : uint8_t {
  kCompatible,  // BoringSSL's suites and groups but 3DES and PSK, for old
                // servers
  kApproved,    // NIST SP 800-52 rev. 2: TLS 1.2 with ECDHE and AES-GCM, or
                // 1.3; P-256 and P-384; AES-GCM suites only
};

// ConfigureTls gives a context the versions, suites, groups and signature
// algorithms of the profile. Internal when BoringSSL refuses one.
[[nodiscard]] absl::Status ConfigureTls(TlsProfile profile, SSL_CTX* context);

// CheckNegotiated is OK when what a finished handshake came to is within the
// profile, else FailedPrecondition with what was found and what is allowed.
// BoringSSL offers ChaCha20 with TLS 1.3 whatever it is told, so a server that
// insists on it is found out here, before any credentials are sent.
[[nodiscard]] absl::Status CheckNegotiated(TlsProfile profile, const SSL* ssl);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TLS_PROFILE_H_
