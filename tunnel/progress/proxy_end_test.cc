// SPDX-License-Identifier: Apache-2.0
#include "tunnel/progress/proxy_end.h"

#include <iterator>
#include <set>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "tunnel/retry/end_cause.h"

namespace ovoc::tunnel {
namespace {

struct Case {
  ProxyFailure failure;
  ProxyLogin login;
  EndReason reason;
  EndCause cause;
};

constexpr Case kCases[] = {
    {ProxyFailure::kUnauthorized, ProxyLogin::kNone, EndReason::kProxyLogin,
     EndCause::kProxyWantsLogin},
    {ProxyFailure::kUnauthorized, ProxyLogin::kSent, EndReason::kProxyLogin,
     EndCause::kProxyLoginWrong},
    {ProxyFailure::kForbidden, ProxyLogin::kSent, EndReason::kProxy,
     EndCause::kProxyForbids},
    {ProxyFailure::kNoServer, ProxyLogin::kSent, EndReason::kProxy,
     EndCause::kProxyNoServer},
    {ProxyFailure::kRefused, ProxyLogin::kSent, EndReason::kProxy,
     EndCause::kProxyRefuses},
    {ProxyFailure::kWebPage, ProxyLogin::kSent, EndReason::kProxy,
     EndCause::kProxyWebPage},
    {ProxyFailure::kBrokenAnswer, ProxyLogin::kSent, EndReason::kProxy,
     EndCause::kProxyNotHttp},
    {ProxyFailure::kEarlyBytes, ProxyLogin::kSent, EndReason::kProxy,
     EndCause::kProxyEarlyBytes},
    {ProxyFailure::kClosed, ProxyLogin::kSent, EndReason::kProxy,
     EndCause::kProxyClosed},
    {ProxyFailure::kConnection, ProxyLogin::kSent, EndReason::kProxy,
     EndCause::kProxyClosed},
    {ProxyFailure::kTimeout, ProxyLogin::kSent, EndReason::kProxy,
     EndCause::kProxySilent},
    {ProxyFailure::kCertificate, ProxyLogin::kSent, EndReason::kProxy,
     EndCause::kProxyCertificate},
    {ProxyFailure::kTls, ProxyLogin::kSent, EndReason::kProxy,
     EndCause::kProxyTls},
};

TEST(ProxyEndTest, EachRefusalHasItsReasonAndCause) {
  for (const Case& c : kCases) {
    const End end = RefusalEnd("proxy.example:3128", c.failure, c.login,
                               absl::FailedPreconditionError("HTTP 403 No"));
    EXPECT_EQ(end.reason, c.reason) << static_cast<int>(c.failure);
    EXPECT_EQ(CauseOf(end.detail), c.cause) << static_cast<int>(c.failure);
    EXPECT_EQ(end.detail.message(), "proxy proxy.example:3128: HTTP 403 No");
    EXPECT_TRUE(absl::IsFailedPrecondition(end.detail));
  }
}

// A technician has to know them apart.
TEST(ProxyEndTest, AllButTwoLossesHaveTheirOwnCause) {
  std::set<EndCause> causes;
  for (const Case& c : kCases) {
    causes.insert(c.cause);
  }
  EXPECT_EQ(causes.size(), std::size(kCases) - 1);
}

TEST(ProxyEndTest, AProxyThatCannotBeReachedHasNoOtherReason) {
  const End lookup = UnreachedEnd(
      "proxy:3128", {EndReason::kResolution,
                     WithCause(absl::NotFoundError("proxy has no address"),
                               EndCause::kNoSuchName)});
  EXPECT_EQ(lookup.reason, EndReason::kProxy);
  EXPECT_EQ(CauseOf(lookup.detail), EndCause::kProxyNotFound);
  EXPECT_EQ(lookup.detail.message(), "proxy proxy:3128: proxy has no address");
  const End connect = UnreachedEnd(
      "proxy:3128", {EndReason::kConnection,
                     WithCause(absl::UnavailableError("connect: refused"),
                               EndCause::kPortClosed)});
  EXPECT_EQ(connect.reason, EndReason::kProxy);
  EXPECT_EQ(CauseOf(connect.detail), EndCause::kProxyUnreached);
  EXPECT_TRUE(absl::IsUnavailable(connect.detail));
}

}  // namespace
}  // namespace ovoc::tunnel
