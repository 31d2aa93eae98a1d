// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_CERTIFICATE_SUMMARY_H_
#define OVOC_AUTH_CERTIFICATE_SUMMARY_H_

#include <openssl/base.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "auth/verification_time.h"

namespace ovoc::auth {

// kMaxPrintedNameBytes: the most bytes of a name that go into a message or a
// log line. A certificate may have 64 KiB of it, to bury what was logged
// before.
inline constexpr size_t kMaxPrintedNameBytes = 200;

// kMaxSummaryNames, kMaxSummaryNamesBytes: the most names of a summary, and the
// bytes of all of them together. A certificate may have thousands.
inline constexpr size_t kMaxSummaryNames = 16;
inline constexpr size_t kMaxSummaryNamesBytes = 512;

// CertificateSummary: what the log and the status say about a certificate. The
// peer chose the names; they are made harmless as PrintableName does it.
struct CertificateSummary {
  std::string subject;
  std::string issuer;
  absl::Time not_before = absl::InfiniteFuture();
  absl::Time not_after = absl::InfinitePast();
  // names: the DNS names and addresses of the SAN extension, in its order,
  // without "DNS:" and "IP:". The first that exceeds a limit, and all behind
  // it, are left out. So are empty names and addresses of another length.
  std::vector<std::string> names;
  size_t names_left_out = 0;
  std::array<uint8_t, 32> sha256 = {};  // of the certificate's DER
};

CertificateSummary Summarize(const X509& certificate);

// ReadValidity: the validity period. It is strict (RFC 5280 4.1.2.5): UTCTime
// YYMMDDHHMMSSZ or GeneralizedTime YYYYMMDDHHMMSSZ, with a day that exists. A
// period in any other form is never valid: {InfiniteFuture, InfinitePast}.
Validity ReadValidity(const X509& certificate);

// PrintableName: `name` on one line as in RFC 2253 (the last component first).
// It has only printable ASCII and at most kMaxPrintedNameBytes, with "..." at
// the end if it was cut. An empty name gives "(empty)".
std::string PrintableName(const X509_NAME& name);

// DescribeAlternativeNames: the DNS names and addresses of the SAN extension,
// like "DNS:a.example, IP:192.0.2.1", made harmless and cut in the same way. If
// it has none: "no DNS name or IP address".
std::string DescribeAlternativeNames(const X509& certificate);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_CERTIFICATE_SUMMARY_H_
