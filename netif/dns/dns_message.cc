// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/dns_message.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "netif/dns/dns_cursor.h"
#include "netif/dns/dns_error.h"
#include "netif/dns/dns_name.h"
#include "netif/ip_address.h"

namespace ovoc::netif {
namespace {

enum class Section { kAnswer, kAuthority, kAdditional };

// The second 16-bit word of the header, RFC 1035 4.1.1.
constexpr uint16_t kFlagResponse = 0x8000;
constexpr uint16_t kFlagAuthoritative = 0x0400;
constexpr uint16_t kFlagTruncated = 0x0200;
constexpr uint16_t kFlagRecursionDesired = 0x0100;
constexpr uint16_t kFlagRecursionAvailable = 0x0080;

// The fixed fields of one record, with its RDATA.
struct RawRecord {
  DnsName owner;
  DnsType type = DnsType::kA;
  uint16_t dns_class = 0;
  uint32_t ttl = 0;
  DnsCursor rdata = DnsCursor({});
};

// RdataForm is RDATA of fixed bytes, names, and fixed bytes again.
struct RdataForm {
  DnsType type;
  size_t bytes_before;
  int names;
  size_t bytes_after;
};

constexpr RdataForm kRdataForms[] = {
    {DnsType::kNs, 0, 1, 0},     // RFC 1035 3.3.11
    {DnsType::kCname, 0, 1, 0},  // RFC 1035 3.3.1
    {DnsType::kSoa, 0, 2, 20},   // RFC 1035 3.3.13: five numbers behind
    {DnsType::kPtr, 0, 1, 0},    // RFC 1035 3.3.12
    {DnsType::kMx, 2, 1, 0},     // RFC 1035 3.3.9: preference
    {DnsType::kSrv, 6, 1, 0},    // RFC 2782: priority, weight, port
    {DnsType::kDname, 0, 1, 0},  // RFC 6672 2.1
};

void AppendUint16(uint16_t value, std::vector<uint8_t>* out) {
  out->push_back(static_cast<uint8_t>(value >> 8));
  out->push_back(static_cast<uint8_t>(value & 0xFF));
}

absl::Duration ClampTtl(uint32_t ttl) {
  // RFC 1035 2.3.4 MUST: a TTL is a positive number of 31 bits
  // RFC 2181 8: a value with the top bit set is taken as zero.
  if ((ttl & 0x80000000u) != 0) {
    return absl::ZeroDuration();
  }
  return std::min(absl::Seconds(ttl), kMaxDnsTtl);
}

DnsError DecodeHeader(DnsCursor* cursor, DnsHeader* header) {
  uint16_t flags = 0;
  if (!cursor->ReadUint16(&header->id) || !cursor->ReadUint16(&flags) ||
      !cursor->ReadUint16(&header->questions) ||
      !cursor->ReadUint16(&header->answers) ||
      !cursor->ReadUint16(&header->authorities) ||
      !cursor->ReadUint16(&header->additionals)) {
    return DnsError::kTruncatedHeader;
  }
  header->is_response = (flags & kFlagResponse) != 0;
  header->opcode = static_cast<uint8_t>(flags >> 11 & 0xF);
  header->authoritative = (flags & kFlagAuthoritative) != 0;
  header->truncated = (flags & kFlagTruncated) != 0;
  header->recursion_desired = (flags & kFlagRecursionDesired) != 0;
  header->recursion_available = (flags & kFlagRecursionAvailable) != 0;
  header->rcode = static_cast<uint8_t>(flags & 0xF);
  return DnsError::kNone;
}

DnsError DecodeQuestion(DnsCursor* cursor, DnsQuestion* question) {
  const DnsError error = DnsName::Decode(cursor, &question->name);
  if (error != DnsError::kNone) {
    return error;
  }
  uint16_t type = 0;
  if (!cursor->ReadUint16(&type) || !cursor->ReadUint16(&question->dns_class)) {
    return DnsError::kTruncatedQuestion;
  }
  question->type = static_cast<DnsType>(type);
  return DnsError::kNone;
}

// DecodeHead leaves *cursor behind the first question.
DnsError DecodeHead(DnsCursor* cursor, DnsMessage* message) {
  *message = DnsMessage();
  DnsError error = DecodeHeader(cursor, &message->header);
  if (error != DnsError::kNone) {
    return error;
  }
  const DnsHeader& header = message->header;
  message->rcode = static_cast<DnsRcode>(header.rcode);
  // RFC 9619 4: such a message is incorrectly formatted.
  if (header.opcode == kDnsOpcodeQuery && header.questions > 1) {
    return DnsError::kQuestionCount;
  }
  if (header.questions == 0) {
    return DnsError::kNone;
  }
  DnsQuestion question;
  error = DecodeQuestion(cursor, &question);
  if (error == DnsError::kNone) {
    message->question = question;
  }
  return error;
}

DnsError DecodeRawRecord(DnsCursor* cursor, RawRecord* record) {
  const DnsError error = DnsName::Decode(cursor, &record->owner);
  if (error != DnsError::kNone) {
    return error;
  }
  uint16_t type = 0;
  uint16_t length = 0;
  if (!cursor->ReadUint16(&type) || !cursor->ReadUint16(&record->dns_class) ||
      !cursor->ReadUint32(&record->ttl) || !cursor->ReadUint16(&length)) {
    return DnsError::kTruncatedRecord;
  }
  record->type = static_cast<DnsType>(type);
  if (!cursor->Part(length, &record->rdata)) {
    return DnsError::kRdataOverrun;
  }
  return DnsError::kNone;
}

// RFC 1035 3.3 MUST: names in the RDATA of these types may be compressed
// RFC 1035 4.1.4 MUST: the compressed length counts in RDLENGTH
// DecodeNames checks RDATA made of names, and sets *name to the last of them.
DnsError DecodeNames(const RdataForm& form, DnsCursor rdata, DnsName* name) {
  if (!rdata.Skip(form.bytes_before)) {
    return DnsError::kBadNameRdata;
  }
  for (int i = 0; i < form.names; ++i) {
    const DnsError error = DnsName::Decode(&rdata, name);
    if (error != DnsError::kNone) {
      return error;
    }
  }
  return rdata.remaining() == form.bytes_after ? DnsError::kNone
                                               : DnsError::kBadNameRdata;
}

// RFC 1035 3.4.1 MUST: an A record holds four octets
DnsError DecodeAddress(const RawRecord& raw, IpAddress* address) {
  const size_t size =
      raw.type == DnsType::kA ? kIpv4AddressBytes : kIpv6AddressBytes;
  DnsCursor rdata = raw.rdata;
  absl::Span<const uint8_t> bytes;
  if (rdata.remaining() != size || !rdata.ReadBytes(size, &bytes)) {
    return DnsError::kBadAddressLength;
  }
  *address = IpAddress::FromBytes(bytes).value_or(IpAddress());
  return DnsError::kNone;
}

// DecodeRdata checks RDATA of a known type; *record gets what A, AAAA and
// CNAME hold. The RDATA of another class may have another form.
DnsError DecodeRdata(const RawRecord& raw, DnsRecord* record) {
  if (raw.dns_class != kDnsClassInternet) {
    return DnsError::kNone;
  }
  if (raw.type == DnsType::kA || raw.type == DnsType::kAaaa) {
    return DecodeAddress(raw, &record->address);
  }
  for (const RdataForm& form : kRdataForms) {
    if (raw.type == form.type) {
      return DecodeNames(form, raw.rdata, &record->target);
    }
  }
  return DnsError::kNone;
}

DnsError DecodeOpt(Section section, const RawRecord& raw, DnsMessage* message) {
  if (section != Section::kAdditional) {
    return DnsError::kMisplacedOpt;
  }
  if (message->has_edns) {
    return DnsError::kDuplicateOpt;
  }
  if (!raw.owner.IsRoot()) {
    return DnsError::kBadOptOwner;
  }
  DnsCursor options = raw.rdata;
  while (options.remaining() > 0) {
    uint16_t code = 0;
    uint16_t length = 0;
    if (!options.ReadUint16(&code) || !options.ReadUint16(&length) ||
        !options.Skip(length)) {
      return DnsError::kBadOptRdata;
    }
  }
  message->has_edns = true;
  // RFC 6891 6.1.3: the upper eight bits of twelve.
  message->rcode =
      static_cast<DnsRcode>(raw.ttl >> 24 << 4 | message->header.rcode);
  return DnsError::kNone;
}

void Keep(Section section, const RawRecord& raw, DnsRecord record,
          DnsMessage* message) {
  if (raw.dns_class != kDnsClassInternet) {
    return;
  }
  if (section == Section::kAuthority) {
    message->authority_has_soa |= raw.type == DnsType::kSoa;
    message->authority_has_ns |= raw.type == DnsType::kNs;
  }
  if (section != Section::kAnswer ||
      (raw.type != DnsType::kA && raw.type != DnsType::kAaaa &&
       raw.type != DnsType::kCname)) {
    return;
  }
  if (message->answers.size() == kMaxKeptDnsRecords) {
    ++message->answers_dropped;
    return;
  }
  record.owner = raw.owner;
  record.type = raw.type;
  record.ttl = ClampTtl(raw.ttl);
  message->answers.push_back(record);
}

DnsError DecodeRecord(Section section, DnsCursor* cursor, DnsMessage* message) {
  RawRecord raw;
  DnsError error = DecodeRawRecord(cursor, &raw);
  if (error != DnsError::kNone) {
    return error;
  }
  if (raw.type == DnsType::kOpt) {
    return DecodeOpt(section, raw, message);
  }
  DnsRecord record;
  error = DecodeRdata(raw, &record);
  if (error == DnsError::kNone) {
    Keep(section, raw, record, message);
  }
  return error;
}

DnsError DecodeSection(Section section, uint16_t count, DnsCursor* cursor,
                       DnsMessage* message) {
  // RFC 1035 4.1.3 MUST: there are as many records as the header counts
  // A count may lie; every record takes 11 bytes, so the message ends first.
  for (int i = 0; i < count; ++i) {
    const DnsError error = DecodeRecord(section, cursor, message);
    if (error != DnsError::kNone) {
      return error;
    }
  }
  return DnsError::kNone;
}

}  // namespace

// RFC 1035 2.3.4 MUST: a UDP message has 512 octets or less (the longest name
// has 255, all else 27)
std::vector<uint8_t> EncodeDnsQuery(uint16_t id, const DnsName& name,
                                    DnsType type, Edns edns) {
  std::vector<uint8_t> out;
  AppendUint16(id, &out);
  // RFC 1035 4.1.1 MUST: Z is zero in all queries
  // RFC 1035 4.1.1 MUST: RD asks a server to recurse
  AppendUint16(kFlagRecursionDesired, &out);
  AppendUint16(1, &out);  // QDCOUNT
  AppendUint16(0, &out);  // ANCOUNT
  AppendUint16(0, &out);  // NSCOUNT
  AppendUint16(edns == Edns::kOn ? 1 : 0, &out);
  out.insert(out.end(), name.wire().begin(), name.wire().end());
  AppendUint16(static_cast<uint16_t>(type), &out);
  AppendUint16(kDnsClassInternet, &out);
  if (edns == Edns::kOn) {
    out.push_back(0);  // the root, RFC 6891 6.1.2
    AppendUint16(static_cast<uint16_t>(DnsType::kOpt), &out);
    AppendUint16(kEdnsUdpBytes, &out);
    AppendUint16(0, &out);  // extended RCODE and version
    AppendUint16(0, &out);  // flags: no DNSSEC records wanted
    AppendUint16(0, &out);  // no options
  }
  return out;
}

DnsError DecodeDnsHead(absl::Span<const uint8_t> bytes, DnsMessage* message) {
  DnsCursor cursor(bytes);
  return DecodeHead(&cursor, message);
}

DnsError DecodeDnsMessage(absl::Span<const uint8_t> bytes,
                          DnsMessage* message) {
  DnsCursor cursor(bytes);
  DnsError error = DecodeHead(&cursor, message);
  const DnsHeader& header = message->header;
  DnsQuestion further;  // of other opcodes than query
  for (int i = 1; i < header.questions && error == DnsError::kNone; ++i) {
    error = DecodeQuestion(&cursor, &further);
  }
  const struct {
    Section section;
    uint16_t count;
  } kSections[] = {{Section::kAnswer, header.answers},
                   {Section::kAuthority, header.authorities},
                   {Section::kAdditional, header.additionals}};
  for (const auto& [section, count] : kSections) {
    if (error == DnsError::kNone) {
      error = DecodeSection(section, count, &cursor, message);
    }
  }
  message->trailing_bytes = error == DnsError::kNone ? cursor.remaining() : 0;
  return error;
}

}  // namespace ovoc::netif
