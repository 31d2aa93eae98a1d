// SPDX-License-Identifier: Apache-2.0
#include "auth/name_constraints.h"

#include <openssl/base.h>
#include <openssl/bytestring.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "auth/certificate_facts.h"
#include "auth/general_name.h"
#include "auth/name_match.h"
#include "auth/verification_budget.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {
namespace {

using Kind = GeneralName::Kind;

constexpr unsigned kPermittedTag =
    CBS_ASN1_CONTEXT_SPECIFIC | CBS_ASN1_CONSTRUCTED | 0;
constexpr unsigned kExcludedTag =
    CBS_ASN1_CONTEXT_SPECIFIC | CBS_ASN1_CONSTRUCTED | 1;

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

Violation Broken(size_t depth, absl::string_view what) {
  return {VerifyFailure::kNameConstraint, depth,
          absl::StrCat(what, " (RFC 5280 4.2.1.10)")};
}

size_t Form(Kind kind) { return static_cast<size_t>(kind); }

}  // namespace

// GeneralSubtrees (RFC 5280 4.2.1.10), of which there is at least one.
bool NameConstraints::AddSubtrees(CBS der, std::array<Names, kForms>* bases) {
  if (CBS_len(&der) == 0) {
    return false;
  }
  while (CBS_len(&der) != 0) {
    CBS subtree;
    if (!budget_.Charge(kNameWork) ||
        CBS_get_asn1(&der, &subtree, CBS_ASN1_SEQUENCE) != 1) {
      return false;
    }
    const std::optional<GeneralName> name = ReadGeneralName(&subtree);
    // What follows would be minimum or maximum.
    if (!name.has_value() || CBS_len(&subtree) != 0) {
      return false;
    }
    std::optional<ComparableName> base = PrepareConstraint(*name);
    if (!base.has_value()) {
      return false;
    }
    (*bases)[Form(name->kind)].push_back(*std::move(base));
  }
  return true;
}

std::optional<NameConstraints::Subtrees> NameConstraints::ReadSubtrees(
    CBS der) {
  CBS inside;
  CBS part;
  int has_permitted = 0;
  int has_excluded = 0;
  Subtrees subtrees;
  if (CBS_get_asn1(&der, &inside, CBS_ASN1_SEQUENCE) != 1 ||
      CBS_len(&der) != 0 ||
      CBS_get_optional_asn1(&inside, &part, &has_permitted, kPermittedTag) !=
          1 ||
      (has_permitted != 0 && !AddSubtrees(part, &subtrees.permitted)) ||
      CBS_get_optional_asn1(&inside, &part, &has_excluded, kExcludedTag) != 1 ||
      (has_excluded != 0 && !AddSubtrees(part, &subtrees.excluded)) ||
      CBS_len(&inside) != 0 || (has_permitted == 0 && has_excluded == 0)) {
    return std::nullopt;
  }
  return subtrees;
}

const std::optional<NameConstraints::Subtrees>& NameConstraints::SubtreesOf(
    const CertificateFacts& above) {
  const auto known = subtrees_.find(&above);
  if (known != subtrees_.end()) {
    return known->second;
  }
  const std::optional<CBS>& der = above.extensions.name_constraints;
  const bool is_clear =
      der.has_value() && !above.extensions.repeated.has_value();
  return subtrees_.emplace(&above, is_clear ? ReadSubtrees(*der) : std::nullopt)
      .first->second;
}

const std::optional<NameConstraints::Names>& NameConstraints::NamesOf(
    const CertificateFacts& certificate) {
  const auto known = names_.find(&certificate);
  if (known != names_.end()) {
    return known->second;
  }
  std::optional<Names> prepared;
  const std::optional<std::vector<GeneralName>> names = ReadNames(certificate);
  if (names.has_value() && budget_.Charge(kNameWork * names->size())) {
    prepared.emplace();
    for (const GeneralName& name : *names) {
      prepared->push_back(PrepareName(name));
    }
  }
  return names_.emplace(&certificate, std::move(prepared)).first->second;
}

// Nothing as well when the budget is used up.
std::optional<bool> NameConstraints::Match(const ComparableName& name,
                                           const ComparableName& base,
                                           Reach reach) {
  const size_t bytes = name.text.has_value() && base.text.has_value()
                           ? std::min(name.text->size(), base.text->size())
                           : 0;
  if (!budget_.Charge(CompareWork(bytes))) {
    return std::nullopt;
  }
  return MatchName(name, base, reach);
}

// What is wrong with `name` below `above`; empty: nothing.
std::string NameConstraints::CheckName(const ComparableName& name,
                                       const Subtrees& above) {
  const size_t form = Form(name.kind);
  const Names& permitted = above.permitted[form];
  for (const ComparableName& base : above.excluded[form]) {
    const std::optional<bool> match = Match(name, base, Reach::kAny);
    if (!match.has_value()) {
      return absl::StrCat("its ", Describe(name.kind), " cannot be judged");
    }
    if (*match) {
      return absl::StrCat("its ", Describe(name.kind), " is excluded");
    }
  }
  for (const ComparableName& base : permitted) {
    const std::optional<bool> match = Match(name, base, Reach::kAll);
    if (!match.has_value()) {
      return absl::StrCat("its ", Describe(name.kind), " cannot be judged");
    }
    if (*match) {
      return "";
    }
  }
  return permitted.empty()
             ? ""
             : absl::StrCat("its ", Describe(name.kind), " is not permitted");
}

NameConstraints::Finding NameConstraints::CompareAll(
    const CertificateFacts& below, const Subtrees& above) {
  const std::optional<Names>& names = NamesOf(below);
  if (!names.has_value()) {
    return {"its names cannot be read, but nameConstraints apply to them", ""};
  }
  for (const ComparableName& name : *names) {
    std::string wrong = CheckName(name, above);
    if (!wrong.empty()) {
      return {"", std::move(wrong)};
    }
  }
  return {};
}

const NameConstraints::Finding& NameConstraints::Compare(
    const CertificateFacts& below, const CertificateFacts& above) {
  const auto pair = std::make_pair(&below, &above);
  const auto known = findings_.find(pair);
  if (known != findings_.end()) {
    return known->second;
  }
  return findings_.emplace(pair, CompareAll(below, *SubtreesOf(above)))
      .first->second;
}

// The certificates below `depth` against its constraints.
Violation NameConstraints::CheckBelow(Chain chain, size_t depth) {
  if (!chain[depth]->extensions.name_constraints.has_value()) {
    return {};
  }
  const bool is_clear = SubtreesOf(*chain[depth]).has_value();
  if (budget_.is_used_up()) {
    return budget_.Refusal();
  }
  if (!is_clear) {
    return Broken(depth, "its nameConstraints cannot be understood");
  }
  for (size_t i = 0; i < depth; ++i) {
    if (i > 0 && chain[i]->is_self_issued) {
      continue;
    }
    const Finding& finding = Compare(*chain[i], *chain[depth]);
    if (budget_.is_used_up()) {
      return budget_.Refusal();
    }
    if (!finding.broken.empty()) {
      return Broken(i, finding.broken);
    }
    if (!finding.outside.empty()) {
      return Broken(
          i, absl::StrCat(finding.outside,
                          " by the nameConstraints of certificate ", depth));
    }
  }
  return {};
}

Violation NameConstraints::Check(Chain chain) {
  for (size_t depth = chain.size(); depth-- > 1;) {
    if (Violation violation = CheckLast(chain.first(depth + 1));
        violation.found()) {
      return violation;
    }
  }
  return {};
}

Violation NameConstraints::CheckLast(Chain chain) {
  if (chain.size() > 1 && chain[0]->extensions.name_constraints.has_value()) {
    return Broken(0, "it has nameConstraints but is not a CA certificate");
  }
  return chain.empty() ? Violation{} : CheckBelow(chain, chain.size() - 1);
}

}  // namespace ovoc::auth
