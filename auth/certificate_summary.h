// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_CERTIFICATE_SUMMARY_H_
#define OVOC_AUTH_CERTIFICATE_SUMMARY_H_

#include <openssl/base.h>

#include <cstddef>
#include <string>

#include "absl/time/time.h"
#include "auth/verification_time.h"

namespace ovoc::auth {

// kMaxPrintedNameBytes: no more of a name goes into a message or a log line; a
// certificate may carry 64 KiB of it to bury what was logged before.
inline constexpr size_t kMaxPrintedNameBytes = 200;

// CertificateSummary: what a log line says of a certificate. The names are the
// peer's words, made harmless as PrintableName does.
struct CertificateSummary {
  std::string subject;
  std::string issuer;
  absl::Time not_before = absl::InfiniteFuture();
  absl::Time not_after = absl::InfinitePast();
};

CertificateSummary Summarize(const X509& certificate);

// ReadValidity: the validity period. Strict (RFC 5280 4.1.2.5): UTCTime
// YYMMDDHHMMSSZ or GeneralizedTime YYYYMMDDHHMMSSZ of a day that exists. A
// period with another form is never valid: {InfiniteFuture, InfinitePast}.
Validity ReadValidity(const X509& certificate);

// PrintableName: `name` on one line as RFC 2253 (the last component first),
// printable ASCII only, at most kMaxPrintedNameBytes, "..." when cut, "(empty)"
// when there is nothing.
std::string PrintableName(const X509_NAME& name);

// DescribeAlternativeNames: the DNS names and addresses of the SAN extension,
// as "DNS:a.example, IP:192.0.2.1", made harmless and cut in the same way; "no
// DNS name or IP address" when it holds none.
std::string DescribeAlternativeNames(const X509& certificate);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CERTIFICATE_SUMMARY_H_
