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
#include "tunnel/transport/signer.h"
#include "tunnel/transport/tls_profile.h"

namespace ovoc::tunnel {

// SigningKey is TLSPrivateKey itself: in the keeper, and in a client that has
// no keeper. BoringSSL wipes all memory that it frees (OPENSSL_free), so that
// nothing is left of a key that is destroyed.
class SigningKey : public Signer {
 public:
  // InvalidArgument for a key whose signatures are longer than
  // kMaxSignatureBytes.
  static absl::StatusOr<std::unique_ptr<SigningKey>> Create(
      bssl::UniquePtr<EVP_PKEY> key, TlsProfile profile);

  // PermissionDenied for an algorithm that is not of this key or not within the
  // profile, and for a digest of another length than the algorithm's.
  absl::StatusOr<std::string> Sign(const SignatureRequest& request) override;

 private:
  SigningKey(bssl::UniquePtr<EVP_PKEY> key, TlsProfile profile)
      : key_(std::move(key)), profile_(profile) {}

  const bssl::UniquePtr<EVP_PKEY> key_;
  const TlsProfile profile_;
};

// Makes `input` (of any length) what a SignatureRequest holds: its digest by
// the algorithm's hash, or itself with Ed25519, when InvalidArgument says that
// it is too long: TLS 1.2 signs the whole handshake.
absl::StatusOr<SignatureRequest> MakeSignatureRequest(
    uint16_t algorithm, absl::Span<const uint8_t> input);

// Overwrites what calls that have returned may have left on the stack, 64 KiB
// of it: keys and their digits, which a child would inherit.
void WipeStackBelow();

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_SIGNING_KEY_H_
