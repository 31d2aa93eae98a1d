// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/dns_server_event.h"

#include <algorithm>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
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
    case DnsServerEvent::kPortClosed:
      return "has its DNS port closed";
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

bool IsAnswer(DnsServerEvent event) {
  switch (event) {
    case DnsServerEvent::kNotAsked:
    case DnsServerEvent::kTimedOut:
    case DnsServerEvent::kUnreachable:
    case DnsServerEvent::kPortClosed:
    case DnsServerEvent::kTcpTimedOut:
    case DnsServerEvent::kTcpFailed:
      return false;
    case DnsServerEvent::kAnswered:
    case DnsServerEvent::kTcpMalformed:
    case DnsServerEvent::kFormErr:
    case DnsServerEvent::kServFail:
    case DnsServerEvent::kNotImp:
    case DnsServerEvent::kRefused:
    case DnsServerEvent::kOtherRcode:
    case DnsServerEvent::kNotRecursive:
      return true;
  }
  return false;
}

bool AnyAnswer(absl::Span<const DnsServerEvent> events) {
  return std::any_of(events.begin(), events.end(), IsAnswer);
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
