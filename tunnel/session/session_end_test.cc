// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/session_end.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using Failure = ReconnectPolicy::Failure;

TEST(SessionEndTest, EveryReasonHasAWordOfItsOwn) {
  std::set<std::string> words;
  for (int i = 0; i <= static_cast<int>(EndReason::kProxyLogin); ++i) {
    const absl::string_view word = Word(static_cast<EndReason>(i));
    EXPECT_FALSE(word.empty());
    EXPECT_TRUE(words.emplace(word).second) << word;
    EXPECT_TRUE(words.emplace(Describe(static_cast<EndReason>(i))).second);
  }
}

TEST(SessionEndTest, OnlyWhatNeedsAHandIsPersistent) {
  for (int i = 0; i <= static_cast<int>(EndReason::kProxyLogin); ++i) {
    const auto reason = static_cast<EndReason>(i);
    const bool persistent = reason == EndReason::kUnauthorized ||
                            reason == EndReason::kNoFreeAddress ||
                            reason == EndReason::kCertificate ||
                            reason == EndReason::kProxyLogin;
    EXPECT_EQ(FailureKind(reason) == Failure::kPersistent, persistent)
        << Word(reason);
  }
}

TEST(SessionEndTest, AStoppedServerEndsATunnelInThreeWays) {
  for (int i = 0; i <= static_cast<int>(EndReason::kProxyLogin); ++i) {
    const auto reason = static_cast<EndReason>(i);
    EXPECT_EQ(
        IsServersEnd({reason, absl::UnavailableError("timed out")}),
        reason == EndReason::kClosedByPeer || reason == EndReason::kPeerGone)
        << Word(reason);
  }
  EXPECT_TRUE(
      IsServersEnd({EndReason::kConnection, absl::AbortedError("reset")}));
  EXPECT_FALSE(
      IsServersEnd({EndReason::kHandshake, absl::AbortedError("reset")}));
}

TEST(SessionEndTest, TheDocumentedExitCodesDiffer) {
  EXPECT_EQ(ExitCodeFor(EndReason::kClosedByUs), ExitCode::kDone);
  EXPECT_EQ(ExitCodeFor(EndReason::kResolution), ExitCode::kResolution);
  EXPECT_EQ(ExitCodeFor(EndReason::kConnection), ExitCode::kConnection);
  EXPECT_EQ(ExitCodeFor(EndReason::kCertificate), ExitCode::kCertificate);
  EXPECT_EQ(ExitCodeFor(EndReason::kUnauthorized), ExitCode::kLogin);
  EXPECT_EQ(ExitCodeFor(EndReason::kNoFreeAddress), ExitCode::kNoFreeAddress);
  EXPECT_EQ(ExitCodeFor(EndReason::kHandshake), ExitCode::kProtocol);
}

}  // namespace
}  // namespace ovoc::tunnel
