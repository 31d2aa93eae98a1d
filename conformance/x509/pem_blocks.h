// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_X509_PEM_BLOCKS_H_
#define OVOC_CONFORMANCE_X509_PEM_BLOCKS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ovoc::conformance {

// kMaxPemBlocks: no suite sends more. The limit stops a wrong file.
inline constexpr size_t kMaxPemBlocks = 1024;

// ReadPemBlocks: the contents of the CERTIFICATE blocks of `pem` (RFC 7468), in
// order, including repetitions. Unlike auth::TrustStore it does not check
// whether they are certificates: a suite sends broken ones, and the verifier
// has to refuse them. InvalidArgument if there is no block, a block has no end,
// the base64 is not valid, or there are more than kMaxPemBlocks.
absl::StatusOr<std::vector<std::vector<uint8_t>>> ReadPemBlocks(
    absl::string_view pem);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_X509_PEM_BLOCKS_H_
