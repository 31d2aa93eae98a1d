// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_DER_CERTIFICATE_H_
#define OVOC_AUTH_DER_CERTIFICATE_H_

#include <openssl/base.h>
#include <openssl/x509.h>

#include <cstdint>
#include <string>

#include "absl/types/span.h"

namespace ovoc::auth {

// ParseCertificate: parses `der` as one X.509 certificate, in DER from its
// first byte to its last (RFC 5280 4.1). On failure it returns null and sets
// *error to a text that continues a sentence beginning with "certificate 2". It
// fails if the bytes are not a certificate, if bytes follow its end, and if any
// part is BER in a form that is not DER, such as a length in more bytes than
// needed. Some versions of BoringSSL accept those, and one certificate would
// then have many forms.
//
// We look at every element ourselves before BoringSSL does, in time
// proportional to the bytes. Of the extensions we check only what surrounds
// their values (see extension_facts.h). `der` must be smaller than 2 GiB; the
// limits of all callers ensure that. Entries may be left in BoringSSL's error
// queue.
bssl::UniquePtr<X509> ParseCertificate(absl::Span<const uint8_t> der,
                                       std::string* error);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_DER_CERTIFICATE_H_
