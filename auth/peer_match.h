// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_PEER_MATCH_H_
#define OVOC_AUTH_PEER_MATCH_H_

#include "absl/strings/string_view.h"
#include "auth/certificate_facts.h"
#include "auth/peer_name.h"

namespace ovoc::auth {

// HoldsName: whether `name` is among the entries of the certificate's
// subjectAltName, the only place that counts (RFC 9525 6). It takes time in
// proportion to the bytes of the entries. False if they are malformed.
bool HoldsName(const CertificateFacts& certificate, const PeerName& name);

// MatchesDnsName: whether `presented`, a dNSName entry, matches `name`. A
// wildcard must be the whole left-most label, with at least two labels to its
// right. It stands for one label of letters, digits and hyphens. An entry with
// any other `*` matches nothing.
bool MatchesDnsName(absl::string_view presented, absl::string_view name);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_PEER_MATCH_H_
