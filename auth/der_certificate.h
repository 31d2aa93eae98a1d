// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_DER_CERTIFICATE_H_
#define OVOC_AUTH_DER_CERTIFICATE_H_

#include <openssl/base.h>
#include <openssl/x509.h>

#include <cstdint>
#include <string>

#include "absl/types/span.h"

namespace ovoc::auth {

// ParseCertificate: `der` as one X.509 certificate, in DER from its first byte
// to its last (RFC 5280 4.1). Null with *error set, which continues a sentence
// that begins with "certificate 2": for bytes that are none, bytes after its
// end, and for another form of BER in it, such as a length in more bytes than
// it needs: some versions of BoringSSL read those, and one certificate would
// have many forms. We look at every element ourselves before BoringSSL does,
// in time in proportion to the bytes; of extensions only at what is around
// their values (see extension_facts.h). `der` is less than 2 GiB, as every
// caller's limits see to. Notes may be left in BoringSSL's error queue.
bssl::UniquePtr<X509> ParseCertificate(absl::Span<const uint8_t> der,
                                       std::string* error);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_DER_CERTIFICATE_H_
