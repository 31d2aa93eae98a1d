// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_X509_PEM_BLOCKS_H_
#define OVOC_CONFORMANCE_X509_PEM_BLOCKS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ovoc::conformance {

// kMaxPemBlocks: no suite sends more; it stops a wrong file.
inline constexpr size_t kMaxPemBlocks = 1024;

// ReadPemBlocks: what is inside the CERTIFICATE blocks of `pem` (RFC
// 7468), in their order, repetitions included. Unlike auth::TrustStore it does
// not ask whether that is a certificate: a suite sends broken ones, and to
// refuse them is the verifier's part. InvalidArgument for: no block, a block
// without end, broken base64, more than kMaxPemBlocks.
absl::StatusOr<std::vector<std::vector<uint8_t>>> ReadPemBlocks(
    absl::string_view pem);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_X509_PEM_BLOCKS_H_
