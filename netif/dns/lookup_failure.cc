// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/lookup_failure.h"

#include <algorithm>

#include "absl/strings/string_view.h"
#include "netif/dns/address_query.h"
#include "netif/dns/dns_server_event.h"

namespace ovoc::netif {

absl::string_view Describe(LookupFailure failure) {
  switch (failure) {
    case LookupFailure::kNone:
      return "none";
    case LookupFailure::kNoData:
      return "no data";
    case LookupFailure::kUnreachable:
      return "unreachable";
    case LookupFailure::kPortClosed:
      return "port closed";
    case LookupFailure::kTimedOut:
      return "timeout";
    case LookupFailure::kMalformed:
      return "malformed";
    case LookupFailure::kTcpFailed:
      return "truncated and TCP failed";
    case LookupFailure::kServerError:
      return "server error";
    case LookupFailure::kServFail:
      return "SERVFAIL";
    case LookupFailure::kRefused:
      return "REFUSED";
    case LookupFailure::kCnameChainTooLong:
      return "CNAME chain too long";
    case LookupFailure::kCnameLoop:
      return "CNAME loop";
    case LookupFailure::kNoSuchName:
      return "NXDOMAIN";
  }
  return "unknown";
}

LookupFailure FailureFor(DnsServerEvent event) {
  switch (event) {
    case DnsServerEvent::kNotAsked:
    case DnsServerEvent::kAnswered:
      return LookupFailure::kNone;
    case DnsServerEvent::kTimedOut:
      return LookupFailure::kTimedOut;
    case DnsServerEvent::kUnreachable:
      return LookupFailure::kUnreachable;
    case DnsServerEvent::kPortClosed:
      return LookupFailure::kPortClosed;
    case DnsServerEvent::kTcpTimedOut:
    case DnsServerEvent::kTcpFailed:
    case DnsServerEvent::kTcpMalformed:
      return LookupFailure::kTcpFailed;
    case DnsServerEvent::kServFail:
      return LookupFailure::kServFail;
    case DnsServerEvent::kRefused:
      return LookupFailure::kRefused;
    case DnsServerEvent::kFormErr:
    case DnsServerEvent::kNotImp:
    case DnsServerEvent::kOtherRcode:
    case DnsServerEvent::kNotRecursive:
      return LookupFailure::kServerError;
  }
  return LookupFailure::kServerError;
}

LookupFailure FailureOf(const AddressQuery& query,
                        const ResolverCounters& counters) {
  switch (query.state()) {
    case QueryState::kWaiting:
    case QueryState::kAddresses:
      return LookupFailure::kNone;
    case QueryState::kNoAddress:
      return LookupFailure::kNoData;
    case QueryState::kNoSuchName:
      return LookupFailure::kNoSuchName;
    case QueryState::kCnameLoop:
      return LookupFailure::kCnameLoop;
    case QueryState::kCnameChainTooLong:
      return LookupFailure::kCnameChainTooLong;
    case QueryState::kNoAnswer:
      break;
  }
  // The deadline may come while a new name of the chain is being asked for.
  LookupFailure failure = LookupFailure::kUnreachable;
  for (const DnsServerEvent event : query.events()) {
    failure = std::max(failure, FailureFor(event));
  }
  return failure == LookupFailure::kTimedOut && counters.malformed > 0
             ? LookupFailure::kMalformed
             : failure;
}

}  // namespace ovoc::netif
