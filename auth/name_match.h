// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_NAME_MATCH_H_
#define OVOC_AUTH_NAME_MATCH_H_

#include <optional>

#include "auth/general_name.h"

namespace ovoc::auth {

// IsNameConstraint: whether `base` can stand in nameConstraints (RFC 5280
// 4.2.1.10): a DNS name without wildcard or a dot in front, or empty; an IPv4
// or IPv6 address and a mask without gaps. Other forms are not looked at.
bool IsNameConstraint(const GeneralName& base);

// Reach: what has to be within a constraint when a name is a wildcard, which
// stands for one label.
enum class Reach {
  kAll,  // every name it stands for: to be permitted
  kAny,  // at least one of them: to be excluded
};

// MatchName: whether `name` is within `base`, a constraint of the same form
// that IsNameConstraint has seen: the DNS name itself or one below it; the
// address under the mask, of the same family; the directory name that begins
// with the relative names of `base`, compared as X.500 names are. Nothing when
// it cannot be said: `name` is broken, or of a form that is not compared. It
// leaves notes in BoringSSL's error queue.
std::optional<bool> MatchName(const GeneralName& name, const GeneralName& base,
                              Reach reach);

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_NAME_MATCH_H_
