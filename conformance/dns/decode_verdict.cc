// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/decode_verdict.h"

#include "absl/strings/str_cat.h"
#include "netif/dns/dns_error.h"
#include "netif/dns/dns_message.h"

namespace ovoc::conformance {

std::string DecodeVerdict(absl::Span<const uint8_t> message) {
  if (message.size() > kMaxDnsMessageBytes) {
    return absl::StrCat("malformed: the message is longer than ",
                        kMaxDnsMessageBytes, " bytes (RFC 1035 4.2.2)");
  }
  netif::DnsMessage decoded;
  const netif::DnsError error = netif::DecodeDnsMessage(message, &decoded);
  return error == netif::DnsError::kNone
             ? "ok"
             : absl::StrCat("malformed: ", netif::Describe(error));
}

}  // namespace ovoc::conformance
