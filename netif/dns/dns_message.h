// SPDX-License-Identifier: Apache-2.0
//
// DNS messages: makes the queries of a stub resolver and reads the answers.

#ifndef OVOC_NETIF_DNS_DNS_MESSAGE_H_
#define OVOC_NETIF_DNS_DNS_MESSAGE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "netif/dns/dns_error.h"
#include "netif/dns/dns_name.h"
#include "netif/ip_address.h"

namespace ovoc::netif {

// 1232 fits into an IPv6 packet of the smallest MTU (1280 - 40 - 8), so an
// answer comes unfragmented. A fragment without UDP header and id is easy to
// forge.
inline constexpr uint16_t kEdnsUdpBytes = 1232;
inline constexpr size_t kDnsHeaderBytes = 12;     // RFC 1035 4.1.1
inline constexpr uint16_t kDnsClassInternet = 1;  // RFC 1035 3.2.4
inline constexpr uint8_t kDnsOpcodeQuery = 0;     // RFC 1035 4.1.1

// The answer records that are kept: enough for several chains with their
// addresses. The others are checked, counted and dropped, so that no answer
// fills the memory.
inline constexpr size_t kMaxKeptDnsRecords = 64;

// A device keeps no address for longer than a day, whatever the answer says.
inline constexpr absl::Duration kMaxDnsTtl = absl::Hours(24);

// DnsType is a record type of RFC 1035 3.2.2, RFC 3596, RFC 6891 and others. A
// received message may have any other 16-bit value.
enum class DnsType : uint16_t {
  kA = 1,
  kNs = 2,
  kCname = 5,
  kSoa = 6,
  kPtr = 12,
  kMx = 15,
  kAaaa = 28,
  kSrv = 33,
  kDname = 39,
  kOpt = 41,
};

// DnsRcode with the upper bits of EDNS (RFC 1035 4.1.1, RFC 6891 6.1.3).
enum class DnsRcode : uint16_t {
  kNoError = 0,
  kFormErr = 1,
  kServFail = 2,
  kNxDomain = 3,
  kNotImp = 4,
  kRefused = 5,
  kBadVers = 16,
};

enum class Edns { kOff, kOn };

struct DnsQuestion {
  DnsName name;
  DnsType type = DnsType::kA;
  uint16_t dns_class = kDnsClassInternet;
};

struct DnsHeader {
  uint16_t id = 0;
  bool is_response = false;  // QR
  uint8_t opcode = 0;        // 0..15
  bool authoritative = false;
  bool truncated = false;  // TC
  bool recursion_desired = false;
  bool recursion_available = false;
  uint8_t rcode = 0;  // 0..15, without the upper bits of EDNS
  uint16_t questions = 0;
  uint16_t answers = 0;
  uint16_t authorities = 0;
  uint16_t additionals = 0;
};

// DnsRecord is an A, AAAA or CNAME record of class IN.
struct DnsRecord {
  DnsName owner;
  DnsType type = DnsType::kA;
  absl::Duration ttl;  // 0..kMaxDnsTtl
  IpAddress address;   // of A and AAAA
  DnsName target;      // of CNAME
};

struct DnsMessage {
  DnsHeader header;
  std::optional<DnsQuestion> question;  // the first, when there is one
  DnsRcode rcode = DnsRcode::kNoError;  // with the upper bits of EDNS
  std::vector<DnsRecord> answers;       // at most kMaxKeptDnsRecords, in order
  size_t answers_dropped = 0;           // A, AAAA, CNAME over that limit
  bool authority_has_soa = false;
  bool authority_has_ns = false;
  bool has_edns = false;
  size_t trailing_bytes = 0;  // behind the last record; allowed, never read
};

// EncodeDnsQuery makes a standard query with RD set and one question of class
// IN, 17..282 bytes. With Edns::kOn it has an OPT that offers kEdnsUdpBytes.
std::vector<uint8_t> EncodeDnsQuery(uint16_t id, const DnsName& name,
                                    DnsType type, Edns edns);

// DecodeDnsHead reads only the header and the first question. That is enough to
// match an answer with its query, and it is all that is reliable in a truncated
// answer, which may end inside a record (RFC 2181 9). Sets header and question.
DnsError DecodeDnsHead(absl::Span<const uint8_t> bytes, DnsMessage* message);

// DecodeDnsMessage reads a whole message, query or response, and checks every
// record of every section: names, lengths, RDATA of known types in class IN,
// OPT. After an error *message has what came before it. It keeps no view of
// bytes. It does not check whether the answer belongs to a question. Bytes
// after the last record are counted and ignored, as in all resolvers that we
// know.
DnsError DecodeDnsMessage(absl::Span<const uint8_t> bytes, DnsMessage* message);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_DNS_DNS_MESSAGE_H_
