// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_PEM_CERTIFICATES_H_
#define OVOC_AUTH_PEM_CERTIFICATES_H_

#include <openssl/base.h>
#include <openssl/x509.h>

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ovoc::auth {

// PemLimits: what a file of certificates may hold, and what it is called in
// messages ("trusted roots").
struct PemLimits {
  absl::string_view what;
  size_t max_bytes = 0;
  size_t max_certificates = 0;
};

// ReadPemCertificates: every CERTIFICATE block of `pem` (RFC 7468), in order,
// each once however often it is there; at least one. Text between the blocks,
// blocks of other kinds, a byte-order mark and CR before LF are allowed, but no
// line that is a certificate's marker in all but its form (dashes, BEGIN or END
// and CERTIFICATE, in either case), and no PKCS #7 block: they would leave out
// certificates without a word. InvalidArgument names such a line by its number.
// InvalidArgument names the limit, or the block by its number from 1, for: no
// certificate; a limit; a block without end, an end without begin; broken
// base64; no DER certificate inside (see der_certificate.h); OpenSSL's own
// TRUSTED CERTIFICATE form, whose trust settings would be lost. No block is
// passed over. BoringSSL's error queue is empty afterwards.
absl::StatusOr<std::vector<bssl::UniquePtr<X509>>> ReadPemCertificates(
    absl::string_view pem, const PemLimits& limits);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_PEM_CERTIFICATES_H_
