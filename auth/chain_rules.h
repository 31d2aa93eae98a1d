// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_CHAIN_RULES_H_
#define OVOC_AUTH_CHAIN_RULES_H_

#include <cstddef>

#include "auth/certificate_facts.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {

// kMaxSerialOctets: no authority may use a longer serial number (RFC 5280
// 4.1.2.2). The zero octet in front of a number whose first bit is set does not
// count, because numbers of 160 random bits are in use. Zero and negative
// numbers are accepted, as the same section advises: some roots in use have the
// number 0, and only a hint for path building depends on it here.
inline constexpr size_t kMaxSerialOctets = 20;

// CheckForm: the part of CheckChainRules, below, that decides whether a
// certificate can be read at all: version, serial number and extensions.
// `depth` goes into the violation.
Violation CheckForm(const CertificateFacts& certificate, size_t depth);

// CheckChainRules: the first rule that a certificate of `chain` breaks, leaf
// first, or no violation. `chain` is a complete chain, leaf first and trust
// anchor last (one certificate may be both). The rules hold for every
// certificate, including those from the trust store:
//
//   every one      X.509 v3, a serial number of at most kMaxSerialOctets, no
//                  extension that is broken or occurs twice (kMalformed), no
//                  critical one that is not understood (kCriticalExtension;
//                  see extension_facts.h), no proxy certificate (kOther), a
//                  strong key (kWeakKey)
//   all but the    a strong signature (kWeakSignature). The signature of an
//   anchor         anchor is exempt, because nobody verifies it: trust in it
//                  comes from the store, and bundles in use have roots that
//                  sign themselves with SHA-1. Its key is not exempt: whoever
//                  breaks the key can sign anything.
//   the leaf       not a CA, unless it is an anchor itself. Somebody who pins
//                  a server's certificate has such an anchor, and `openssl req
//                  -x509` makes those with CA:TRUE. No keyUsage keyCertSign;
//                  usable by a TLS server (kPurpose)
//   above it       a CA by basicConstraints, keyUsage and extKeyUsage
//                  (kPurpose); at most pathLenConstraint CAs between it and
//                  the leaf, without the self-issued ones (kPathLength)
//
// Names, signatures, policies and times are not checked here.
Violation CheckChainRules(Chain chain);

// Place: where the last certificate stands in a chain that may go on.
enum class Place {
  kBetween,  // between the leaf and the anchor
  kAnchor,   // it ends the chain
};

// CheckLastRules: the same for the last certificate of `chain` only.
Violation CheckLastRules(Chain chain, Place place);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CHAIN_RULES_H_
