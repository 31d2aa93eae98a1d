// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_CHAIN_RULES_H_
#define OVOC_AUTH_CHAIN_RULES_H_

#include <cstddef>

#include "auth/certificate_facts.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {

// kMaxSerialOctets: no authority may use a longer serial number (RFC 5280
// 4.1.2.2). The zero octet in front of a number whose first bit is set is not
// counted: numbers of 160 random bits are in use. Zero and negative numbers are
// taken, as the same section advises: roots that are in use have the number 0,
// and nothing here depends on it but a hint for path building.
inline constexpr size_t kMaxSerialOctets = 20;

// CheckForm: the part of CheckChainRules, below, that makes a certificate one
// that can be read at all: version, serial number and extensions. `depth` is
// for the violation.
Violation CheckForm(const CertificateFacts& certificate, size_t depth);

// CheckChainRules: the first rule that a certificate of `chain` breaks, leaf
// first, or no violation. `chain` is a built chain, leaf first and
// trust anchor last (one certificate may be both). The rules hold for every
// certificate, those from the trust store included:
//   every one      X.509 v3, a serial number of kMaxSerialOctets, no extension
//                  that is broken or there twice (kMalformed), no critical one
//                  that is not understood (kCriticalExtension; which ones are
//                  is in extension_facts.h), no proxy certificate (kOther), a
//                  strong key (kWeakKey)
//   all but the    a strong signature (kWeakSignature). The anchor's is exempt:
//   anchor         nobody verifies it, trust in an anchor comes from the store,
//                  and bundles in use hold roots that sign themselves with
//                  SHA-1. Its key is not: who breaks it can sign whatever he
//                  likes.
//   the leaf       no CA, unless it is an anchor itself: pinned, as whoever
//                  imports the certificate of a server has it, and `openssl
//                  req -x509` makes those with CA:TRUE; nor keyUsage
//                  keyCertSign; usable by a TLS server (kPurpose)
//   above it       a CA, by basicConstraints, keyUsage and extKeyUsage
//                  (kPurpose); at most pathLenConstraint CAs between it and the
//                  leaf, the self-issued not counted (kPathLength)
// Names, signatures, policies and times are not checked here.
Violation CheckChainRules(Chain chain);

// Place: of the last certificate of a chain that may go on.
enum class Place {
  kBetween,  // between the leaf and the anchor
  kAnchor,   // it ends the chain
};

// CheckLastRules: the same for the last certificate of `chain` only.
Violation CheckLastRules(Chain chain, Place place);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CHAIN_RULES_H_
