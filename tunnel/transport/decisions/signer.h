// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_DECISIONS_SIGNER_H_
#define OVOC_TUNNEL_TRANSPORT_DECISIONS_SIGNER_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace ovoc::tunnel {

// Ed25519 signs the text itself, not a digest. The text of TLS 1.3 is 64
// spaces, a context of 34 octets and the hash of the transcript (RFC 8446
// 4.4.3).
inline constexpr size_t kMaxSignedBytes = 160;
inline constexpr size_t kMaxSignatureBytes = 1024;  // RSA of 8192 bits

// SignatureRequest asks for a signature by the client's own key.
struct SignatureRequest {
  uint16_t algorithm = 0;  // SignatureScheme of RFC 8446 4.2.3
  // What is signed: the digest by the algorithm's hash, or the text for
  // Ed25519.
  std::string digest;  // kMaxSignedBytes at most
};

// Signer has the key that goes with TLSCertificate, or knows who has it.
class Signer {
 public:
  virtual ~Signer() = default;

  // The signature as TLS sends it, kMaxSignatureBytes at most.
  virtual absl::StatusOr<std::string> Sign(const SignatureRequest& request) = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_DECISIONS_SIGNER_H_
