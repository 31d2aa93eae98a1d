// SPDX-License-Identifier: Apache-2.0
#include "auth/certificate_policies.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <set>
#include <vector>

#include "absl/strings/string_view.h"
#include "auth/certificate_facts.h"
#include "auth/policy_facts.h"
#include "auth/verification_budget.h"
#include "auth/verify_failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::HasSubstr;
using Policy = absl::string_view;

constexpr Policy kAny = "any";
constexpr Policy kPolicies[] = {"a", "b", "c"};

// One certificate; `policies` may have kAny, null: no certificatePolicies.
struct Said {
  std::optional<std::vector<Policy>> policies = std::nullopt;
  std::vector<PolicyFacts::Mapping> mappings = {};
  std::optional<uint64_t> require_explicit = std::nullopt;
  std::optional<uint64_t> inhibit_mapping = std::nullopt;
  std::optional<uint64_t> inhibit_any = std::nullopt;
  bool is_self_issued = false;
};

CertificateFacts Facts(const Said& said) {
  CertificateFacts facts;
  facts.is_self_issued = said.is_self_issued;
  PolicyFacts& policies = facts.extensions.policies;
  policies.has_policies = said.policies.has_value();
  for (const Policy policy : said.policies.value_or(std::vector<Policy>())) {
    if (policy == kAny) {
      policies.has_any_policy = true;
    } else {
      policies.policies.push_back(policy);
    }
  }
  policies.mappings = said.mappings;
  policies.require_explicit_policy = said.require_explicit;
  policies.inhibit_policy_mapping = said.inhibit_mapping;
  policies.inhibit_any_policy = said.inhibit_any;
  return facts;
}

Violation Check(const std::vector<Said>& chain, VerificationBudget* budget) {
  std::vector<CertificateFacts> facts;
  for (const Said& said : chain) {
    facts.push_back(Facts(said));
  }
  std::vector<const CertificateFacts*> pointers;
  for (const CertificateFacts& one : facts) {
    pointers.push_back(&one);
  }
  return CheckPolicies(pointers, budget);
}

Violation Check(const std::vector<Said>& chain) {
  VerificationBudget budget;
  return Check(chain, &budget);
}

// RFC 5280 6.1 word by word, with its tree, a second time. Certificate 0 of
// `path` is the anchor, which is good for any policy unless it lists some.
class PolicyTree {
 public:
  static bool Accepts(std::vector<Said> path) {
    if (!path[0].policies.has_value()) {
      path[0].policies = {kAny};
    }
    PolicyTree tree(path.size());
    for (size_t i = 1; i <= path.size(); ++i) {
      tree.AddDepth(path[i - 1], i);
      if (tree.explicit_ == 0 && !tree.HasNodes(i)) {  // 6.1.3 (f)
        return false;
      }
      if (i < path.size()) {
        tree.Map(path[i - 1], i);
        tree.Count(path[i - 1]);
      }
    }
    // 6.1.5 (a), (b) and its end.
    tree.explicit_ -= tree.explicit_ > 0 ? 1 : 0;
    if (path.back().require_explicit == 0u) {
      tree.explicit_ = 0;
    }
    return tree.explicit_ > 0 || tree.HasNodes(path.size());
  }

 private:
  struct Node {
    size_t depth;
    Policy valid;
    std::set<Policy> expected;
  };

  explicit PolicyTree(size_t n)
      : n_(n), explicit_(n + 1), mapping_(n + 1), inhibit_any_(n + 1) {
    nodes_.push_back({0, kAny, {kAny}});
  }

  bool HasNodes(size_t depth) const {
    for (const Node& node : nodes_) {
      if (node.depth == depth) {
        return true;
      }
    }
    return false;
  }

  // 6.1.3 (d) and (e). A branch that ends above `i` is left as it is: nothing
  // below it is ever added.
  void AddDepth(const Said& said, size_t i) {
    const std::vector<Node> before = nodes_;
    const std::vector<Policy> listed =
        said.policies.value_or(std::vector<Policy>());
    for (const Policy policy : listed) {
      if (policy == kAny) {
        continue;
      }
      bool is_matched = false;
      for (const Node& node : before) {
        if (node.depth + 1 == i && node.expected.count(policy) > 0) {
          nodes_.push_back({i, policy, {policy}});
          is_matched = true;
        }
      }
      for (const Node& node : before) {
        if (!is_matched && node.depth + 1 == i && node.valid == kAny) {
          nodes_.push_back({i, policy, {policy}});
        }
      }
    }
    const bool has_any = std::count(listed.begin(), listed.end(), kAny) > 0 &&
                         (inhibit_any_ > 0 || (i < n_ && said.is_self_issued));
    for (const Node& node : before) {
      for (const Policy policy : node.expected) {
        // One that is a child already is there once more; that is no harm.
        if (has_any && node.depth + 1 == i) {
          nodes_.push_back({i, policy, {policy}});
        }
      }
    }
  }

  // 6.1.4 (b).
  void Map(const Said& said, size_t i) {
    std::vector<Node> kept;
    std::set<Policy> valid;
    for (const Node& node : nodes_) {
      if (node.depth == i) {
        valid.insert(node.valid);
      }
    }
    for (Node node : nodes_) {
      std::set<Policy> subjects;
      for (const PolicyFacts::Mapping& mapping : said.mappings) {
        if (mapping.issuer_policy == node.valid) {
          subjects.insert(mapping.subject_policy);
        }
      }
      if (node.depth == i && !subjects.empty()) {
        if (mapping_ == 0) {
          continue;
        }
        node.expected = subjects;
      }
      kept.push_back(node);
    }
    for (const PolicyFacts::Mapping& mapping : said.mappings) {
      if (mapping_ > 0 && valid.count(mapping.issuer_policy) == 0 &&
          valid.count(kAny) > 0) {
        kept.push_back({i, mapping.issuer_policy, {mapping.subject_policy}});
      }
    }
    nodes_ = kept;
  }

  // 6.1.4 (h) to (j).
  void Count(const Said& said) {
    for (uint64_t* const count : {&explicit_, &mapping_, &inhibit_any_}) {
      *count -= !said.is_self_issued && *count > 0 ? 1 : 0;
    }
    explicit_ = std::min(explicit_, said.require_explicit.value_or(explicit_));
    mapping_ = std::min(mapping_, said.inhibit_mapping.value_or(mapping_));
    inhibit_any_ =
        std::min(inhibit_any_, said.inhibit_any.value_or(inhibit_any_));
  }

  size_t n_;
  uint64_t explicit_;
  uint64_t mapping_;
  uint64_t inhibit_any_;
  std::vector<Node> nodes_;
};

TEST(CheckPoliciesTest, NothingIsRequiredUnlessACaSaysSo) {
  EXPECT_FALSE(Check({{}, {}, {}}).found());
  // Policies that do not meet, mappings and inhibitAnyPolicy alone.
  EXPECT_FALSE(Check({{.policies = {{"a"}}},
                      {.policies = {{"b"}},
                       .mappings = {{"b", "c"}},
                       .inhibit_mapping = 0,
                       .inhibit_any = 0},
                      {}})
                   .found());
}

TEST(CheckPoliciesTest, ARequiredPolicyHasToReachTheLeaf) {
  const Said demands = {.policies = {{"a"}}, .require_explicit = 0};
  const Violation violation = Check({{}, demands, {}});
  EXPECT_EQ(violation.failure, VerifyFailure::kPolicy);
  EXPECT_EQ(violation.depth, 0u);
  EXPECT_THAT(violation.detail, HasSubstr("policyConstraints"));
  EXPECT_FALSE(Check({{.policies = {{"a"}}}, demands, {}}).found());
  EXPECT_FALSE(Check({{.policies = {{"b", kAny}}}, demands, {}}).found());
  EXPECT_TRUE(Check({{.policies = {{"b"}}}, demands, {}}).found());
  // The anchor's and the leaf's own count as well.
  EXPECT_TRUE(Check({{}, {}, {.require_explicit = 0}}).found());
  EXPECT_TRUE(Check({{.require_explicit = 0}, {}, {}}).found());
  EXPECT_FALSE(Check({{.require_explicit = 1}, {}, {}}).found());
  // A leaf that is trusted itself is good for any.
  EXPECT_FALSE(Check({{.require_explicit = 0}}).found());
}

TEST(CheckPoliciesTest, ItComesIntoEffectAfterSomeCertificates) {
  for (const uint64_t skipped : {0u, 1u, 2u, 3u, 4u}) {
    const Said demands = {.policies = {{"a"}}, .require_explicit = skipped};
    // Two below it: the second one is the first for which it counts.
    EXPECT_EQ(Check({{}, {.policies = {{"b"}}}, demands, {}}).found(),
              skipped <= 2)
        << skipped;
    // One that is self-issued does not count.
    EXPECT_EQ(Check({{}, {.is_self_issued = true}, demands, {}}).found(),
              skipped <= 1)
        << skipped;
  }
}

TEST(CheckPoliciesTest, MappingsAndAnyPolicyAreFollowed) {
  const Said maps = {
      .policies = {{"a"}}, .mappings = {{"a", "c"}}, .require_explicit = 0};
  EXPECT_FALSE(Check({{.policies = {{"c"}}}, maps, {}}).found());
  EXPECT_TRUE(Check({{.policies = {{"a"}}}, maps, {}}).found());
  EXPECT_TRUE(
      Check({{.policies = {{"c"}}}, maps, {.inhibit_mapping = 0}}).found());
  const Said any = {.policies = {{kAny}}};
  const Said demands = {.policies = {{"a"}}, .require_explicit = 0};
  EXPECT_FALSE(Check({any, demands, {}}).found());
  EXPECT_TRUE(Check({any, demands, {.inhibit_any = 0}}).found());
}

// A certificate with a part of all that there is to say.
Said RandomSaid(std::minstd_rand* random) {
  const auto pick = [random](uint64_t below) { return (*random)() % below; };
  const auto number = [&]() -> std::optional<uint64_t> {
    return pick(2) == 0 ? std::optional<uint64_t>(pick(4)) : std::nullopt;
  };
  Said said;
  if (pick(8) != 0) {
    said.policies.emplace();
    for (const Policy policy :
         {kPolicies[0], kPolicies[1], kPolicies[2], kAny}) {
      if (pick(2) == 0) {
        said.policies->push_back(policy);
      }
    }
  }
  for (uint64_t left = pick(3); left > 0; --left) {
    said.mappings.push_back({kPolicies[pick(3)], kPolicies[pick(3)]});
  }
  said.require_explicit = number();
  said.inhibit_mapping = number();
  said.inhibit_any = number();
  said.is_self_issued = pick(4) == 0;
  return said;
}

TEST(CheckPoliciesTest, AsTheTreeOfTheRfc) {
  std::minstd_rand random(1);
  size_t accepted = 0;
  constexpr size_t kChains = 20'000;
  for (size_t i = 0; i < kChains; ++i) {
    std::vector<Said> chain(1 + random() % 6);
    for (Said& said : chain) {
      said = RandomSaid(&random);
    }
    const std::vector<Said> path(chain.rbegin(), chain.rend());
    const bool is_good = PolicyTree::Accepts(path);
    ASSERT_EQ(!Check(chain).found(), is_good) << "chain " << i;
    accepted += is_good ? 1 : 0;
  }
  EXPECT_GT(accepted, kChains / 10);
  EXPECT_LT(accepted, kChains * 9 / 10);
}

TEST(CheckPoliciesTest, ItIsCharged) {
  const std::vector<Said> chain = {
      {.policies = {{"a"}}}, {.policies = {{"a"}}, .require_explicit = 0}, {}};
  VerificationBudget enough;
  EXPECT_FALSE(Check(chain, &enough).found());
  EXPECT_EQ(enough.spent(), 6 * kPolicyWork);
  VerificationBudget little(enough.spent() - 1);
  EXPECT_EQ(Check(chain, &little).failure, VerifyFailure::kTooLarge);
  VerificationBudget none(0);
  EXPECT_FALSE(Check({{}, {}}, &none).found());
}

}  // namespace
}  // namespace ovoc::auth
