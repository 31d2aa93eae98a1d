// SPDX-License-Identifier: Apache-2.0
//
// What a verification takes, whatever a server sends: in units of work, which
// do not depend on the machine, and roughly in time. micro has the times.
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "auth/certificate_verifier.h"
#include "auth/testing/costly_chain.h"
#include "auth/trust_store.h"
#include "auth/verification_budget.h"
#include "auth/verify_failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::HasSubstr;
using Verdict = CertificateVerifier::Verdict;

constexpr char kHost[] = "ovoc.example.net";
// Processor time of one verification: this is no benchmark, micro is. The units
// cannot show work that nobody charges for, and time can: without the charge
// for comparing names, dns_names took 11 s here. What is charged stands for 40
// ms; the rest of the bound is for builds without optimisation, sanitizers and
// slow machines. It is the processor's time, so other programs do not count.
constexpr std::clock_t kMostClock = 2 * CLOCKS_PER_SEC;

Verdict Verify(const CostlyChain& costly,
               uint64_t max_work = kMaxVerificationWork) {
  absl::StatusOr<TrustStore> store = TrustStore::FromPem(costly.roots_pem);
  EXPECT_TRUE(store.ok()) << store.status();
  const absl::StatusOr<CertificateVerifier> verifier =
      CertificateVerifier::Create(*std::move(store), {.max_work = max_work});
  return verifier->Verify({.chain = costly.spans(),
                           .name = kHost,
                           .now = absl::FromUnixSeconds(1'790'000'000)});
}

std::string ReadFile(absl::string_view name) {
  std::ifstream file(
      absl::StrCat("testdata/certificates/costly/", name, ".pem"),
      std::ios::binary);
  EXPECT_TRUE(file.is_open()) << name;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// The chain that took the client seven seconds.
CostlyChain DirectoryNamesOfTheFile() {
  CostlyChain costly;
  costly.roots_pem = ReadFile("root");
  std::string base64;
  for (absl::string_view line :
       absl::StrSplit(ReadFile("directory_names"), '\n')) {
    if (!absl::StartsWith(line, "-----")) {
      absl::StrAppend(&base64, line);
    } else if (absl::StartsWith(line, "-----END")) {
      std::string der;
      EXPECT_TRUE(absl::Base64Unescape(base64, &der));
      costly.presented.emplace_back(der.begin(), der.end());
      base64.clear();
    }
  }
  return costly;
}

TEST(VerificationCostTest, DirectoryNamesAreReadAndComparedOnce) {
  const Verdict verdict = Verify(DirectoryNamesOfTheFile());
  EXPECT_EQ(verdict.failure, VerifyFailure::kUnknownIssuer);
  // 8 certificates of 10 KB, and the names of one against the constraints of
  // another, once.
  EXPECT_LT(verdict.work, 10'000'000u);
}

TEST(VerificationCostTest, NothingTakesMoreThanItMay) {
  for (const CostlyKind& kind : CostlyKinds()) {
    SCOPED_TRACE(kind.name);
    const CostlyChain costly = kind.make();
    const std::clock_t begin = std::clock();
    const Verdict verdict = Verify(costly);
    EXPECT_LT(std::clock() - begin, kMostClock);
    EXPECT_LE(verdict.work, kMaxVerificationWork);
    EXPECT_GT(verdict.work, 1'000'000u);
    if (verdict.failure == VerifyFailure::kTooLarge) {
      EXPECT_THAT(std::string(verdict.status.message()),
                  HasSubstr("more than the 40000000 units of work"));
      // It did not stop before.
      EXPECT_GT(Verify(costly, 8 * kMaxVerificationWork).work,
                kMaxVerificationWork);
    }
  }
}

// Which of them a budget is needed for, and which are cheap in themselves.
TEST(VerificationCostTest, TheVerdictIsARefusalOrTheRightOne) {
  const struct {
    absl::string_view name;
    VerifyFailure expected;
  } cases[] = {
      {"directory_names", VerifyFailure::kTooLarge},
      {"dns_names", VerifyFailure::kTooLarge},
      {"ip_ranges", VerifyFailure::kTooLarge},
      {"cross_signed_loops", VerifyFailure::kTooLarge},
      {"roots_with_one_name", VerifyFailure::kTooLarge},
      {"roots_and_large_leaf", VerifyFailure::kTooLarge},
      {"huge_san_list", VerifyFailure::kNameMismatch},
      {"huge_san_list_on_many_ways", VerifyFailure::kUnknownIssuer},
      {"huge_directory_san_list", VerifyFailure::kNameMismatch},
      {"certificate_policies", VerifyFailure::kNone},
      {"large_rsa_keys", VerifyFailure::kTooLarge},
      {"many_extensions", VerifyFailure::kNone},
      {"relative_distribution_points", VerifyFailure::kNone},
      {"one_large_relative_name", VerifyFailure::kNone},
  };
  ASSERT_EQ(std::size(cases), CostlyKinds().size());
  for (size_t i = 0; i < std::size(cases); ++i) {
    ASSERT_EQ(CostlyKinds()[i].name, cases[i].name);
    EXPECT_EQ(Name(Verify(CostlyKinds()[i].make()).failure),
              Name(cases[i].expected))
        << cases[i].name;
  }
}

TEST(VerificationCostTest, TheWorkIsTheSameEachTime) {
  const CostlyChain costly = DirectoryNamesOfTheFile();
  const Verdict verdict = Verify(costly);
  EXPECT_EQ(Verify(costly).work, verdict.work);
  // As much is enough, and one unit less is not.
  EXPECT_EQ(Verify(costly, verdict.work).failure, verdict.failure);
  const Verdict refused = Verify(costly, verdict.work - 1);
  EXPECT_EQ(refused.failure, VerifyFailure::kTooLarge);
  EXPECT_LT(refused.work, verdict.work);
  EXPECT_FALSE(refused.ok());
  EXPECT_EQ(Verify(costly, 0).failure, VerifyFailure::kTooLarge);
}

}  // namespace
}  // namespace ovoc::auth
