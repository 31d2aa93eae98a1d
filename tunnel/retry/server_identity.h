// SPDX-License-Identifier: Apache-2.0
//
// Whom TLS has connected the client to: what those who report it are told.

#ifndef OVOC_TUNNEL_RETRY_SERVER_IDENTITY_H_
#define OVOC_TUNNEL_RETRY_SERVER_IDENTITY_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "auth/certificate_summary.h"

namespace ovoc::tunnel {

inline constexpr size_t kMaxTlsWordBytes = 64;  // the longest name is 45

// ServerIdentity is what a handshake has shown of the server. The texts are
// printable ASCII or empty.
struct ServerIdentity {
  std::string version;  // "TLSv1.3"
  std::string cipher;   // "TLS_AES_256_GCM_SHA384"
  std::string group;    // of the key exchange, "X25519"; empty: none
  bool resumed = false;
  bool verified = false;  // the certificate, for the server's name
  auth::CertificateSummary certificate;  // the leaf
  // When the first certificate of the verified chain expires, leaf and root
  // included. nullopt: no chain was verified.
  std::optional<absl::Time> chain_not_after;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_RETRY_SERVER_IDENTITY_H_
