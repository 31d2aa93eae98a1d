// SPDX-License-Identifier: Apache-2.0
#include "auth/chain_rules.h"

#include <openssl/asn1.h>
#include <openssl/base.h>
#include <openssl/obj.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "auth/certificate_strength.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {
namespace {

bool HasFlag(X509* certificate, uint32_t flag) {
  return (X509_get_extension_flags(certificate) & flag) != 0;
}

// RFC 5280 4.2: not more than one instance of an extension. BoringSSL looks at
// those it reads itself only.
bool HasExtensionTwice(const X509& certificate) {
  std::set<std::string> seen;
  for (int i = 0; i < X509_get_ext_count(&certificate); ++i) {
    const ASN1_OBJECT* kind =
        X509_EXTENSION_get_object(X509_get_ext(&certificate, i));
    if (!seen.emplace(reinterpret_cast<const char*>(OBJ_get0_data(kind)),
                      OBJ_length(kind))
             .second) {
      return true;
    }
  }
  return false;
}

Violation CheckForm(X509* certificate, size_t depth) {
  const long version = X509_get_version(certificate);
  if (version != X509_VERSION_3) {
    return {VerifyFailure::kMalformed, depth,
            absl::StrCat("X.509 version ", version + 1, ", needs 3")};
  }
  if (HasFlag(certificate, EXFLAG_INVALID)) {
    return {VerifyFailure::kMalformed, depth, "an extension is broken"};
  }
  if (HasExtensionTwice(*certificate)) {
    return {VerifyFailure::kMalformed, depth,
            "an extension is there twice (RFC 5280 4.2)"};
  }
  if (HasFlag(certificate, EXFLAG_CRITICAL)) {
    return {VerifyFailure::kOther, depth,
            "a critical extension is not understood (RFC 5280 4.2)"};
  }
  return {};
}

Violation CheckStrength(X509* certificate, size_t depth, size_t anchor_depth) {
  if (std::optional<std::string> weak = FindWeakKey(*certificate)) {
    return {VerifyFailure::kWeakKey, depth, *std::move(weak)};
  }
  if (depth == anchor_depth) {
    return {};
  }
  if (std::optional<std::string> weak = FindWeakSignature(*certificate)) {
    return {VerifyFailure::kWeakSignature, depth, *std::move(weak)};
  }
  return {};
}

Violation CheckLeaf(X509* leaf, bool is_anchor) {
  if (HasFlag(leaf, EXFLAG_CA) && !is_anchor) {
    return {VerifyFailure::kPurpose, 0,
            "a CA certificate in use as a server's (basicConstraints CA)"};
  }
  // X509_get_key_usage allows everything where there is no keyUsage.
  if (HasFlag(leaf, EXFLAG_KUSAGE) && !is_anchor &&
      (X509_get_key_usage(leaf) & KU_KEY_CERT_SIGN) != 0) {
    return {VerifyFailure::kPurpose, 0,
            "keyUsage keyCertSign without basicConstraints CA (RFC 5280 "
            "4.2.1.3)"};
  }
  if (X509_check_purpose(leaf, X509_PURPOSE_SSL_SERVER, /*ca=*/0) != 1) {
    return {VerifyFailure::kPurpose, 0,
            "keyUsage or extKeyUsage do not allow a TLS server"};
  }
  return {};
}

Violation CheckIssuer(absl::Span<X509* const> chain, size_t depth) {
  if (X509_check_purpose(chain[depth], X509_PURPOSE_SSL_SERVER, /*ca=*/1) !=
      1) {
    return {VerifyFailure::kPurpose, depth,
            "basicConstraints, keyUsage or extKeyUsage do not allow a CA of "
            "TLS servers"};
  }
  const long limit = X509_get_pathlen(chain[depth]);  // -1: none
  long below = 0;
  for (size_t i = 1; i < depth; ++i) {
    below += HasFlag(chain[i], EXFLAG_SI) ? 0 : 1;
  }
  if (limit >= 0 && below > limit) {
    return {VerifyFailure::kPathLength, depth,
            absl::StrCat("pathLenConstraint ", limit, ", ", below,
                         " CAs below (RFC 5280 4.2.1.9)")};
  }
  return {};
}

Violation CheckCertificate(absl::Span<X509* const> chain, size_t depth) {
  if (Violation violation = CheckForm(chain[depth], depth); violation.found()) {
    return violation;
  }
  if (Violation violation =
          CheckStrength(chain[depth], depth, chain.size() - 1);
      violation.found()) {
    return violation;
  }
  return depth == 0 ? CheckLeaf(chain[0], chain.size() == 1)
                    : CheckIssuer(chain, depth);
}

}  // namespace

Violation CheckChainRules(absl::Span<X509* const> chain) {
  if (chain.empty()) {
    return {VerifyFailure::kOther, 0, "no chain was built"};
  }
  for (size_t depth = 0; depth < chain.size(); ++depth) {
    if (Violation violation = CheckCertificate(chain, depth);
        violation.found()) {
      return violation;
    }
  }
  return {};
}

}  // namespace ovoc::auth
