// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/dns_server_event.h"

#include "absl/strings/string_view.h"
#include "netif/dns/dns_message.h"

namespace ovoc::netif {

absl::string_view Describe(DnsServerEvent event) {
  switch (event) {
    case DnsServerEvent::kNotAsked:
      return "was not asked";
    case DnsServerEvent::kAnswered:
      return "answered";
    case DnsServerEvent::kTimedOut:
      return "timed out";
    case DnsServerEvent::kUnreachable:
      return "is unreachable";
    case DnsServerEvent::kTcpTimedOut:
      return "timed out over TCP";
    case DnsServerEvent::kTcpFailed:
      return "failed over TCP";
    case DnsServerEvent::kTcpMalformed:
      return "answered wrongly over TCP";
    case DnsServerEvent::kFormErr:
      return "answered FORMERR";
    case DnsServerEvent::kServFail:
      return "answered SERVFAIL";
    case DnsServerEvent::kNotImp:
      return "answered NOTIMP";
    case DnsServerEvent::kRefused:
      return "answered REFUSED";
    case DnsServerEvent::kOtherRcode:
      return "answered with an unexpected RCODE";
    case DnsServerEvent::kNotRecursive:
      return "does not resolve for clients";
  }
  return "unknown";
}

DnsServerEvent DnsServerEventFor(DnsRcode rcode) {
  switch (rcode) {
    case DnsRcode::kNoError:
    case DnsRcode::kNxDomain:
      return DnsServerEvent::kAnswered;
    case DnsRcode::kFormErr:
      return DnsServerEvent::kFormErr;
    case DnsRcode::kServFail:
      return DnsServerEvent::kServFail;
    case DnsRcode::kNotImp:
      return DnsServerEvent::kNotImp;
    case DnsRcode::kRefused:
      return DnsServerEvent::kRefused;
    case DnsRcode::kBadVers:
      return DnsServerEvent::kOtherRcode;
  }
  return DnsServerEvent::kOtherRcode;
}

}  // namespace ovoc::netif
