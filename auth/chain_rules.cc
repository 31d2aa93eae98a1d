// SPDX-License-Identifier: Apache-2.0
#include "auth/chain_rules.h"

#include <openssl/bytestring.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "auth/certificate_facts.h"
#include "auth/extension_facts.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {
namespace {

constexpr uint8_t kTlsUsages = ExtensionFacts::kDigitalSignature |
                               ExtensionFacts::kKeyEncipherment |
                               ExtensionFacts::kKeyAgreement;

Violation Malformed(size_t depth, std::string what) {
  return {VerifyFailure::kMalformed, depth, std::move(what)};
}

// The octets of a positive number, without the zero in front that says so.
size_t OctetsOfSerial(const CBS& serial) {
  const size_t size = CBS_len(&serial);
  return size > 1 && CBS_data(&serial)[0] == 0 ? size - 1 : size;
}

Violation CheckExtensions(const ExtensionFacts& extensions, size_t depth) {
  // RFC 5280 4.2: not more than one instance of an extension.
  if (extensions.repeated.has_value()) {
    return Malformed(depth,
                     absl::StrCat("the extension ", *extensions.repeated,
                                  " occurs more than once (RFC 5280 4.2)"));
  }
  if (extensions.broken.has_value()) {
    return Malformed(depth, absl::StrCat("the extension ", *extensions.broken,
                                         " is broken (RFC 5280 4.2)"));
  }
  if (extensions.unknown_critical.has_value()) {
    return {
        VerifyFailure::kCriticalExtension, depth,
        absl::StrCat("the critical extension ", *extensions.unknown_critical,
                     " is not understood (RFC 5280 4.2)")};
  }
  if (extensions.is_proxy) {
    return {VerifyFailure::kOther, depth,
            "it is a proxy certificate, which is not accepted (RFC 3820)"};
  }
  return {};
}

Violation CheckStrength(const CertificateFacts& certificate, size_t depth,
                        bool is_anchor) {
  if (certificate.weak_key.has_value()) {
    return {VerifyFailure::kWeakKey, depth, *certificate.weak_key};
  }
  if (!is_anchor && certificate.weak_signature.has_value()) {
    return {VerifyFailure::kWeakSignature, depth, *certificate.weak_signature};
  }
  return {};
}

Violation CheckLeaf(const ExtensionFacts& leaf, bool is_anchor) {
  if (leaf.is_ca && !is_anchor) {
    return {VerifyFailure::kPurpose, 0,
            "it is a CA certificate, not a server's (basicConstraints CA)"};
  }
  if (leaf.key_usage.has_value() && !is_anchor &&
      (*leaf.key_usage & ExtensionFacts::kKeyCertSign) != 0) {
    return {VerifyFailure::kPurpose, 0,
            "keyUsage keyCertSign without basicConstraints CA (RFC 5280 "
            "4.2.1.3)"};
  }
  if (!leaf.Allows(kTlsUsages) || !leaf.allows_server.value_or(true) ||
      !leaf.is_netscape_server.value_or(true)) {
    return {VerifyFailure::kPurpose, 0,
            "keyUsage or extKeyUsage do not allow a TLS server"};
  }
  return {};
}

Violation CheckIssuer(Chain chain, size_t depth) {
  const ExtensionFacts& issuer = chain[depth]->extensions;
  if (!issuer.is_ca || !issuer.Allows(ExtensionFacts::kKeyCertSign) ||
      !issuer.allows_server.value_or(true)) {
    return {VerifyFailure::kPurpose, depth,
            "basicConstraints, keyUsage or extKeyUsage do not allow a CA of "
            "TLS servers"};
  }
  uint64_t below = 0;
  for (size_t i = 1; i < depth; ++i) {
    below += chain[i]->is_self_issued ? 0 : 1;
  }
  if (issuer.path_length.has_value() && below > *issuer.path_length) {
    return {VerifyFailure::kPathLength, depth,
            absl::StrCat("its pathLenConstraint is ", *issuer.path_length,
                         ", but the number of CAs below it is ", below,
                         " (RFC 5280 4.2.1.9)")};
  }
  return {};
}

Violation CheckCertificate(Chain chain, size_t depth, bool is_anchor) {
  if (Violation violation = CheckForm(*chain[depth], depth);
      violation.found()) {
    return violation;
  }
  if (Violation violation = CheckStrength(*chain[depth], depth, is_anchor);
      violation.found()) {
    return violation;
  }
  return depth == 0 ? CheckLeaf(chain[0]->extensions, is_anchor)
                    : CheckIssuer(chain, depth);
}

}  // namespace

Violation CheckForm(const CertificateFacts& certificate, size_t depth) {
  if (!certificate.is_readable) {
    return Malformed(depth, "its fields cannot be read (RFC 5280 4.1)");
  }
  if (certificate.version != 3) {
    return Malformed(depth,
                     absl::StrCat("its X.509 version is ", certificate.version,
                                  ", but it must be 3"));
  }
  if (const size_t octets = OctetsOfSerial(certificate.serial);
      octets > kMaxSerialOctets) {
    return Malformed(
        depth,
        absl::StrCat("its serial number has ", octets, " octets, but at most ",
                     kMaxSerialOctets, " are allowed (RFC 5280 4.1.2.2)"));
  }
  return CheckExtensions(certificate.extensions, depth);
}

Violation CheckChainRules(Chain chain) {
  if (chain.empty()) {
    return {VerifyFailure::kOther, 0, "no chain was built"};
  }
  for (size_t depth = 0; depth < chain.size(); ++depth) {
    if (Violation violation =
            CheckCertificate(chain, depth, depth + 1 == chain.size());
        violation.found()) {
      return violation;
    }
  }
  return {};
}

Violation CheckLastRules(Chain chain, Place place) {
  return CheckCertificate(chain, chain.size() - 1, place == Place::kAnchor);
}

}  // namespace ovoc::auth
