// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_CHAIN_RULES_H_
#define OVOC_AUTH_CHAIN_RULES_H_

#include "auth/certificate_facts.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {

// CheckChainRules: the first rule that a certificate of `chain` breaks, leaf
// first, or no violation. `chain` is a built chain, leaf first and
// trust anchor last (one certificate may be both). The rules hold for every
// certificate, those from the trust store included:
//   every one      X.509 v3, no extension that is broken or there twice
//                  (kMalformed), no critical one that is not understood, no
//                  proxy certificate (kOther), a strong key (kWeakKey)
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
// Names, signatures and times are not checked here.
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
