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

// PemLimits: how much a file of certificates may contain, and what messages
// call it ("trusted roots").
struct PemLimits {
  absl::string_view what;
  size_t max_bytes = 0;
  size_t max_certificates = 0;
};

// ReadPemCertificates: returns every CERTIFICATE block of `pem` (RFC 7468), in
// order. There must be at least one. A block that occurs several times is
// returned once. Text between the blocks, blocks of other kinds, a byte-order
// mark, and CR before LF are allowed.
//
// A line is an error if it looks like a certificate's marker but is not exactly
// one (dashes, BEGIN or END, and CERTIFICATE, in either case), and so is a PKCS
// #7 block: certificates would otherwise be left out silently. InvalidArgument
// names such a line by its number.
//
// InvalidArgument also names the limit, or the block by its number from 1, in
// these cases: there is no certificate; a limit is exceeded; a block has no end
// or no beginning; the base64 is broken; the content is not a certificate in
// DER (see der_certificate.h); a block has OpenSSL's TRUSTED CERTIFICATE form,
// whose trust settings would be lost. No block is skipped. BoringSSL's error
// queue is empty afterwards.
absl::StatusOr<std::vector<bssl::UniquePtr<X509>>> ReadPemCertificates(
    absl::string_view pem, const PemLimits& limits);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_PEM_CERTIFICATES_H_
