// SPDX-License-Identifier: Apache-2.0
#include "conformance/x509/chain_answer.h"

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "auth/testing/certificate_test_data.h"
#include "auth/trust_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

using auth::TestPem;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// 2027-01-01T00:00:00Z, within the validity of the test's certificates.
constexpr absl::string_view kTime = "--time=1798761600";

class ChainAnswerTest : public testing::Test {
 protected:
  void SetUp() override {
    roots_ = File("roots.pem", TestPem("root_ec"));
    chain_ = File("chain.pem", absl::StrCat(TestPem("leaf_good"),
                                            TestPem("intermediate_ec")));
  }

  static std::string File(absl::string_view name, absl::string_view contents) {
    const std::string path = absl::StrCat(testing::TempDir(), "/", name);
    std::ofstream(path, std::ios::binary) << contents;
    return path;
  }

  static ChainAnswer Ask(const std::vector<std::string>& options) {
    std::vector<const char*> arguments = {"verify_chain"};
    for (const std::string& option : options) {
      arguments.push_back(option.c_str());
    }
    return AnswerChainQuestion(arguments);
  }

  ChainAnswer AskFor(absl::string_view roots, absl::string_view chain,
                     absl::string_view name) const {
    return Ask({absl::StrCat("--roots=", roots),
                absl::StrCat("--chain=", chain), absl::StrCat("--name=", name),
                std::string(kTime)});
  }

  std::string roots_;
  std::string chain_;
};

TEST_F(ChainAnswerTest, AGoodChainIsAccepted) {
  for (const char* name : {"ovoc.example.net", "192.0.2.10", "2001:db8::10"}) {
    const ChainAnswer answer = AskFor(roots_, chain_, name);
    EXPECT_EQ(answer.exit_code, 0) << name;
    EXPECT_EQ(answer.text, "accepted") << name;
  }
}

TEST_F(ChainAnswerTest, WithoutTheNameCheckAnyNameWillDo) {
  const ChainAnswer answer =
      Ask({absl::StrCat("--roots=", roots_), absl::StrCat("--chain=", chain_),
           "--name_check=off", std::string(kTime)});
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.text, "accepted");
}

TEST_F(ChainAnswerTest, ARefusalIsOneLineWithItsWord) {
  const std::string leaf_alone = File("leaf.pem", TestPem("leaf_good"));
  const std::string other_roots = File("other.pem", TestPem("root_unknown"));
  const std::string broken =
      File("broken.pem",
           "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
  const struct {
    const char* name;
    ChainAnswer answer;
    const char* text;
  } kCases[] = {
      {"another name", AskFor(roots_, chain_, "a.example"),
       "refused: name_mismatch: certificate 0 ("},
      {"another root", AskFor(other_roots, chain_, "ovoc.example.net"),
       "refused: unknown_issuer: certificate 1 ("},
      {"no intermediate", AskFor(roots_, leaf_alone, "ovoc.example.net"),
       "refused: unknown_issuer: certificate 0 ("},
      {"a leaf that is none", AskFor(roots_, broken, "ovoc.example.net"),
       "refused: malformed: certificate 0"},
      {"a root that is none", AskFor(broken, chain_, "ovoc.example.net"),
       "refused: roots: trusted roots: certificate 1"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(c.answer.exit_code, 1) << c.name;
    EXPECT_THAT(c.answer.text, StartsWith(c.text)) << c.name;
    EXPECT_THAT(c.answer.text, Not(HasSubstr("\n"))) << c.name;
  }
}

TEST_F(ChainAnswerTest, WhatIsNotSupportedIsNoRefusal) {
  const ChainAnswer answer =
      Ask({absl::StrCat("--roots=", roots_), absl::StrCat("--chain=", chain_),
           "--name=ovoc.example.net", std::string(kTime), "--purpose=client"});
  EXPECT_EQ(answer.exit_code, 89);
  EXPECT_THAT(answer.text, StartsWith("not supported: --purpose=client: "));
}

// Nothing is read for a question that is not supported.
TEST_F(ChainAnswerTest, TheQuestionIsLookedAtBeforeTheFiles) {
  EXPECT_EQ(AskFor("/nonexistent", "/nonexistent", "a@example.net").exit_code,
            89);
  EXPECT_EQ(AskFor("/nonexistent", "/nonexistent", "a b").exit_code, 2);
}

TEST_F(ChainAnswerTest, AWrongQuestionNamesItsOption) {
  const std::string empty = File("empty.pem", "");
  const std::string large =
      File("large.pem", std::string(auth::kMaxTrustStoreBytes + 1, '\n'));
  const std::string name = "ovoc.example.net";
  const struct {
    const char* name;
    ChainAnswer answer;
    const char* text;
  } kCases[] = {
      {"nothing asked", Ask({}), "verify_chain: --roots: it is missing"},
      {"an empty line of a batch", Ask({""}),
       "verify_chain: : this is not an option"},
      {"no such roots", AskFor("/nonexistent/r", chain_, name),
       "verify_chain: --roots: /nonexistent/r "},
      {"no such chain", AskFor(roots_, "/nonexistent/c", name),
       "verify_chain: --chain: /nonexistent/c "},
      {"a folder as chain", AskFor(roots_, testing::TempDir(), name),
       "verify_chain: --chain: "},
      {"empty roots", AskFor(empty, chain_, name), "verify_chain: --roots: "},
      {"an empty chain", AskFor(roots_, empty, name),
       "verify_chain: --chain: "},
      {"roots that are too large", AskFor(large, chain_, name),
       "verify_chain: --roots: "},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(c.answer.exit_code, 2) << c.name << ": " << c.answer.text;
    EXPECT_THAT(c.answer.text, StartsWith(c.text)) << c.name;
    EXPECT_THAT(c.answer.text, Not(HasSubstr("\n"))) << c.name;
  }
}

}  // namespace
}  // namespace ovoc::conformance
