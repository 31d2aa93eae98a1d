// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_TRUST_STORE_H_
#define OVOC_AUTH_TRUST_STORE_H_

#include <openssl/base.h>
#include <openssl/x509.h>

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::auth {

// Limits of a PEM bundle. The administrator provides the file. The limits stop
// a wrong file (a log, a disk image) from filling a device's memory. The
// largest public bundles have about 150 roots in 250 KB.
inline constexpr size_t kMaxTrustStoreBytes = size_t{16} * 1024 * 1024;
inline constexpr size_t kMaxTrustedCertificates = 1024;

// TrustStore: the certificates in which a chain may end. Never empty.
// Move-only. A certificate in it is a trust anchor only if it is self-signed: a
// chain is not cut short at a trusted intermediate. The chain rules decide
// whether its key is strong enough, so one old root does not make the whole
// bundle unusable.
class TrustStore {
 public:
  // FromPem: every certificate of `pem`, with the rules and errors of
  // ReadPemCertificates.
  static absl::StatusOr<TrustStore> FromPem(absl::string_view pem);

  // Empty: trusts nobody. It is for a verifier whose verdict is only shown.
  static TrustStore Empty() { return TrustStore({}); }

  // size: the number of different certificates.
  size_t size() const { return anchors_.size(); }

  // anchors: for the verifier. In the order of the bundle.
  absl::Span<const bssl::UniquePtr<X509>> anchors() const { return anchors_; }

 private:
  explicit TrustStore(std::vector<bssl::UniquePtr<X509>> anchors)
      : anchors_(std::move(anchors)) {}

  std::vector<bssl::UniquePtr<X509>> anchors_;
};

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_TRUST_STORE_H_
