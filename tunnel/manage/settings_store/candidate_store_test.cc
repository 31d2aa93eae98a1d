// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/settings_store/candidate_store.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

using Which = CandidateStore::Which;

constexpr absl::string_view kText =
    "; a device's file\n"
    "EnableSyslog = 1\n"
    "WSTunServer = ovoc.example\n"
    "WSTunPassword = 'a-password-of-some-length' ; of OVOC\n";

std::string Message(const absl::Status& status) {
  return std::string(status.message());
}

TEST(CandidateStoreTest, CandidateAndRunningAreEqualAtFirst) {
  const CandidateStore store(kText);
  EXPECT_EQ(store.Text(Which::kRunning), kText);
  EXPECT_EQ(store.Text(Which::kCandidate), kText);
  EXPECT_FALSE(store.IsEdited());
  EXPECT_THAT(store.Compare(), IsEmpty());
  EXPECT_TRUE(store.Validate(Policy::kCompat).ok());
}

TEST(CandidateStoreTest, AnEditChangesTheCandidateOnly) {
  CandidateStore store(kText);
  ASSERT_TRUE(store.Edit("wstunserverport", "8443").ok());
  EXPECT_EQ(store.Text(Which::kRunning), kText);
  EXPECT_EQ(store.Text(Which::kCandidate),
            std::string(kText) + "WSTunServerPort = '8443'\n");
  EXPECT_TRUE(store.IsEdited());
  EXPECT_THAT(store.Compare(), ElementsAre("+WSTunServerPort = 8443"));
  store.Discard();
  EXPECT_FALSE(store.IsEdited());
}

TEST(CandidateStoreTest, ACommitMakesTheCandidateRun) {
  CandidateStore store(kText);
  ASSERT_TRUE(store.Edit("WSTunMtu", "1400").ok());
  store.Commit();
  EXPECT_FALSE(store.IsEdited());
  EXPECT_THAT(store.Text(Which::kRunning), HasSubstr("WSTunMtu = '1400'\n"));
  ASSERT_TRUE(store.Edit("WSTunMtu", std::nullopt).ok());
  EXPECT_EQ(store.Text(Which::kCandidate), kText);
}

TEST(CandidateStoreTest, WhatIsShownHasNoPassword) {
  CandidateStore store(kText);
  ASSERT_TRUE(store.Edit("WSTunPassword", "another-password").ok());
  for (const Which which : {Which::kCandidate, Which::kRunning}) {
    const std::vector<ShownSetting> shown = store.Shown(which);
    ASSERT_EQ(shown.size(), 2U);
    EXPECT_EQ(shown[0].name, "WSTunServer");
    EXPECT_EQ(shown[0].value, "ovoc.example");
    EXPECT_EQ(shown[1].name, "WSTunPassword");
    EXPECT_EQ(shown[1].value, "(hidden)");
  }
}

TEST(CandidateStoreTest, AWrongEditChangesNothing) {
  CandidateStore store(kText);
  EXPECT_EQ(Message(store.Edit("WSTunMtu", "9000")),
            "WSTunMtu: '9000' is not valid; use 576 to 1500");
  EXPECT_THAT(Message(store.Edit("WSTunMt", "1400")),
              HasSubstr("did you mean WSTunMtu?"));
  EXPECT_THAT(Message(store.Edit("WSTunMt", std::nullopt)),
              HasSubstr("did you mean WSTunMtu?"));
  EXPECT_FALSE(store.IsEdited());
}

TEST(CandidateStoreTest, ValidateFindsWhatTheSettingsTogetherHaveWrong) {
  CandidateStore store(kText);
  ASSERT_TRUE(store.Edit("WSTunServer", std::nullopt).ok());
  ASSERT_TRUE(store.Edit("TLSCertificate", "/etc/a.pem").ok());
  const std::string message = Message(store.Validate(Policy::kCompat));
  EXPECT_THAT(message, HasSubstr("WSTunServer: this required setting is "
                                 "missing"));
  EXPECT_THAT(message, HasSubstr("TLSCertificate: TLSPrivateKey is missing; "
                                 "set both or neither"));
}

TEST(CandidateStoreTest, ValidateAsksThePolicy) {
  CandidateStore store(kText);
  ASSERT_TRUE(store.Edit("WSTunVerifyPeer", "0").ok());
  EXPECT_TRUE(store.Validate(Policy::kCompat).ok());
  const std::string message = Message(store.Validate(Policy::kCertified));
  EXPECT_THAT(message, HasSubstr("WSTunVerifyPeer"));
  EXPECT_THAT(message, Not(HasSubstr("a-password")));
}

TEST(CandidateStoreTest, AnUneditedCandidateFollowsTheFile) {
  CandidateStore store(kText);
  EXPECT_TRUE(store.LoadRunning("WSTunServer = other.example\n"));
  EXPECT_FALSE(store.IsEdited());
  EXPECT_TRUE(store.LoadRunning("WSTunServer = other.example\n"));
}

TEST(CandidateStoreTest, AnEditedCandidateDoesNotFollowTheFile) {
  CandidateStore store(kText);
  ASSERT_TRUE(store.Edit("WSTunMtu", "1400").ok());
  EXPECT_TRUE(store.LoadRunning(kText));
  EXPECT_FALSE(store.LoadRunning("WSTunServer = other.example\n"));
  EXPECT_THAT(store.Text(Which::kCandidate), StartsWith(std::string(kText)));
}

TEST(CandidateStoreTest, AnEarlierTextBecomesTheCandidate) {
  CandidateStore store(kText);
  store.LoadCandidate("WSTunServer = other.example\n");
  EXPECT_TRUE(store.IsEdited());
  EXPECT_THAT(store.Compare(), ElementsAre("-WSTunServer = ovoc.example",
                                           "+WSTunServer = other.example",
                                           "-WSTunPassword = (hidden)"));
}

}  // namespace
}  // namespace ovoc::tunnel
