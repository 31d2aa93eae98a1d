// SPDX-License-Identifier: Apache-2.0
#include "conformance/x509/chain_verdict.h"

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "auth/certificate_verifier.h"
#include "auth/testing/certificate_test_data.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

using auth::TestPem;
using ::testing::StartsWith;

absl::Time Year(int year) {
  return absl::FromCivil(absl::CivilYear(year), absl::UTCTimeZone());
}

std::string GoodChain() {
  return absl::StrCat(TestPem("leaf_good"), TestPem("intermediate_ec"));
}

absl::StatusOr<ChainVerdict> Judge(
    const std::string& roots, const std::string& chain, const std::string& name,
    int year, auth::NameCheck name_check = auth::NameCheck::kRequired) {
  return JudgeChain({roots, chain, name, name_check, Year(year)});
}

TEST(ChainVerdictTest, AcceptsAGoodChainForItsNameAndItsAddress) {
  for (const char* name : {"ovoc.example.net", "192.0.2.10", "2001:db8::10"}) {
    const absl::StatusOr<ChainVerdict> verdict =
        Judge(TestPem("root_ec"), GoodChain(), name, 2027);
    ASSERT_TRUE(verdict.ok()) << verdict.status();
    EXPECT_TRUE(verdict->accepted) << verdict->reason;
    EXPECT_EQ(verdict->reason, "");
  }
}

TEST(ChainVerdictTest, TheTimeIsTakenAsItIs) {
  // Before the release date of any build, and within the validity.
  EXPECT_TRUE(Judge(TestPem("root_ec"), GoodChain(), "ovoc.example.net", 2020)
                  ->accepted);
  EXPECT_THAT(
      Judge(TestPem("root_ec"), GoodChain(), "ovoc.example.net", 2019)->reason,
      StartsWith("not_yet_valid: certificate 0 ("));
  EXPECT_THAT(
      Judge(TestPem("root_ec"), GoodChain(), "ovoc.example.net", 2121)->reason,
      StartsWith("expired: certificate 0 ("));
}

TEST(ChainVerdictTest, ARefusalBeginsWithItsWord) {
  EXPECT_THAT(Judge(TestPem("root_ec"), GoodChain(), "a.example", 2027)->reason,
              StartsWith("name_mismatch: certificate 0 ("));
  EXPECT_THAT(
      Judge(TestPem("root_unknown"), GoodChain(), "ovoc.example.net", 2027)
          ->reason,
      StartsWith("unknown_issuer: certificate 1 ("));
}

TEST(ChainVerdictTest, TheNameIsNotLookedAtWhenSwitchedOff) {
  EXPECT_TRUE(
      Judge(TestPem("root_ec"), GoodChain(), "", 2027, auth::NameCheck::kOff)
          ->accepted);
}

TEST(ChainVerdictTest, WhatIsInsideABlockIsRefusedWhatIsNoBlockIsAMistake) {
  const std::string broken =
      "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
  EXPECT_THAT(
      Judge(TestPem("root_ec"), broken, "ovoc.example.net", 2027)->reason,
      StartsWith("malformed: certificate 0"));
  EXPECT_THAT(Judge(broken, GoodChain(), "ovoc.example.net", 2027)->reason,
              StartsWith("roots: trusted roots: certificate 1"));
  absl::StatusOr<ChainVerdict> verdict =
      Judge(TestPem("root_ec"), "text", "ovoc.example.net", 2027);
  EXPECT_THAT(std::string(verdict.status().message()),
              StartsWith("--chain: no BEGIN"));
  verdict = Judge("", GoodChain(), "ovoc.example.net", 2027);
  EXPECT_THAT(std::string(verdict.status().message()),
              StartsWith("--roots: no BEGIN"));
}

}  // namespace
}  // namespace ovoc::conformance
