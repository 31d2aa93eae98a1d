// SPDX-License-Identifier: Apache-2.0
#include "auth/name_constraints.h"

#include <openssl/base.h>
#include <openssl/bytestring.h>
#include <openssl/nid.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "auth/general_name.h"
#include "auth/name_match.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {
namespace {

using Kind = GeneralName::Kind;
using Names = std::vector<GeneralName>;

constexpr unsigned kPermittedTag =
    CBS_ASN1_CONTEXT_SPECIFIC | CBS_ASN1_CONSTRUCTED | 0;
constexpr unsigned kExcludedTag =
    CBS_ASN1_CONTEXT_SPECIFIC | CBS_ASN1_CONSTRUCTED | 1;

// One nameConstraints extension.
struct Constraints {
  Names permitted;
  Names excluded;
};

// GeneralSubtrees (RFC 5280 4.2.1.10), of which there is at least one.
bool ReadSubtrees(CBS der, Names* bases) {
  while (CBS_len(&der) != 0) {
    CBS subtree;
    if (CBS_get_asn1(&der, &subtree, CBS_ASN1_SEQUENCE) != 1) {
      return false;
    }
    const std::optional<GeneralName> base = ReadGeneralName(&subtree);
    // What follows would be minimum or maximum.
    if (!base.has_value() || CBS_len(&subtree) != 0 ||
        !IsNameConstraint(*base)) {
      return false;
    }
    bases->push_back(*base);
  }
  return !bases->empty();
}

std::optional<Constraints> ReadConstraints(absl::Span<const uint8_t> der) {
  CBS whole;
  CBS_init(&whole, der.data(), der.size());
  CBS inside;
  CBS subtrees;
  int has_permitted = 0;
  int has_excluded = 0;
  Constraints constraints;
  if (CBS_get_asn1(&whole, &inside, CBS_ASN1_SEQUENCE) != 1 ||
      CBS_len(&whole) != 0 ||
      CBS_get_optional_asn1(&inside, &subtrees, &has_permitted,
                            kPermittedTag) != 1 ||
      (has_permitted != 0 && !ReadSubtrees(subtrees, &constraints.permitted)) ||
      CBS_get_optional_asn1(&inside, &subtrees, &has_excluded, kExcludedTag) !=
          1 ||
      (has_excluded != 0 && !ReadSubtrees(subtrees, &constraints.excluded)) ||
      CBS_len(&inside) != 0 || (has_permitted == 0 && has_excluded == 0)) {
    return std::nullopt;
  }
  return constraints;
}

absl::string_view Describe(Kind kind) {
  switch (kind) {
    case Kind::kOther:
      return "otherName";
    case Kind::kMail:
      return "mail address";
    case Kind::kDns:
      return "DNS name";
    case Kind::kX400:
      return "x400Address";
    case Kind::kDirectory:
      return "directory name";
    case Kind::kEdiParty:
      return "ediPartyName";
    case Kind::kUri:
      return "URI";
    case Kind::kIp:
      return "IP address";
    case Kind::kRegistered:
      return "registeredID";
  }
  return "name";
}

// What is wrong with `name` below `constraints`; empty: nothing.
std::string CheckName(const GeneralName& name, const Constraints& constraints) {
  const std::string unclear =
      absl::StrCat("a ", Describe(name.kind),
                   " below a constraint of that form that cannot be compared");
  for (const GeneralName& base : constraints.excluded) {
    if (base.kind == name.kind) {
      const std::optional<bool> match = MatchName(name, base, Reach::kAny);
      if (!match.has_value()) {
        return unclear;
      }
      if (*match) {
        return absl::StrCat("a ", Describe(name.kind), " that is excluded");
      }
    }
  }
  bool constrained = false;
  for (const GeneralName& base : constraints.permitted) {
    if (base.kind == name.kind) {
      const std::optional<bool> match = MatchName(name, base, Reach::kAll);
      if (!match.has_value()) {
        return unclear;
      }
      if (*match) {
        return "";
      }
      constrained = true;
    }
  }
  return constrained
             ? absl::StrCat("a ", Describe(name.kind), " that is not permitted")
             : "";
}

Violation Broken(size_t depth, absl::string_view what) {
  return {VerifyFailure::kNameConstraint, depth,
          absl::StrCat(what, " (RFC 5280 4.2.1.10)")};
}

bool HasConstraints(const X509& certificate) {
  return X509_get_ext_by_NID(&certificate, NID_name_constraints, -1) >= 0;
}

size_t CountDirectories(const Names& names) {
  return static_cast<size_t>(std::count_if(
      names.begin(), names.end(),
      [](const GeneralName& name) { return name.kind == Kind::kDirectory; }));
}

// What it takes to hold one name against `constraints`.
size_t Cost(const GeneralName& name, const Constraints& constraints) {
  const size_t all = constraints.permitted.size() + constraints.excluded.size();
  return name.kind != Kind::kDirectory
             ? all
             : all + kDirectoryComparison *
                         (CountDirectories(constraints.permitted) +
                          CountDirectories(constraints.excluded));
}

// The certificates below `depth` against its constraints. `comparisons`: how
// many are left.
Violation CheckBelow(absl::Span<X509* const> chain, size_t depth,
                     const Constraints& constraints, size_t* comparisons) {
  for (size_t i = 0; i < depth; ++i) {
    if (i > 0 && (X509_get_extension_flags(chain[i]) & EXFLAG_SI) != 0) {
      continue;
    }
    const std::optional<Names> names = ReadNames(*chain[i]);
    if (!names.has_value()) {
      return Broken(i, "broken names below nameConstraints");
    }
    for (const GeneralName& name : *names) {
      const size_t cost = Cost(name, constraints);
      if (cost > *comparisons) {
        return Broken(i, absl::StrCat("more than ", kMaxNameComparisons,
                                      " names times constraints"));
      }
      *comparisons -= cost;
      std::string wrong = CheckName(name, constraints);
      if (!wrong.empty()) {
        return Broken(
            i, absl::StrCat(wrong, " by the nameConstraints of certificate ",
                            depth));
      }
    }
  }
  return {};
}

}  // namespace

Violation CheckNameConstraints(absl::Span<X509* const> chain) {
  size_t comparisons = kMaxNameComparisons;
  if (chain.size() > 1 && HasConstraints(*chain[0])) {
    return Broken(0, "nameConstraints in a certificate that is no CA's");
  }
  for (size_t depth = chain.size(); depth-- > 1;) {
    if (!HasConstraints(*chain[depth])) {
      continue;
    }
    const std::optional<absl::Span<const uint8_t>> der =
        FindExtension(*chain[depth], NID_name_constraints);
    const std::optional<Constraints> constraints =
        der.has_value() ? ReadConstraints(*der) : std::nullopt;
    if (!constraints.has_value()) {
      return Broken(depth, "nameConstraints that cannot be understood");
    }
    if (Violation violation =
            CheckBelow(chain, depth, *constraints, &comparisons);
        violation.found()) {
      return violation;
    }
  }
  return {};
}

}  // namespace ovoc::auth
