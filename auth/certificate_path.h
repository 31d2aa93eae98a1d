// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_CERTIFICATE_PATH_H_
#define OVOC_AUTH_CERTIFICATE_PATH_H_

#include <openssl/base.h>
#include <openssl/x509.h>

#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "auth/peer_name.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {

// kMaxPathCertificates: in one chain, leaf and anchor included. It bounds the
// signatures a hostile chain makes us check; public chains have up to 4.
inline constexpr size_t kMaxPathCertificates = 9;

// IssuerOrder: where an issuer is looked for first.
enum class IssuerOrder {
  kAnchorsFirst,    // the shortest way to something trusted
  kPresentedFirst,  // along `intermediates`, in their order
};

// PathQuery: what a chain is built from. The pointers are borrowed for the
// call.
struct PathQuery {
  X509* leaf = nullptr;
  absl::Span<X509* const> intermediates;  // presented, in any order
  absl::Span<X509* const> anchors;        // trusted
  const PeerName* name = nullptr;         // null: the name is not checked
  IssuerOrder order = IssuerOrder::kAnchorsFirst;
};

// PathResult: the chain, leaf first, as far as it was built, and what is wrong
// with it.
struct PathResult {
  Violation violation;
  std::vector<bssl::UniquePtr<X509>> chain;
};

// BuildPath: one run of BoringSSL's X509_verify_cert. It follows the first
// issuer that fits by name and key identifier without ever going back (see
// path_search.h), and checks signatures, CA flags, path length and critical
// extensions of the presented part, purpose TLS server, and the name in the
// leaf: only its subjectAltName, never its subject. Name constraints are our
// own (see name_constraints.h): BoringSSL knows none for addresses and does not
// see the reach of a wildcard. It does not check times (no clock here, see
// verification_time.h) nor strength (see chain_rules.h): without a violation
// the chain is built, not yet accepted. It leaves notes in BoringSSL's error
// queue.
PathResult BuildPath(const PathQuery& query);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CERTIFICATE_PATH_H_
