// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_EXTENSION_FACTS_H_
#define OVOC_AUTH_EXTENSION_FACTS_H_

#include <openssl/base.h>
#include <openssl/bytestring.h>

#include <cstdint>
#include <optional>
#include <string>

#include "auth/policy_facts.h"

namespace ovoc::auth {

// ExtensionFacts: what the extensions of a certificate say (RFC 5280 4.2). We
// read them ourselves, because the time that BoringSSL needs for them grows
// with the square of some lists, and its reading depends on its version. It has
// views into the certificate.
struct ExtensionFacts {
  // Bits of keyUsage (RFC 5280 4.2.1.3), as they stand in its first byte.
  static constexpr uint8_t kDigitalSignature = 0x80;
  static constexpr uint8_t kKeyEncipherment = 0x20;
  static constexpr uint8_t kKeyAgreement = 0x08;
  static constexpr uint8_t kKeyCertSign = 0x04;

  // Each is the name of the first extension that it is true of (see
  // ExtensionName).
  std::optional<std::string> broken;    // it is read here, and not in order
  std::optional<std::string> repeated;  // it is there twice, of whatever kind
  // critical, and not processed as RFC 5280 4.2 wants it
  std::optional<std::string> unknown_critical;
  bool is_proxy = false;                   // RFC 3820
  bool is_ca = false;                      // basicConstraints cA
  std::optional<uint64_t> path_length;     // pathLenConstraint
  std::optional<uint8_t> key_usage;        // without one all is allowed
  std::optional<bool> allows_server;       // extKeyUsage serverAuth
  std::optional<bool> is_netscape_server;  // nsCertType, where one still is
  std::optional<CBS> subject_key;          // subjectKeyIdentifier
  std::optional<CBS> authority_key;        // of authorityKeyIdentifier
  std::optional<CBS> authority_serial;
  std::optional<std::string> authority_issuer;  // as CanonicalName has it
  std::optional<CBS> alternative_names;  // the whole value of subjectAltName
  std::optional<CBS> name_constraints;   // the whole value of nameConstraints
  PolicyFacts policies;

  // Allows: whether keyUsage is absent or has one of `bits`.
  bool Allows(uint8_t bits) const {
    return !key_usage.has_value() || (*key_usage & bits) != 0;
  }
};

// These critical extensions are processed; all others are refused (RFC 5280
// 4.2): keyUsage, subjectAltName, basicConstraints, nameConstraints,
// extKeyUsage, nsCertType, and the four about policies. certificatePolicies is
// accepted only with qualifiers that we know (RFC 5280 4.2.1.4). proxyCertInfo
// is always a reason to refuse. RFC 5280 says that the others must never be
// critical.
//
// ReadExtensions: `der` is the SEQUENCE OF Extension, or empty if there is
// none. The result is nothing if that is malformed. The time is proportional to
// the bytes, except for sorting the kinds.
std::optional<ExtensionFacts> ReadExtensions(CBS der);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_EXTENSION_FACTS_H_
