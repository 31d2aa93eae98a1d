// SPDX-License-Identifier: Apache-2.0
//
// What happened when a name server was asked.

#ifndef OVOC_NETIF_DNS_DNS_SERVER_EVENT_H_
#define OVOC_NETIF_DNS_DNS_SERVER_EVENT_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "netif/dns/dns_message.h"

namespace ovoc::netif {

// DnsServerEvent is the last thing that happened with a server.
enum class DnsServerEvent {
  kNotAsked,
  kAnswered,      // records, none, or NXDOMAIN
  kTimedOut,      // nothing that belonged to the question came by UDP
  kUnreachable,   // ICMP said so, or there was no socket
  kPortClosed,    // ICMP said that nothing listens there
  kTcpTimedOut,   // no whole answer by TCP
  kTcpFailed,     // refused, reset, or closed before a whole answer
  kTcpMalformed,  // the answer by TCP broke a rule or was not ours
  kFormErr,
  kServFail,
  kNotImp,
  kRefused,
  kOtherRcode,    // none of RFC 1035
  kNotRecursive,  // a referral: the server does not resolve for us
};

// Describe continues a sentence that begins with the server's address.
absl::string_view Describe(DnsServerEvent event);

// IsAnswer is true of what only a server that answered can do; AnyAnswer, if it
// is true of one of them.
bool IsAnswer(DnsServerEvent event);
bool AnyAnswer(absl::Span<const DnsServerEvent> events);

// DnsServerEventFor is what an answer with this RCODE means for its server.
DnsServerEvent DnsServerEventFor(DnsRcode rcode);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_DNS_DNS_SERVER_EVENT_H_
