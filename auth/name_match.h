// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_NAME_MATCH_H_
#define OVOC_AUTH_NAME_MATCH_H_

#include <optional>
#include <string>

#include "auth/general_name.h"

namespace ovoc::auth {

// ComparableName: a name or a constraint in the form in which it is compared,
// made once: a DNS name in lower case, an address as it is, a directory name as
// CanonicalName makes it. text is nothing if the name is broken, or if its form
// is not compared.
struct ComparableName {
  GeneralName::Kind kind = GeneralName::Kind::kOther;
  std::optional<std::string> text;
  bool is_wildcard = false;  // of a DNS name, whose text is without the "*."
};

// PrepareName: `name`, as a certificate has it.
ComparableName PrepareName(const GeneralName& name);

// PrepareConstraint: `base`, as nameConstraints have it (RFC 5280 4.2.1.10). It
// must be a DNS name without a wildcard or a dot in front, which may be empty,
// or an IPv4 or IPv6 address and a mask without gaps; otherwise the text is
// nothing. Other forms are not examined.
std::optional<ComparableName> PrepareConstraint(const GeneralName& base);

// Reach: how much has to be within a constraint if a name is a wildcard, which
// stands for one label.
enum class Reach {
  kAll,  // every name it stands for: to be permitted
  kAny,  // at least one of them: to be excluded
};

// MatchName: whether `name` is within `base`, a constraint of the same form:
// the DNS name itself or one below it; an address of the same family under the
// mask; a directory name that begins with the relative names of `base`,
// compared like X.500 names. The result is nothing if that cannot be decided
// because one of them has no text. It takes CompareWork of the shorter text.
std::optional<bool> MatchName(const ComparableName& name,
                              const ComparableName& base, Reach reach);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_NAME_MATCH_H_
