// SPDX-License-Identifier: Apache-2.0
//
// Name constraints (RFC 5280 4.2.1.10) said a second time, for an oracle: over
// texts and labels, without a byte of DER.

#ifndef OVOC_FUZZ_SCRIPT_NAME_RULES_H_
#define OVOC_FUZZ_SCRIPT_NAME_RULES_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "fuzz/script/name_chain.h"

namespace ovoc::fuzz {

// KeepsNameConstraints says whether auth/name_constraints.h should find nothing
// wrong with a chain that has nothing raw in it.
bool KeepsNameConstraints(std::vector<NameCertificate> chain);

// IsPermittedDns: whether the DNS name, which may begin with "*.", is `base` or
// below it, whatever the wildcard stands for. IsExcludedDns: whether it could
// be.
bool IsPermittedDns(absl::string_view name, absl::string_view base);
bool IsExcludedDns(absl::string_view name, absl::string_view base);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_SCRIPT_NAME_RULES_H_
