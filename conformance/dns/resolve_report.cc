// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/resolve_report.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "netif/dns/address_chain.h"
#include "netif/dns/lookup_failure.h"

namespace ovoc::conformance {
namespace {

using netif::LookupFailure;

ResolveExit ExitOf(LookupFailure failure) {
  switch (failure) {
    case LookupFailure::kNone:
      return ResolveExit::kInternal;
    case LookupFailure::kNoData:
      return ResolveExit::kNoData;
    case LookupFailure::kUnreachable:
      return ResolveExit::kUnreachable;
    case LookupFailure::kPortClosed:
      return ResolveExit::kPortClosed;
    case LookupFailure::kTimedOut:
      return ResolveExit::kTimedOut;
    case LookupFailure::kMalformed:
      return ResolveExit::kMalformed;
    case LookupFailure::kTcpFailed:
      return ResolveExit::kTcpFailed;
    case LookupFailure::kServerError:
      return ResolveExit::kServerError;
    case LookupFailure::kServFail:
      return ResolveExit::kServFail;
    case LookupFailure::kRefused:
      return ResolveExit::kRefused;
    case LookupFailure::kCnameChainTooLong:
      return ResolveExit::kCnameChainTooLong;
    case LookupFailure::kCnameLoop:
      return ResolveExit::kCnameLoop;
    case LookupFailure::kNoSuchName:
      return ResolveExit::kNoSuchName;
  }
  return ResolveExit::kInternal;
}

}  // namespace

ResolveReport ReportOf(const netif::ResolverResult& result) {
  ResolveReport report;
  for (const netif::ResolvedAddress& found : result.addresses) {
    absl::StrAppend(&report.text, found.address.is_v4() ? "A " : "AAAA ",
                    found.address.ToString(), " ttl ",
                    absl::ToInt64Seconds(found.ttl), "\n");
  }
  if (result.status.ok()) {
    return report;
  }
  // The name itself is at fault when nobody was asked.
  const bool refused = absl::IsInvalidArgument(result.status);
  report.exit = refused ? ResolveExit::kUsage : ExitOf(result.failure);
  report.text =
      absl::StrCat(refused ? "--name" : netif::Describe(result.failure), ": ",
                   result.status.message(), "\n");
  return report;
}

}  // namespace ovoc::conformance
