// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/name_rules.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
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

// The examples of RFC 5280 4.2.1.10.
TEST(NameRulesTest, AgreesWithTheExamplesOfRfc5280) {
  EXPECT_TRUE(IsPermittedDns("www.host.example.com", "host.example.com"));
  EXPECT_FALSE(IsPermittedDns("host1.example.com", "host.example.com"));
  // C0 00 02 00 FF FF FF 00 is 192.0.2.0/24.
  const std::vector<ScriptName> range = {Ip({192, 0, 2, 0, 255, 255, 255, 0})};
  EXPECT_TRUE(Keeps(Ip({192, 0, 2, 0}), range, {}));
  EXPECT_TRUE(Keeps(Ip({192, 0, 2, 255}), range, {}));
  EXPECT_FALSE(Keeps(Ip({192, 0, 3, 0}), range, {}));
  EXPECT_FALSE(Keeps(Ip({192, 0, 1, 255}), range, {}));
  EXPECT_FALSE(Keeps(Ip({192, 0, 2, 7}), {}, range));
  EXPECT_TRUE(Keeps(Ip({192, 0, 3, 7}), {}, range));
}

// All names of up to three labels of "a" and "b".
std::vector<std::string> AllNames() {
  std::vector<std::string> all;
  for (const std::string one : {"a", "b"}) {
    all.push_back(one);
    for (const std::string two : {"a", "b"}) {
      all.push_back(one + "." + two);
      for (const std::string three : {"a", "b"}) {
        all.push_back(one + "." + two + "." + three);
      }
    }
  }
  return all;
}

// The same on texts: a suffix that begins where a label does.
bool IsBelow(const std::string& name, const std::string& base) {
  return base.empty() || name == base || absl::EndsWith(name, "." + base);
}

TEST(NameRulesTest, AWildcardStandsForAnyOneLabel) {
  std::vector<std::string> bases = AllNames();
  bases.push_back("");
  for (const std::string& base : bases) {
    for (const std::string& name : AllNames()) {
      EXPECT_EQ(IsPermittedDns(name, base), IsBelow(name, base))
          << name << " " << base;
      EXPECT_EQ(IsExcludedDns(name, base), IsBelow(name, base))
          << name << " " << base;
      // "c" stands for every label that no constraint has.
      int below = 0;
      for (const std::string label : {"a.", "b.", "c."}) {
        below += IsBelow(label + name, base) ? 1 : 0;
      }
      EXPECT_EQ(IsPermittedDns("*." + name, base), below == 3)
          << name << " " << base;
      EXPECT_EQ(IsExcludedDns("*." + name, base), below > 0)
          << name << " " << base;
    }
  }
}

TEST(NameRulesTest, MasksAreOfOneRun) {
  for (int bits = 0; bits <= 32; ++bits) {
    std::vector<int> base(4, 0);
    for (int byte = 0; byte < 4; ++byte) {
      const int ones = std::clamp(bits - 8 * byte, 0, 8);
      base.push_back(0xFF00 >> ones & 0xFF);
    }
    EXPECT_EQ(Keeps(Ip({0, 0, 0, 0}), {Ip(base)}, {}), true) << bits;
    EXPECT_EQ(Keeps(Ip({0, 0, 0, 1}), {Ip(base)}, {}), bits < 32) << bits;
    EXPECT_EQ(Keeps(Ip({128, 0, 0, 0}), {Ip(base)}, {}), bits < 1) << bits;
    EXPECT_FALSE(Keeps(Ip({0, 0, 0, 0}), {}, {Ip(base)})) << bits;
  }
}

TEST(NameRulesTest, AddressesOfTheTwoVersionsAreOneForm) {
  std::vector<int> v6(32, 0);
  v6[0] = 0x20;
  v6[16] = 0xFF;
  std::vector<int> inside(16, 1);
  inside[0] = 0x20;
  EXPECT_TRUE(Keeps(Ip(inside), {Ip(v6)}, {}));
  inside[0] = 0x21;
  EXPECT_FALSE(Keeps(Ip(inside), {Ip(v6)}, {}));
  EXPECT_FALSE(Keeps(Ip({32, 1, 1, 1}), {Ip(v6)}, {})) << "permitted: IPv6";
  EXPECT_TRUE(Keeps(Ip({32, 1, 1, 1}), {}, {Ip(v6)})) << "excluded: IPv6";
  EXPECT_FALSE(Keeps(Ip({1, 2, 3}), {}, {Ip(v6)})) << "no address";
}

TEST(NameRulesTest, NamesThatAreNoHostNamesCannotBeCompared) {
  const std::string label63(63, 'x');
  const struct {
    std::string name;
    bool is_clear;
  } kCases[] = {
      {"a-b_9.c", true}, {label63, true},     {label63 + "x", false},
      {"", false},       {"a..b", false},     {"a.", false},
      {".a", false},     {"*", false},        {"*.", false},
      {"*.a", true},     {"*.*.a", false},    {"a*.b", false},
      {"a b", false},    {"\xC3\xA4", false},
  };
  for (const auto& test : kCases) {
    EXPECT_EQ(Keeps(Dns(test.name), {}, {Dns("q")}), test.is_clear)
        << test.name;
    EXPECT_TRUE(Keeps(Dns(test.name), {}, {Directory({"cx"})})) << test.name;
  }
}

TEST(NameRulesTest, ADirectoryIsHeldFromItsRootOn) {
  const std::vector<ScriptName> base = {Directory({"ox", "uy"})};
  EXPECT_TRUE(Keeps(Directory({"ox", "uy"}), base, {}));
  EXPECT_TRUE(Keeps(Directory({"ox", "uy", "cz"}), base, {}));
  EXPECT_FALSE(Keeps(Directory({"ox"}), base, {}));
  EXPECT_FALSE(Keeps(Directory({"uy", "ox"}), base, {}));
  EXPECT_FALSE(Keeps(Directory({"ox", "oy"}), base, {})) << "the attribute";
  EXPECT_TRUE(Keeps(Directory({"oX ", "u\ty"}), base, {})) << "X.500's match";
  EXPECT_FALSE(Keeps(Directory({"cz"}), {}, {Directory({})})) << "everything";
}

TEST(NameRulesTest, TheSubjectAndItsMailAreNamesToo) {
  std::vector<NameCertificate> chain(2);
  chain[0].subject = {"oa", "em@b"};
  chain[1].has_constraints = true;
  chain[1].permitted = {Directory({"ob"})};
  EXPECT_FALSE(KeepsNameConstraints(chain));
  chain[1].permitted = {Directory({"oa"})};
  EXPECT_TRUE(KeepsNameConstraints(chain));
  chain[1].permitted = {{ScriptName::kMail, "b", {}}};
  EXPECT_FALSE(KeepsNameConstraints(chain)) << "mail is not compared";
  chain[0].subject = {"oa"};
  EXPECT_TRUE(KeepsNameConstraints(chain)) << "there is no mail";
  chain[0].subject = {};
  EXPECT_TRUE(KeepsNameConstraints(chain)) << "there is no name";
}

TEST(NameRulesTest, EveryCertificateBelowIsHeldAgainstEveryConstraint) {
  std::vector<NameCertificate> chain(3);
  chain[0].has_names = true;
  chain[0].names = {Dns("x.a")};
  chain[1].subject = {"cx"};
  chain[1].has_constraints = true;
  chain[1].permitted = {Dns("a")};
  chain[2].has_constraints = true;
  chain[2].excluded = {Dns("b")};
  EXPECT_TRUE(KeepsNameConstraints(chain));
  chain[0].names.push_back(Dns("x.b"));
  EXPECT_FALSE(KeepsNameConstraints(chain)) << "both";
  chain[1].has_constraints = false;
  EXPECT_FALSE(KeepsNameConstraints(chain)) << "the anchor's";
  chain[2].has_constraints = false;
  EXPECT_TRUE(KeepsNameConstraints(chain)) << "nobody's";
}

TEST(NameRulesTest, ALeafHasNoConstraintsAndIsNeverLeftOut) {
  std::vector<NameCertificate> chain(2);
  chain[0].has_constraints = true;
  chain[0].permitted = {Dns("a")};
  EXPECT_FALSE(KeepsNameConstraints(chain));
  chain[0] = {};
  chain[0].is_self_issued = true;
  chain[0].has_names = true;
  chain[0].names = {Dns("b")};
  chain[1].has_constraints = true;
  chain[1].permitted = {Dns("a")};
  EXPECT_FALSE(KeepsNameConstraints(chain)) << "self-issued, but the last";
  chain[0].names.clear();
  EXPECT_FALSE(KeepsNameConstraints(chain)) << "an empty list is broken";
  chain[0].has_names = false;
  EXPECT_TRUE(KeepsNameConstraints(chain));
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
  chain[1].is_self_issued = false;
  chain[2].subject = {"cX "};
  EXPECT_TRUE(KeepsNameConstraints(chain)) << "the issuer's name is its own";
}

}  // namespace
}  // namespace ovoc::fuzz
