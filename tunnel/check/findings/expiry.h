// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_CHECK_FINDINGS_EXPIRY_H_
#define OVOC_TUNNEL_CHECK_FINDINGS_EXPIRY_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/certificate_summary.h"

namespace ovoc::tunnel {

// How long before its end a certificate is warned of.
inline constexpr absl::Duration kExpiryNotice = absl::Hours(30 * 24);

// ExpiryWarning is a sentence about a certificate that is not valid at `now`,
// or not for kExpiryNotice from then on. It is empty for any other. `whose`
// begins the sentence: "the server's certificate".
std::string ExpiryWarning(absl::string_view whose,
                          const auth::CertificateSummary& certificate,
                          absl::Time now);

// OwnExpiryWarnings has the warnings of the certificates in the file of
// TLSCertificate: the client's own one first, then its issuers. A server that
// gets one of them expired refuses the client.
std::vector<std::string> OwnExpiryWarnings(
    absl::Span<const auth::CertificateSummary> chain, absl::Time now);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_CHECK_FINDINGS_EXPIRY_H_
