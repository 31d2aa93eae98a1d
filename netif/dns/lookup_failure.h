// SPDX-License-Identifier: Apache-2.0
//
// Why a name has no address, as a closed list.

#ifndef OVOC_NETIF_DNS_LOOKUP_FAILURE_H_
#define OVOC_NETIF_DNS_LOOKUP_FAILURE_H_

#include "absl/strings/string_view.h"
#include "netif/dns/address_query.h"
#include "netif/dns/dns_server_event.h"

namespace ovoc::netif {

// LookupFailure says in one word what a status says in a sentence. The values
// go from the least to the most informative: if the two families, or two
// servers, failed in different ways, the later value counts.
enum class LookupFailure {
  kNone,         // there is an address, or nothing is known yet
  kNoData,       // the name exists, without a usable address
  kUnreachable,  // ICMP said so, or there was no socket
  kPortClosed,   // nothing listens at the server's port
  kTimedOut,     // nothing that belonged to the question came
  kMalformed,    // kTimedOut, and what came instead broke a rule of DNS
  kTcpFailed,    // truncated by UDP, and then no good answer by TCP
  kServerError,  // FORMERR, NOTIMP, another RCODE, or a referral
  kServFail,
  kRefused,
  kCnameChainTooLong,
  kCnameLoop,
  kNoSuchName,  // NXDOMAIN
};

// Describe is a word such as "NXDOMAIN" or "timeout". The text is static.
absl::string_view Describe(LookupFailure failure);

// FailureFor is what a server's last event means for the question.
LookupFailure FailureFor(DnsServerEvent event);

// FailureOf says why a query that is over has no address. counters are those
// of the query, or shared with the other family's.
LookupFailure FailureOf(const AddressQuery& query,
                        const ResolverCounters& counters);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_DNS_LOOKUP_FAILURE_H_
