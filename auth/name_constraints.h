// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_NAME_CONSTRAINTS_H_
#define OVOC_AUTH_NAME_CONSTRAINTS_H_

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "auth/certificate_facts.h"
#include "auth/general_name.h"
#include "auth/name_match.h"
#include "auth/verification_budget.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {

// NameConstraints: the rules of nameConstraints (RFC 5280 4.2.1.10, 6.1.3 b, c;
// 6.1.4 g) for the chains of one verification. The anchor's constraints count
// too. All names of a certificate are checked, including its subject. Only the
// names of self-issued certificates between leaf and anchor are exempt.
//
//   dNSName        permits or excludes a name and all names below it. A
//                  wildcard is permitted if all names that it may stand for
//                  are, and excluded if one of them is. The empty constraint
//                  matches all names.
//   iPAddress      an address and a mask without gaps, of the same family.
//   directoryName  the first relative names of a subject, compared like X.500
//                  names (case and white space).
//   other forms    are not compared: a name of such a form below a
//                  constraint of its form is refused.
//
// What nobody can interpret is refused as well: constraints that are not DER,
// are empty, or have a minimum or maximum; a DNS constraint with a wildcard or
// with a dot in front; an address of any other length; a broken name below a
// constraint of its form; constraints in a leaf. It checks neither signatures
// nor whether the requested name is in the leaf.
//
// Each name and each constraint is read once, and two certificates are compared
// once, however many chains have them. From the budget, reading takes kNameWork
// per name, and comparing takes CompareWork of the shorter one.
class NameConstraints {
 public:
  explicit NameConstraints(VerificationBudget* budget) : budget_(*budget) {}

  // Check: returns kNameConstraint for the first certificate of `chain` (leaf
  // first, trust anchor last) with a name that violates the nameConstraints of
  // a certificate above it, or kTooLarge if the budget is used up, or no
  // violation. The facts must not move.
  Violation Check(Chain chain);

  // CheckLast: the same, for the constraints of the last certificate of `chain`
  // only.
  Violation CheckLast(Chain chain);

 private:
  static constexpr size_t kForms = 9;
  using Names = std::vector<ComparableName>;

  // One nameConstraints extension, by form.
  struct Subtrees {
    std::array<Names, kForms> permitted;
    std::array<Names, kForms> excluded;
  };
  // What is wrong between two certificates. Both are empty if nothing is.
  struct Finding {
    std::string broken;   // the names of the lower one cannot be read
    std::string outside;  // one of them is outside the constraints
  };

  bool AddSubtrees(CBS der, std::array<Names, kForms>* bases);
  std::optional<Subtrees> ReadSubtrees(CBS der);
  const std::optional<Subtrees>& SubtreesOf(const CertificateFacts& above);
  const std::optional<Names>& NamesOf(const CertificateFacts& certificate);
  const Finding& Compare(const CertificateFacts& below,
                         const CertificateFacts& above);
  Finding CompareAll(const CertificateFacts& below, const Subtrees& above);
  std::string CheckName(const ComparableName& name, const Subtrees& above);
  std::optional<bool> Match(const ComparableName& name,
                            const ComparableName& base, Reach reach);
  Violation CheckBelow(Chain chain, size_t depth);

  VerificationBudget& budget_;
  std::map<const CertificateFacts*, std::optional<Subtrees>> subtrees_;
  std::map<const CertificateFacts*, std::optional<Names>> names_;
  std::map<std::pair<const CertificateFacts*, const CertificateFacts*>, Finding>
      findings_;
};

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_NAME_CONSTRAINTS_H_
