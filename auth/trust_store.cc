// SPDX-License-Identifier: Apache-2.0
#include "auth/trust_store.h"

#include <utility>

#include "auth/pem_certificates.h"

namespace ovoc::auth {

absl::StatusOr<TrustStore> TrustStore::FromPem(absl::string_view pem) {
  absl::StatusOr<std::vector<bssl::UniquePtr<X509>>> anchors =
      ReadPemCertificates(pem, {.what = "trusted roots",
                                .max_bytes = kMaxTrustStoreBytes,
                                .max_certificates = kMaxTrustedCertificates});
  if (!anchors.ok()) {
    return anchors.status();
  }
  return TrustStore(*std::move(anchors));
}

}  // namespace ovoc::auth
