// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/resolve_report.h"

#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "netif/dns/lookup_failure.h"
#include "netif/dns/resolver.h"
#include "netif/ip_address.h"

namespace ovoc::conformance {
namespace {

using netif::IpAddress;
using netif::LookupFailure;
using netif::ResolverResult;

TEST(ResolveReportTest, EachAddressHasALine) {
  ResolverResult result;
  result.addresses = {{*IpAddress::Parse("2001:db8::1"), absl::Hours(24)},
                      {*IpAddress::Parse("192.0.2.1"), absl::Seconds(300)}};
  const ResolveReport report = ReportOf(result);
  EXPECT_EQ(report.text,
            "AAAA 2001:db8::1 ttl 86400\n"
            "A 192.0.2.1 ttl 300\n");
  EXPECT_EQ(report.exit, ResolveExit::kDone);
}

TEST(ResolveReportTest, EachFailureHasItsWordAndItsExitCode) {
  const struct {
    LookupFailure failure;
    const char* text;
    int exit;
  } kCases[] = {
      {LookupFailure::kNone, "none: a: why\n", 1},
      {LookupFailure::kNoSuchName, "NXDOMAIN: a: why\n", 3},
      {LookupFailure::kNoData, "no data: a: why\n", 4},
      {LookupFailure::kServFail, "SERVFAIL: a: why\n", 5},
      {LookupFailure::kRefused, "REFUSED: a: why\n", 6},
      {LookupFailure::kServerError, "server error: a: why\n", 7},
      {LookupFailure::kTimedOut, "timeout: a: why\n", 8},
      {LookupFailure::kMalformed, "malformed: a: why\n", 9},
      {LookupFailure::kCnameLoop, "CNAME loop: a: why\n", 10},
      {LookupFailure::kCnameChainTooLong, "CNAME chain too long: a: why\n", 11},
      {LookupFailure::kTcpFailed, "truncated and TCP failed: a: why\n", 12},
      {LookupFailure::kUnreachable, "unreachable: a: why\n", 13},
      {LookupFailure::kPortClosed, "port closed: a: why\n", 15},
  };
  for (const auto& test : kCases) {
    ResolverResult result;
    result.status = absl::UnavailableError("a: why");
    result.failure = test.failure;
    const ResolveReport report = ReportOf(result);
    EXPECT_EQ(report.text, test.text);
    EXPECT_EQ(static_cast<int>(report.exit), test.exit) << test.text;
  }
}

TEST(ResolveReportTest, ANameThatIsNoneIsTheCommandLinesFault) {
  ResolverResult result;
  result.status = absl::InvalidArgumentError("host name: is empty");
  const ResolveReport report = ReportOf(result);
  EXPECT_EQ(report.text, "--name: host name: is empty\n");
  EXPECT_EQ(static_cast<int>(report.exit), 2);
}

}  // namespace
}  // namespace ovoc::conformance
