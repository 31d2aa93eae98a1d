// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_PEER_MATCH_H_
#define OVOC_AUTH_PEER_MATCH_H_

#include "absl/strings/string_view.h"
#include "auth/certificate_facts.h"
#include "auth/peer_name.h"

namespace ovoc::auth {

// HoldsName: whether `name` is among the entries of the certificate's
// subjectAltName, and only there (RFC 9525 6). It takes time in proportion to
// the bytes of the entries. False when they are not well-formed.
bool HoldsName(const CertificateFacts& certificate, const PeerName& name);

// MatchesDnsName: whether `presented`, a dNSName entry, is `name`. A wildcard
// is the whole left-most label and stands for one label of letters, digits and
// hyphens, above two labels at least; with any other `*` an entry names no one.
bool MatchesDnsName(absl::string_view presented, absl::string_view name);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_PEER_MATCH_H_
