// SPDX-License-Identifier: Apache-2.0
//
// What a certificate says, read a second time for an oracle: RFC 5280 4.1 by
// hand, without BoringSSL.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_CERTIFICATE_H_
#define OVOC_FUZZ_ORACLE_NAIVE_CERTIFICATE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::fuzz {

struct NaiveCertificate {
  bool ok = false;  // the certificate could be read
  std::string issuer;
  std::string subject;                  // both in DER
  std::vector<std::string> dns_names;   // of subjectAltName
  std::vector<std::string> addresses;   // of subjectAltName, 4 or 16 bytes
  std::vector<std::string> extensions;  // their identifiers
  std::vector<std::string> critical_extensions;  // those that are critical
};

// ReadNaiveCertificate reads one certificate in DER.
NaiveCertificate ReadNaiveCertificate(absl::Span<const uint8_t> der);

// Holds says whether a certificate is one of the server `name`: an IP address
// in text form that is among the addresses, or a DNS name that equals one of
// the names (case ignored, RFC 9525 6.3), whose left-most label may be `*`
// above two labels at least.
bool Holds(const NaiveCertificate& certificate, absl::string_view name);

// KeepsExtensionRules says whether a certificate has each extension once, and
// no critical one but keyUsage, subjectAltName, basicConstraints,
// nameConstraints, extKeyUsage, nsCertType and the four of policies (RFC 5280
// 4.2). A certificate that breaks this is never accepted.
bool KeepsExtensionRules(const NaiveCertificate& certificate);

// IsAnchored says whether issuer names lead from the first of `chain`, through
// others of it, to one of `roots` (or whether the first is a root). Every chain
// of signatures needs that, but it is not enough for one.
bool IsAnchored(absl::Span<const NaiveCertificate> chain,
                absl::Span<const NaiveCertificate> roots);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_CERTIFICATE_H_
