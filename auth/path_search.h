// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_PATH_SEARCH_H_
#define OVOC_AUTH_PATH_SEARCH_H_

#include <openssl/base.h>

#include <cstddef>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"

namespace ovoc::auth {

// kMaxIssuersTried: how often one search verifies a signature. A server that
// sends a mesh of cross-signed CAs could have us follow thousands of ways
// through it; real ones have two or three.
inline constexpr size_t kMaxIssuersTried = 64;

// PathSearchQuery: where to search. The pointers are borrowed for the call.
struct PathSearchQuery {
  X509* leaf = nullptr;
  absl::Span<X509* const> intermediates;  // presented, in any order
  absl::Span<X509* const> trusted;  // self-signed ones are the trust anchors
};

// SearchPaths: goes all ways from the leaf upwards, depth first, over issuers
// that fit by name and key identifier and whose signature verifies: those from
// the trust store first, then as they were presented, none twice on one way,
// at most kMaxPathCertificates. `may_continue` is asked for each beginning of a
// chain (leaf first, the new issuer last) whether it can become a good one;
// `take` for each chain up to a trust anchor whether it is what was looked for.
// True as soon as `take` says so; false when there is no further way or after
// kMaxIssuersTried. The leaf itself is no issuer, even if it is trusted.
bool SearchPaths(const PathSearchQuery& query,
                 absl::FunctionRef<bool(absl::Span<X509* const>)> may_continue,
                 absl::FunctionRef<bool(absl::Span<X509* const>)> take);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_PATH_SEARCH_H_
