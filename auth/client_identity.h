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

// Limits of the device's own chain: the leaf, and what leads from it to a root
// that OVOC trusts (a chain has 9 certificates at most, see chain_rules.h).
inline constexpr size_t kMaxClientChainBytes = 65536;
inline constexpr size_t kMaxClientChainCertificates = 10;
inline constexpr size_t kMaxPrivateKeyBytes = 65536;

// ReadClientChain: the certificates of `pem`, the device's own first. As
// ReadPemCertificates: one block that cannot be read is an error, since a chain
// with a gap is refused by the server, and by nobody here.
absl::StatusOr<std::vector<bssl::UniquePtr<X509>>> ReadClientChain(
    absl::string_view pem);

// ReadPrivateKey: the one private key of `pem` (RFC 7468, RFC 5958; RFC 5915
// and PKCS #1 too). Text around it, other blocks, a byte-order mark and CR
// before LF are allowed. InvalidArgument says what was found instead: no key,
// several, an encrypted one, one that cannot be read. No byte of it is in the
// message.
absl::StatusOr<bssl::UniquePtr<EVP_PKEY>> ReadPrivateKey(absl::string_view pem);

// CheckPair: InvalidArgument when `key` is not that of the first certificate;
// it says so when it is that of another one, which is then in the wrong place.
absl::Status CheckPair(const std::vector<bssl::UniquePtr<X509>>& chain,
                       const EVP_PKEY* key);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CLIENT_IDENTITY_H_
