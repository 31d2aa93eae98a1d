// SPDX-License-Identifier: Apache-2.0
//
// What a proxy's answer to a CONNECT request means (RFC 9110 9.3.6): the plain
// judgement that ProxyExchange is compared with.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_CONNECT_H_
#define OVOC_FUZZ_ORACLE_NAIVE_CONNECT_H_

#include "absl/strings/string_view.h"
#include "tunnel/transport/decisions/proxy_exchange.h"

namespace ovoc::fuzz {

struct NaiveConnect {
  tunnel::ProxyExchange::Result result =
      tunnel::ProxyExchange::Result::kNeedMore;
  // With kFailed; with kNeedMore what it fails for when the proxy closes.
  tunnel::ProxyFailure failure = tunnel::ProxyFailure::kClosed;
};

// JudgeConnect takes all that has come from a proxy, in one piece.
NaiveConnect JudgeConnect(absl::string_view answer);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_CONNECT_H_
