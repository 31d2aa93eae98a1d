// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/testing/dns_answer.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "netif/dns/dns_cursor.h"
#include "netif/dns/dns_message.h"
#include "netif/dns/dns_name.h"
#include "netif/ip_address.h"

namespace ovoc::netif {
namespace {

constexpr size_t kAnswerCountOffset = 6;     // the lower byte is 7
constexpr size_t kAuthorityCountOffset = 8;  // the lower byte is 9

void Append16(uint32_t value, std::vector<uint8_t>* out) {
  out->push_back(static_cast<uint8_t>(value >> 8 & 0xFF));
  out->push_back(static_cast<uint8_t>(value & 0xFF));
}

}  // namespace

DnsName DnsNameOrRoot(absl::string_view text) {
  return DnsName::FromText(text).value_or(DnsName());
}

DnsAnswer::DnsAnswer(absl::Span<const uint8_t> query) {
  DnsCursor cursor(query);
  DnsName name;
  (void)cursor.Seek(kDnsHeaderBytes);
  (void)DnsName::Decode(&cursor, &name);
  const size_t end = cursor.offset() + 4;  // behind type and class
  bytes_.assign(query.begin(), query.begin() + end);
  bytes_[2] = 0x81;  // QR, opcode 0, RD
  bytes_[3] = 0x80;  // RA, RCODE 0
  bytes_[11] = 0;    // no additional records
}

DnsAnswer& DnsAnswer::Rcode(DnsRcode rcode) {
  return Byte(3, static_cast<uint8_t>(0x80 | static_cast<int>(rcode)));
}

DnsAnswer& DnsAnswer::Truncated() { return Byte(2, bytes_[2] | 0x02); }

DnsAnswer& DnsAnswer::Id(uint16_t id) {
  return Byte(0, static_cast<uint8_t>(id >> 8))
      .Byte(1, static_cast<uint8_t>(id & 0xFF));
}

DnsAnswer& DnsAnswer::Byte(size_t offset, uint8_t value) {
  bytes_[offset] = value;
  return *this;
}

DnsAnswer& DnsAnswer::Record(size_t count_offset, absl::string_view owner,
                             DnsType type, uint32_t ttl,
                             absl::Span<const uint8_t> rdata) {
  const DnsName name = DnsNameOrRoot(owner);
  bytes_.insert(bytes_.end(), name.wire().begin(), name.wire().end());
  Append16(static_cast<uint32_t>(type), &bytes_);
  Append16(kDnsClassInternet, &bytes_);
  Append16(ttl >> 16, &bytes_);
  Append16(ttl, &bytes_);
  Append16(static_cast<uint32_t>(rdata.size()), &bytes_);
  bytes_.insert(bytes_.end(), rdata.begin(), rdata.end());
  ++bytes_[count_offset + 1];  // up to 255 records
  return *this;
}

DnsAnswer& DnsAnswer::Address(absl::string_view owner, uint32_t ttl,
                              absl::string_view address) {
  const IpAddress parsed = IpAddress::Parse(address).value_or(IpAddress());
  return Record(kAnswerCountOffset, owner,
                parsed.is_v4() ? DnsType::kA : DnsType::kAaaa, ttl,
                parsed.bytes());
}

DnsAnswer& DnsAnswer::Cname(absl::string_view owner, uint32_t ttl,
                            absl::string_view target) {
  return Record(kAnswerCountOffset, owner, DnsType::kCname, ttl,
                DnsNameOrRoot(target).wire());
}

DnsAnswer& DnsAnswer::Soa(absl::string_view owner) {
  // MNAME and RNAME the root, five numbers.
  return Record(kAuthorityCountOffset, owner, DnsType::kSoa, 60,
                std::vector<uint8_t>(22, 0));
}

DnsAnswer& DnsAnswer::Ns(absl::string_view owner) {
  return Record(kAuthorityCountOffset, owner, DnsType::kNs, 60,
                DnsNameOrRoot("ns.example").wire());
}

}  // namespace ovoc::netif
