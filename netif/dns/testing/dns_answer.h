// SPDX-License-Identifier: Apache-2.0
//
// Answers of a name server, for tests.

#ifndef OVOC_NETIF_DNS_TESTING_DNS_ANSWER_H_
#define OVOC_NETIF_DNS_TESTING_DNS_ANSWER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "netif/dns/dns_message.h"
#include "netif/dns/dns_name.h"

namespace ovoc::netif {

// DnsNameOrRoot is the name of a text, which has to be one; else the root.
DnsName DnsNameOrRoot(absl::string_view text);

// DnsAnswer builds the answer to a query: its id and question, QR, RD and RA
// set, and the records that are added. Names are not compressed.
class DnsAnswer {
 public:
  // query is one of EncodeDnsQuery, without a TCP length.
  explicit DnsAnswer(absl::Span<const uint8_t> query);

  DnsAnswer& Rcode(DnsRcode rcode);  // 0..15
  DnsAnswer& Truncated();
  DnsAnswer& Id(uint16_t id);
  // Byte replaces one byte of header and question.
  DnsAnswer& Byte(size_t offset, uint8_t value);
  // Records of the answer section. address is 4 or 16 bytes as text.
  DnsAnswer& Address(absl::string_view owner, uint32_t ttl,
                     absl::string_view address);
  DnsAnswer& Cname(absl::string_view owner, uint32_t ttl,
                   absl::string_view target);
  // Records of the authority section; answers come before them.
  DnsAnswer& Soa(absl::string_view owner);
  DnsAnswer& Ns(absl::string_view owner);

  std::vector<uint8_t> Bytes() const { return bytes_; }

 private:
  DnsAnswer& Record(size_t count_offset, absl::string_view owner, DnsType type,
                    uint32_t ttl, absl::Span<const uint8_t> rdata);

  std::vector<uint8_t> bytes_;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_DNS_TESTING_DNS_ANSWER_H_
