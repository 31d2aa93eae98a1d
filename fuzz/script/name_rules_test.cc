// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/name_rules.h"

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "fuzz/script/name_chain.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

ScriptName Dns(absl::string_view text) {
  return {ScriptName::kDns, std::string(text), {}};
}

ScriptName Ip(std::vector<int> bytes) {
  return {ScriptName::kIp, std::string(bytes.begin(), bytes.end()), {}};
}

ScriptName Directory(std::vector<std::string> subject) {
  return {ScriptName::kDirectory, "", std::move(subject)};
}

// A leaf with one name below an anchor with these constraints.
bool Keeps(const ScriptName& name, std::vector<ScriptName> permitted,
           std::vector<ScriptName> excluded) {
  std::vector<NameCertificate> chain(2);
  chain[0].has_names = true;
  chain[0].names = {name};
  chain[1].has_constraints = true;
  chain[1].permitted = std::move(permitted);
  chain[1].excluded = std::move(excluded);
  return KeepsNameConstraints(chain);
}

TEST(NameRulesTest, KnowsWhatADnsConstraintReaches) {
  for (const absl::string_view name : {"a.b", "A.B", "x.a.b", "*.a.b"}) {
    EXPECT_TRUE(IsPermittedDns(name, "a.b")) << name;
    EXPECT_TRUE(IsExcludedDns(name, "a.b")) << name;
  }
  for (const absl::string_view name : {"b", "xa.b", "a.b.c", "c"}) {
    EXPECT_FALSE(IsPermittedDns(name, "a.b")) << name;
    EXPECT_FALSE(IsExcludedDns(name, "a.b")) << name;
  }
  EXPECT_FALSE(IsPermittedDns("*.b", "a.b"));
  EXPECT_TRUE(IsExcludedDns("*.b", "a.b"));
  EXPECT_FALSE(IsExcludedDns("*.b", "x.a.b"));
  EXPECT_TRUE(IsPermittedDns("a", ""));
}

TEST(NameRulesTest, HoldsEachFormAgainstItsOwn) {
  EXPECT_TRUE(Keeps(Dns("a.b"), {Dns("b")}, {}));
  EXPECT_FALSE(Keeps(Dns("a.c"), {Dns("b")}, {}));
  EXPECT_FALSE(Keeps(Dns("a.b"), {Dns("b")}, {Dns("a.b")}));
  EXPECT_FALSE(Keeps(Dns("a b"), {}, {Dns("c")})) << "unclear";
  EXPECT_TRUE(Keeps(Dns("a b"), {}, {Ip({1, 2, 3, 4, 255, 0, 0, 0})}));
  EXPECT_TRUE(Keeps(Ip({1, 9, 9, 9}), {Ip({1, 2, 3, 4, 255, 0, 0, 0})}, {}));
  EXPECT_FALSE(Keeps(Ip({2, 2, 3, 4}), {Ip({1, 2, 3, 4, 255, 0, 0, 0})}, {}));
  EXPECT_TRUE(Keeps(Directory({"oA  b", "cX"}), {Directory({"oa B "})}, {}));
  EXPECT_FALSE(Keeps(Directory({"cX", "oab"}), {Directory({"oab"})}, {}));
  EXPECT_FALSE(
      Keeps({ScriptName::kMail, "x", {}}, {}, {{ScriptName::kMail, "y", {}}}));
}

TEST(NameRulesTest, RefusesConstraintsThatMeanNothing) {
  const ScriptName name = Dns("a");
  EXPECT_FALSE(Keeps(name, {}, {}));
  EXPECT_FALSE(Keeps(name, {Dns(".a"), Dns("a")}, {}));
  EXPECT_FALSE(Keeps(name, {Dns("*.a"), Dns("a")}, {}));
  EXPECT_FALSE(Keeps(name, {}, {Ip({1, 2, 3, 4, 255, 0, 255, 0})}));
  EXPECT_FALSE(Keeps(name, {}, {Ip({1, 2, 3, 4})}));
}

TEST(NameRulesTest, LeavesOutTheSelfIssuedInTheMiddle) {
  std::vector<NameCertificate> chain(3);
  chain[1].has_names = true;
  chain[1].names = {Dns("b")};
  chain[1].subject = {"cx"};
  chain[2].has_constraints = true;
  chain[2].permitted = {Dns("a")};
  EXPECT_FALSE(KeepsNameConstraints(chain));
  chain[1].is_self_issued = true;
  EXPECT_TRUE(KeepsNameConstraints(chain));
}

}  // namespace
}  // namespace ovoc::fuzz
