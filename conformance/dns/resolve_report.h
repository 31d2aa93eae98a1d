// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_DNS_RESOLVE_REPORT_H_
#define OVOC_CONFORMANCE_DNS_RESOLVE_REPORT_H_

#include <string>

#include "netif/dns/resolver.h"

namespace ovoc::conformance {

// The exit codes of `resolve`; --help lists them.
enum class ResolveExit {
  kDone = 0,
  kInternal = 1,
  kUsage = 2,
  kNoSuchName = 3,
  kNoData = 4,
  kServFail = 5,
  kRefused = 6,
  kServerError = 7,
  kTimedOut = 8,
  kMalformed = 9,
  kCnameLoop = 10,
  kCnameChainTooLong = 11,
  kTcpFailed = 12,
  kUnreachable = 13,
  kOutput = 14,  // standard output cannot be written, for kDone alone
  kPortClosed = 15,
};

struct ResolveReport {
  std::string text;  // lines for stdout, each with its end
  ResolveExit exit = ResolveExit::kDone;
};

// ReportOf makes lines like "A 192.0.2.1 ttl 300" from addresses, or one line
// with the reason and all details of a failure.
ResolveReport ReportOf(const netif::ResolverResult& result);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_DNS_RESOLVE_REPORT_H_
