// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_CLIENT_IDENTITY_H_
#define OVOC_AUTH_CLIENT_IDENTITY_H_

#include <openssl/base.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ovoc::auth {

// Limits for the device's own chain: the leaf, and the certificates from it to
// a root that OVOC trusts (a chain has at most 9 certificates, see
// chain_rules.h).
inline constexpr size_t kMaxClientChainBytes = 65536;
inline constexpr size_t kMaxClientChainCertificates = 10;
inline constexpr size_t kMaxPrivateKeyBytes = 65536;

// ReadClientChain: the certificates of `pem`, the device's own first. As in
// ReadPemCertificates, a block that cannot be read is an error. Otherwise only
// the server would notice a gap in the chain.
absl::StatusOr<std::vector<bssl::UniquePtr<X509>>> ReadClientChain(
    absl::string_view pem);

// ReadPrivateKey: the one private key in `pem` (RFC 7468, RFC 5958; also RFC
// 5915 and PKCS #1). Text around it, other blocks, a byte-order mark and CR
// before LF are allowed. InvalidArgument says what was found instead: no key,
// several keys, an encrypted key, or one that cannot be read. The message
// contains no byte of the key.
absl::StatusOr<bssl::UniquePtr<EVP_PKEY>> ReadPrivateKey(absl::string_view pem);

// CheckPair: returns InvalidArgument if `key` does not belong to the first
// certificate. The message says so if it belongs to another one, which is then
// in the wrong place.
absl::Status CheckPair(const std::vector<bssl::UniquePtr<X509>>& chain,
                       const EVP_PKEY* key);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CLIENT_IDENTITY_H_
