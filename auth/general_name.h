// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_GENERAL_NAME_H_
#define OVOC_AUTH_GENERAL_NAME_H_

#include <openssl/base.h>
#include <openssl/bytestring.h>

#include <optional>
#include <vector>

#include "auth/certificate_facts.h"

namespace ovoc::auth {

// GeneralName: one name of a certificate in one of nine forms (RFC 5280
// 4.2.1.6). Its content is not examined here: a dNSName may hold any bytes.
struct GeneralName {
  // Kind: the form; the number is the tag in DER.
  enum class Kind {
    kOther = 0,
    kMail = 1,        // rfc822Name
    kDns = 2,         // dNSName
    kX400 = 3,        // x400Address
    kDirectory = 4,   // directoryName; the value is a Name in DER
    kEdiParty = 5,    // ediPartyName
    kUri = 6,         // uniformResourceIdentifier
    kIp = 7,          // iPAddress
    kRegistered = 8,  // registeredID
  };
  Kind kind = Kind::kOther;
  CBS value{};  // a view into what it was read from
};

// ReadGeneralName: takes one name from the front of `der`, in strict DER. The
// result is nothing if there is no name in one of the nine forms.
std::optional<GeneralName> ReadGeneralName(CBS* der);

// ReadAlternativeNames: every entry of the subjectAltName `extension` (its
// whole value). The result is nothing if that is empty or not well-formed DER.
std::optional<std::vector<GeneralName>> ReadAlternativeNames(CBS extension);

// ReadNames: every name of `certificate`, for name constraints (RFC 5280 6.1.3
// b, c): its subject as kDirectory unless it is empty, each mail address in the
// subject as kMail, and each entry of its subjectAltName. The names are views
// into the certificate. The result is nothing if the certificate is not
// readable, or if its subjectAltName is malformed, empty or occurs twice.
std::optional<std::vector<GeneralName>> ReadNames(
    const CertificateFacts& certificate);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_GENERAL_NAME_H_
