// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_REPORT_CONTENT_CERTIFICATE_JSON_H_
#define OVOC_TUNNEL_REPORT_CONTENT_CERTIFICATE_JSON_H_

#include "auth/certificate_summary.h"
#include "tunnel/report/content/json_object.h"

namespace ovoc::tunnel {

// CertificateJson returns what programs are told about a certificate: subject,
// issuer, names, names_left_out, not_before, not_after (RFC 3339) and sha256
// (of its DER, 64 hexadecimal digits). Of a certificate that was too large to
// be read, or whose dates are none, the last three are null where they are not
// known.
JsonObject CertificateJson(const auth::CertificateSummary& certificate);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_CONTENT_CERTIFICATE_JSON_H_
