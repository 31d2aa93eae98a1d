// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_SIGNING_KEY_H_
#define OVOC_TUNNEL_TRANSPORT_SIGNING_KEY_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "openssl/evp.h"
#include "tunnel/transport/decisions/signer.h"
#include "tunnel/transport/tls_profile.h"

namespace ovoc::tunnel {

// SigningKey is TLSPrivateKey itself. It is in the keeper, or in a client that
// has no keeper. BoringSSL wipes all memory that it frees (OPENSSL_free), so
// nothing is left of a key that is destroyed.
class SigningKey : public Signer {
 public:
  // InvalidArgument for a key whose signatures are longer than
  // kMaxSignatureBytes.
  static absl::StatusOr<std::unique_ptr<SigningKey>> Create(
      bssl::UniquePtr<EVP_PKEY> key, TlsProfile profile);

  // PermissionDenied for an algorithm that does not fit this key or the
  // profile, and for a digest whose length is not the algorithm's.
  absl::StatusOr<std::string> Sign(const SignatureRequest& request) override;

 private:
  SigningKey(bssl::UniquePtr<EVP_PKEY> key, TlsProfile profile)
      : key_(std::move(key)), profile_(profile) {}

  const bssl::UniquePtr<EVP_PKEY> key_;
  const TlsProfile profile_;
};

// Makes a SignatureRequest of `input` (of any length): its digest by the
// algorithm's hash, or for Ed25519 the input itself. InvalidArgument says that
// it is too long for Ed25519, because TLS 1.2 signs the whole handshake.
absl::StatusOr<SignatureRequest> MakeSignatureRequest(
    uint16_t algorithm, absl::Span<const uint8_t> input);

// Overwrites 64 KiB of stack below, where calls that have returned may have
// left keys and their digits, which a child would inherit.
void WipeStackBelow();

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_SIGNING_KEY_H_
