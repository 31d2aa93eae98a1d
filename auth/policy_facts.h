// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_POLICY_FACTS_H_
#define OVOC_AUTH_POLICY_FACTS_H_

#include <openssl/bytestring.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"

namespace ovoc::auth {

// PolicyFacts: what four extensions of a certificate say about certificate
// policies (RFC 5280 4.2.1.4, 4.2.1.5, 4.2.1.11 and 4.2.1.14). A policy is the
// value of its OBJECT IDENTIFIER, a view into the certificate.
struct PolicyFacts {
  struct Mapping {
    absl::string_view issuer_policy;
    absl::string_view subject_policy;
  };

  bool has_policies = false;                // certificatePolicies is there
  bool has_any_policy = false;              // and lists anyPolicy
  bool has_unknown_qualifier = false;       // other than a CPS or a user notice
  std::vector<absl::string_view> policies;  // as listed, without anyPolicy
  std::vector<Mapping> mappings;
  std::optional<uint64_t> require_explicit_policy;  // certificates, as are
  std::optional<uint64_t> inhibit_policy_mapping;   // these
  std::optional<uint64_t> inhibit_any_policy;
};

// Each reads the whole value of one extension into *facts. It returns false if
// the value is not as RFC 5280 defines it, is empty where at least one entry is
// required, maps anyPolicy (RFC 5280 6.1.4 (a)), or has a negative number. It
// takes time in proportion to the bytes.
bool ReadCertificatePolicies(CBS value, PolicyFacts* facts);
bool ReadPolicyMappings(CBS value, PolicyFacts* facts);
bool ReadPolicyConstraints(CBS value, PolicyFacts* facts);
bool ReadInhibitAnyPolicy(CBS value, PolicyFacts* facts);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_POLICY_FACTS_H_
