// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_NAME_CONSTRAINTS_H_
#define OVOC_AUTH_NAME_CONSTRAINTS_H_

#include <openssl/base.h>

#include <cstddef>

#include "absl/types/span.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {

// kMaxNameComparisons: names times constraints that one chain may make us
// compare. A chain of 64 KiB certificates could ask for many millions. Two
// directory names count for kDirectoryComparison more: they are parsed first.
inline constexpr size_t kMaxNameComparisons = 64 * 1024;
inline constexpr size_t kDirectoryComparison = 64;

// CheckNameConstraints: kNameConstraint for the first certificate of `chain`
// (leaf first, trust anchor last) that has a name outside the nameConstraints
// of a certificate above it, or no violation (RFC 5280 4.2.1.10, 6.1.3 b, c;
// 6.1.4 g). The anchor's constraints hold too. All names of a certificate are
// held against them, its subject included, those of self-issued certificates
// between leaf and anchor left out.
//   dNSName        permits or excludes a name and those below it. A wildcard
//                  is permitted when all it may stand for is, and excluded when
//                  one of them is. The empty constraint holds for all names.
//   iPAddress      an address and a mask without gaps, of the same family.
//   directoryName  the first relative names of a subject, compared as X.500
//                  names are (case and white space).
//   other forms    not compared: a name of such a form below a constraint of
//                  its form is refused.
// Refused as well, because nobody can say what they mean: constraints that are
// not DER, empty, with minimum or maximum, a DNS constraint with a wildcard or
// a dot in front, an address of another length; a broken name below a
// constraint of its form; constraints in a leaf; more than kMaxNameComparisons.
// It does not check signatures nor whether the name asked for is in the leaf.
Violation CheckNameConstraints(absl::Span<X509* const> chain);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_NAME_CONSTRAINTS_H_
