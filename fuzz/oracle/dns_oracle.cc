// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/dns_oracle.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_dns.h"
#include "netif/dns/dns_cursor.h"
#include "netif/dns/dns_error.h"
#include "netif/dns/dns_message.h"
#include "netif/dns/dns_name.h"

namespace ovoc::fuzz {
namespace {

using netif::DnsName;

constexpr size_t kMaxTextBytes = 300;  // more than any name has

absl::string_view Chars(absl::Span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void CheckRecord(const NaiveDnsRecord& naive, const netif::DnsRecord& record) {
  FUZZ_EXPECT(Chars(record.owner.wire()) == naive.owner);
  FUZZ_EXPECT(static_cast<uint16_t>(record.type) == naive.type);
  const bool is_name = record.type == netif::DnsType::kCname;
  FUZZ_EXPECT(Chars(is_name ? record.target.wire() : record.address.bytes()) ==
              naive.data);
  // RFC 2181 8; a day at most.
  const uint32_t ttl = naive.ttl > 0x7FFFFFFF ? 0 : std::min(naive.ttl, 86400u);
  FUZZ_EXPECT(record.ttl == absl::Seconds(ttl));
}

// A name in wire form reads the same behind any header.
void CheckWire(const DnsName& name) {
  std::vector<uint8_t> bytes(netif::kDnsHeaderBytes, 0xFF);
  bytes.insert(bytes.end(), name.wire().begin(), name.wire().end());
  netif::DnsCursor cursor(bytes);
  DnsName again;
  FUZZ_EXPECT(cursor.Skip(netif::kDnsHeaderBytes));
  FUZZ_EXPECT(DnsName::Decode(&cursor, &again) == netif::DnsError::kNone);
  FUZZ_EXPECT(cursor.remaining() == 0);
  FUZZ_EXPECT(again.EqualsExactly(name) && again == name);
  FUZZ_EXPECT(Chars(name.ToLower().wire()) == LowerCase(Chars(name.wire())));
  FUZZ_EXPECT(name.ToLower() == name && name.IsWithin(DnsName()));
  FUZZ_EXPECT(name.IsRoot() == (name.wire().size() == 1));
  for (const char c : name.ToString()) {
    FUZZ_EXPECT(absl::ascii_isgraph(static_cast<unsigned char>(c)));
  }
}

}  // namespace

void CheckHead(const NaiveDnsMessage& naive, const netif::DnsMessage& message) {
  const netif::DnsHeader& header = message.header;
  FUZZ_EXPECT(message.question.has_value() == naive.has_question);
  if (!naive.head_ok) {
    return;
  }
  FUZZ_EXPECT(header.id == naive.id);
  const unsigned flags =
      (header.is_response ? 0x8000u : 0) | header.opcode * 0x800u |
      (header.authoritative ? 0x400u : 0) | (header.truncated ? 0x200u : 0) |
      (header.recursion_desired ? 0x100u : 0) |
      (header.recursion_available ? 0x80u : 0) | header.rcode;
  FUZZ_EXPECT(flags == (naive.flags & 0xFF8Fu));
  if (naive.has_question) {
    const netif::DnsQuestion& question = *message.question;
    FUZZ_EXPECT(Chars(question.name.wire()) == naive.question_name);
    FUZZ_EXPECT(static_cast<uint16_t>(question.type) == naive.question_type);
    FUZZ_EXPECT(question.dns_class == naive.question_class);
  }
}

void CheckRecords(const NaiveDnsMessage& naive,
                  const netif::DnsMessage& message) {
  const size_t kept = message.answers.size();
  FUZZ_EXPECT(kept ==
              std::min(naive.answers.size(), netif::kMaxKeptDnsRecords));
  FUZZ_EXPECT(kept + message.answers_dropped == naive.answers.size());
  for (size_t i = 0; i < kept; ++i) {
    CheckRecord(naive.answers[i], message.answers[i]);
  }
  FUZZ_EXPECT(message.has_edns == naive.has_opt);
  FUZZ_EXPECT(static_cast<uint16_t>(message.rcode) == naive.rcode);
  FUZZ_EXPECT(message.authority_has_soa == naive.authority_has_soa);
  FUZZ_EXPECT(message.authority_has_ns == naive.authority_has_ns);
}

void CheckQuery(uint16_t id, const netif::DnsQuestion& question) {
  CheckWire(question.name);
  const netif::Edns edns = id % 2 == 0 ? netif::Edns::kOff : netif::Edns::kOn;
  const std::vector<uint8_t> query =
      netif::EncodeDnsQuery(id, question.name, question.type, edns);
  const NaiveDnsMessage read = ReadNaiveDns(query);
  FUZZ_EXPECT(query.size() >= 17 && query.size() <= 282);
  FUZZ_EXPECT(read.ok && read.end == query.size());
  FUZZ_EXPECT(read.id == id && read.flags == 0x0100);
  FUZZ_EXPECT(read.question_name == Chars(question.name.wire()));
  FUZZ_EXPECT(read.question_type == static_cast<uint16_t>(question.type));
  FUZZ_EXPECT(read.question_class == 1);
  FUZZ_EXPECT(read.has_opt == (edns == netif::Edns::kOn));
  netif::DnsMessage message;
  FUZZ_EXPECT(netif::DecodeDnsMessage(query, &message) ==
              netif::DnsError::kNone);
  CheckHead(read, message);
}

void CheckText(absl::string_view text) {
  text = text.substr(0, kMaxTextBytes);
  const absl::StatusOr<DnsName> name = DnsName::FromText(text);
  FUZZ_EXPECT(name.ok() == IsHostName(text));
  if (!name.ok()) {
    FUZZ_EXPECT(name.status().message().size() < 300);
    return;
  }
  CheckWire(*name);
  FUZZ_EXPECT(name->ToString() == absl::StripSuffix(text, "."));
  const absl::StatusOr<DnsName> upper =
      DnsName::FromText(absl::AsciiStrToUpper(text));
  FUZZ_EXPECT(upper.ok() && *upper == *name && name->IsWithin(*upper));
  const size_t dot = text.find('.');
  const absl::StatusOr<DnsName> parent =
      DnsName::FromText(dot == text.npos ? "" : text.substr(dot + 1));
  if (parent.ok()) {
    FUZZ_EXPECT(name->IsWithin(*parent) && !parent->IsWithin(*name));
    FUZZ_EXPECT(!(*parent == *name));
  }
}

}  // namespace ovoc::fuzz
