// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/dns_message.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/dns/dns_error.h"
#include "netif/dns/dns_name.h"
#include "netif/dns/testing/dns_answer.h"

namespace ovoc::netif {
namespace {

using Wire = std::vector<uint8_t>;

constexpr size_t kOptOffset = 64;

// An answer to "ovoc.example A" through the alias www.example.
const Wire kAnswer = {
    0x12, 0x34,                                      // 0: id
    0x81, 0x80,                                      // 2: QR RD, RA NOERROR
    0x00, 0x01,                                      // 4: QDCOUNT
    0x00, 0x02,                                      // 6: ANCOUNT
    0x00, 0x00,                                      // 8: NSCOUNT
    0x00, 0x01,                                      // 10: ARCOUNT
    4,    'o',  'v',  'o',  'c',                     // 12: QNAME
    7,    'e',  'x',  'a',  'm',  'p', 'l', 'e', 0,  // 17: ...
    0x00, 0x01,                                      // 26: QTYPE A
    0x00, 0x01,                                      // 28: QCLASS IN
    0xC0, 12,                                        // 30: owner: 12
    0x00, 0x05,                                      // 32: CNAME
    0x00, 0x01,                                      // 34: IN
    0x00, 0x00, 0x01, 0x2C,                          // 36: TTL 300
    0x00, 0x06,                                      // 40: RDLENGTH
    3,    'w',  'w',  'w',  0xC0, 17,                // 42: www, then 17
    0xC0, 42,                                        // 48: owner: 42
    0x00, 0x01,                                      // 50: A
    0x00, 0x01,                                      // 52: IN
    0x00, 0x00, 0x00, 0x3C,                          // 54: TTL 60
    0x00, 0x04,                                      // 58: RDLENGTH
    192,  0,    2,    7,                             // 60: the address
    0x00,                                            // 64: owner: the root
    0x00, 0x29,                                      // 65: OPT
    0x04, 0xD0,                                      // 67: UDP size 1232
    0x00, 0x00, 0x00, 0x00,  // 69: RCODE, version, flags
    0x00, 0x00,              // 73: no options
};

Wire Patched(std::initializer_list<std::pair<size_t, uint8_t>> patches) {
  Wire bytes = kAnswer;
  for (const auto& [offset, value] : patches) {
    bytes[offset] = value;
  }
  return bytes;
}

// WithRecord is the answer without its OPT and with another record, counted in
// the section whose count's lower byte is at count_offset (7, 9 or 11).
Wire WithRecord(size_t count_offset, const Wire& record) {
  Wire bytes = Patched({{11, 0}});
  bytes.resize(kOptOffset);
  bytes[count_offset] = static_cast<uint8_t>(bytes[count_offset] + 1);
  bytes.insert(bytes.end(), record.begin(), record.end());
  return bytes;
}

// A record of class IN with TTL 0, owned by the root.
Wire Record(DnsType type, const Wire& rdata) {
  Wire record = {
      0,                              // owner
      0, static_cast<uint8_t>(type),  // type, below 256
      0, 1,                           // IN
      0, 0,
      0, 0,                                   // TTL
      0, static_cast<uint8_t>(rdata.size()),  // RDLENGTH
  };
  record.insert(record.end(), rdata.begin(), rdata.end());
  return record;
}

DnsError Decode(const Wire& bytes) {
  DnsMessage message;
  return DecodeDnsMessage(bytes, &message);
}

TEST(DnsMessageTest, EncodesAQueryWithEdns) {
  const Wire expected = {
      0xAB, 0xCD,                                     // id
      0x01, 0x00,                                     // RD, nothing else
      0x00, 0x01,                                     // QDCOUNT
      0x00, 0x00, 0x00, 0x00,                         // ANCOUNT, NSCOUNT
      0x00, 0x01,                                     // ARCOUNT
      4,    'o',  'v',  'o',  'c',                    // QNAME
      7,    'e',  'x',  'a',  'm', 'p', 'l', 'e', 0,  // ...
      0x00, 0x1C,                                     // QTYPE AAAA
      0x00, 0x01,                                     // QCLASS IN
      0x00,                                           // OPT: owner
      0x00, 0x29,                                     // OPT
      0x04, 0xD0,                                     // 1232 bytes
      0x00, 0x00, 0x00, 0x00,                         // version 0, no flags
      0x00, 0x00,                                     // no options
  };
  EXPECT_EQ(EncodeDnsQuery(0xABCD, DnsNameOrRoot("ovoc.example"),
                           DnsType::kAaaa, Edns::kOn),
            expected);
}

// RFC 1035 4.1.1 MUST: RD asks a server to recurse
TEST(DnsMessageTest, EncodesAPlainQuery) {
  const Wire expected = {
      0x00, 0x01,              // id
      0x01, 0x00,              // RD
      0x00, 0x01,              // QDCOUNT
      0x00, 0x00, 0x00, 0x00,  // ANCOUNT, NSCOUNT
      0x00, 0x00,              // ARCOUNT
      1,    'a',  0,           // QNAME
      0x00, 0x01,              // QTYPE A
      0x00, 0x01,              // QCLASS IN
  };
  EXPECT_EQ(EncodeDnsQuery(1, DnsNameOrRoot("a"), DnsType::kA, Edns::kOff),
            expected);
}

// RFC 1035 2.3.4 MUST: a UDP message has 512 octets or less
TEST(DnsMessageTest, NoQueryHasMoreThan512Bytes) {
  const std::string label(63, 'a');
  const std::string longest =
      label + "." + label + "." + label + "." + std::string(61, 'a');
  const DnsName name = DnsNameOrRoot(longest);
  ASSERT_EQ(name.wire().size(), 255u);
  EXPECT_EQ(EncodeDnsQuery(1, name, DnsType::kA, Edns::kOff).size(), 271u);
  EXPECT_EQ(EncodeDnsQuery(1, name, DnsType::kAaaa, Edns::kOn).size(), 282u);
}

TEST(DnsMessageTest, AQueryHasZeroInTheReservedBits) {
  // RFC 1035 4.1.1 MUST: Z is zero in all queries
  for (const Edns edns : {Edns::kOff, Edns::kOn}) {
    const Wire query =
        EncodeDnsQuery(0xFFFF, DnsNameOrRoot("a"), DnsType::kA, edns);
    EXPECT_EQ(query[3], 0);
    DnsMessage message;
    ASSERT_EQ(DecodeDnsMessage(query, &message), DnsError::kNone);
    EXPECT_FALSE(message.header.is_response);
    EXPECT_TRUE(message.header.recursion_desired);
    EXPECT_EQ(message.has_edns, edns == Edns::kOn);
  }
}

TEST(DnsMessageTest, DecodesEveryFieldOfAnAnswer) {
  DnsMessage message;
  ASSERT_EQ(DecodeDnsMessage(kAnswer, &message), DnsError::kNone);
  EXPECT_EQ(message.header.id, 0x1234);
  EXPECT_TRUE(message.header.is_response);
  EXPECT_EQ(message.header.opcode, 0);
  EXPECT_FALSE(message.header.authoritative);
  EXPECT_FALSE(message.header.truncated);
  EXPECT_TRUE(message.header.recursion_desired);
  EXPECT_TRUE(message.header.recursion_available);
  EXPECT_EQ(message.rcode, DnsRcode::kNoError);
  ASSERT_TRUE(message.question.has_value());
  EXPECT_EQ(message.question->name.ToString(), "ovoc.example");
  EXPECT_EQ(message.question->type, DnsType::kA);
  EXPECT_EQ(message.question->dns_class, kDnsClassInternet);
  ASSERT_EQ(message.answers.size(), 2u);
  EXPECT_EQ(message.answers[0].owner.ToString(), "ovoc.example");
  EXPECT_EQ(message.answers[0].type, DnsType::kCname);
  EXPECT_EQ(message.answers[0].ttl, absl::Seconds(300));
  EXPECT_EQ(message.answers[0].target.ToString(), "www.example");
  EXPECT_EQ(message.answers[1].owner.ToString(), "www.example");
  EXPECT_EQ(message.answers[1].type, DnsType::kA);
  EXPECT_EQ(message.answers[1].ttl, absl::Seconds(60));
  EXPECT_EQ(message.answers[1].address.ToString(), "192.0.2.7");
  EXPECT_TRUE(message.has_edns);
  EXPECT_FALSE(message.authority_has_soa);
  EXPECT_EQ(message.trailing_bytes, 0u);
}

TEST(DnsMessageTest, DecodesTheHeaderFlagsOneByOne) {
  DnsMessage message;
  const Wire bytes = Patched({{2, 0x7E}, {3, 0x05}});
  ASSERT_EQ(DecodeDnsHead(bytes, &message), DnsError::kNone);
  EXPECT_FALSE(message.header.is_response);
  EXPECT_EQ(message.header.opcode, 15);
  EXPECT_TRUE(message.header.authoritative);
  EXPECT_TRUE(message.header.truncated);
  EXPECT_FALSE(message.header.recursion_desired);
  EXPECT_FALSE(message.header.recursion_available);
  EXPECT_EQ(message.header.rcode, 5);
  EXPECT_EQ(message.rcode, DnsRcode::kRefused);
  EXPECT_TRUE(message.answers.empty());
}

// RFC 1035 4.1.3 MUST: there are as many records as the header counts
TEST(DnsMessageTest, EveryTruncationIsRefused) {
  for (size_t size = 0; size < kAnswer.size(); ++size) {
    const Wire cut(kAnswer.begin(),
                   kAnswer.begin() + static_cast<std::ptrdiff_t>(size));
    const DnsError error = Decode(cut);
    EXPECT_NE(error, DnsError::kNone) << size;
    EXPECT_EQ(error == DnsError::kTruncatedHeader, size < 12) << size;
    DnsMessage head;
    EXPECT_EQ(DecodeDnsHead(cut, &head) == DnsError::kNone, size >= 30) << size;
  }
}

// RFC 1035 3.4.1 MUST: an A record holds four octets
TEST(DnsMessageTest, RefusesOneWrongFieldAtATime) {
  const struct {
    const char* name;
    Wire bytes;
    DnsError error;
  } kCases[] = {
      {"two questions", Patched({{5, 2}}), DnsError::kQuestionCount},
      {"65535 questions", Patched({{4, 0xFF}, {5, 0xFF}}),
       DnsError::kQuestionCount},
      // The question is read as a record: TTL 0xC00C0005, RDLENGTH 1.
      {"question not counted", Patched({{5, 0}}), DnsError::kBadAddressLength},
      {"one answer too many", Patched({{7, 3}}), DnsError::kMisplacedOpt},
      {"one record too many", Patched({{11, 2}}), DnsError::kTruncatedName},
      {"65535 records", Patched({{10, 0xFF}, {11, 0xFF}}),
       DnsError::kTruncatedName},
      {"QNAME with a reserved label", Patched({{12, 0x44}}),
       DnsError::kReservedLabelType},
      {"owner in the header", Patched({{31, 11}}),
       DnsError::kPointerIntoHeader},
      {"owner points to itself", Patched({{31, 30}}),
       DnsError::kForwardPointer},
      {"owner points forward", Patched({{31, 42}}), DnsError::kForwardPointer},
      {"CNAME a byte short", Patched({{41, 5}}), DnsError::kTruncatedName},
      {"CNAME a byte long", Patched({{41, 7}}), DnsError::kBadNameRdata},
      {"CNAME to itself", Patched({{47, 42}}), DnsError::kForwardPointer},
      {"CNAME empty", Patched({{41, 0}}), DnsError::kTruncatedName},
      {"A of 3 bytes", Patched({{59, 3}}), DnsError::kBadAddressLength},
      {"A of 5 bytes", Patched({{59, 5}}), DnsError::kBadAddressLength},
      {"AAAA of 4 bytes", Patched({{51, 28}}), DnsError::kBadAddressLength},
      {"RDLENGTH past the end", Patched({{59, 16}}), DnsError::kRdataOverrun},
      {"RDLENGTH 65535", Patched({{58, 0xFF}, {59, 0xFF}}),
       DnsError::kRdataOverrun},
      {"OPT with RDATA past the end", Patched({{74, 1}}),
       DnsError::kRdataOverrun},
  };
  for (const auto& test : kCases) {
    EXPECT_EQ(Decode(test.bytes), test.error)
        << test.name << ": " << Describe(Decode(test.bytes));
  }
}

TEST(DnsMessageTest, ChecksOpt) {
  const Wire opt = Record(DnsType::kOpt, {});
  Wire two = opt;
  two.insert(two.end(), opt.begin(), opt.end());
  Wire two_counted = WithRecord(11, two);
  two_counted[11] = 2;
  Wire owned = {0xC0, 12};  // ovoc.example
  owned.insert(owned.end(), opt.begin() + 1, opt.end());
  const struct {
    const char* name;
    Wire bytes;
    DnsError error;
  } kCases[] = {
      {"in its place", WithRecord(11, opt), DnsError::kNone},
      {"among the answers", WithRecord(7, opt), DnsError::kMisplacedOpt},
      {"in the authority section", WithRecord(9, opt), DnsError::kMisplacedOpt},
      {"twice", two_counted, DnsError::kDuplicateOpt},
      {"with an owner", WithRecord(11, owned), DnsError::kBadOptOwner},
      {"with an option",
       WithRecord(11, Record(DnsType::kOpt, {0, 10, 0, 2, 0xAA, 0xBB})),
       DnsError::kNone},
      {"with an option cut",
       WithRecord(11, Record(DnsType::kOpt, {0, 10, 0, 2, 0xAA})),
       DnsError::kBadOptRdata},
      {"with an option's head cut",
       WithRecord(11, Record(DnsType::kOpt, {0, 10, 0})),
       DnsError::kBadOptRdata},
      {"with a byte behind an option",
       WithRecord(11, Record(DnsType::kOpt, {0, 10, 0, 0, 0})),
       DnsError::kBadOptRdata},
  };
  for (const auto& test : kCases) {
    EXPECT_EQ(Decode(test.bytes), test.error)
        << test.name << ": " << Describe(Decode(test.bytes));
  }
}

// RFC 1035 3.3 MUST: names in the RDATA of these types may be compressed
// RFC 1035 4.1.4 MUST: the compressed length counts in RDLENGTH
TEST(DnsMessageTest, ChecksTheRdataOfTypesMadeOfNames) {
  const Wire numbers(20, 0xFF);
  Wire soa = {1, 'a', 0, 0xC0, 12};  // MNAME a, RNAME ovoc.example
  soa.insert(soa.end(), numbers.begin(), numbers.end());
  Wire short_soa(soa.begin(), soa.end() - 1);
  Wire long_soa = soa;
  long_soa.push_back(0);
  const struct {
    const char* name;
    DnsType type;
    Wire rdata;
    DnsError error;
  } kCases[] = {
      {"SOA", DnsType::kSoa, soa, DnsError::kNone},
      {"SOA short", DnsType::kSoa, short_soa, DnsError::kBadNameRdata},
      {"SOA long", DnsType::kSoa, long_soa, DnsError::kBadNameRdata},
      {"SOA of one name", DnsType::kSoa, {0}, DnsError::kTruncatedName},
      {"NS", DnsType::kNs, {0xC0, 12}, DnsError::kNone},
      {"NS cut", DnsType::kNs, {0xC0}, DnsError::kTruncatedName},
      {"PTR", DnsType::kPtr, {0}, DnsError::kNone},
      {"PTR long", DnsType::kPtr, {0, 0}, DnsError::kBadNameRdata},
      {"DNAME", DnsType::kDname, {1, 'a', 0}, DnsError::kNone},
      {"MX", DnsType::kMx, {0, 10, 0}, DnsError::kNone},
      {"MX without name", DnsType::kMx, {0, 10}, DnsError::kTruncatedName},
      {"MX too short", DnsType::kMx, {0}, DnsError::kBadNameRdata},
      {"SRV", DnsType::kSrv, {0, 1, 0, 2, 0, 3, 0}, DnsError::kNone},
      {"SRV too short", DnsType::kSrv, {0, 1, 0}, DnsError::kBadNameRdata},
      {"TXT is not looked at", static_cast<DnsType>(16), {9}, DnsError::kNone},
  };
  for (const auto& test : kCases) {
    for (const size_t section : {size_t{7}, size_t{9}, size_t{11}}) {
      EXPECT_EQ(Decode(WithRecord(section, Record(test.type, test.rdata))),
                test.error)
          << test.name << " in the section counted at " << section;
    }
  }
}

TEST(DnsMessageTest, ARecordCutInItsFixedFieldsIsRefused) {
  const Wire record = Record(DnsType::kA, {1, 2, 3, 4});
  for (size_t size = 1; size < 11; ++size) {
    const Wire cut(record.begin(),
                   record.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(Decode(WithRecord(7, cut)), DnsError::kTruncatedRecord) << size;
  }
}

TEST(DnsMessageTest, TellsSoaAndNsOfTheAuthoritySectionOnly) {
  for (const size_t section : {size_t{7}, size_t{9}, size_t{11}}) {
    DnsMessage message;
    const Wire soa = Record(DnsType::kSoa, Wire(22, 0));
    ASSERT_EQ(DecodeDnsMessage(WithRecord(section, soa), &message),
              DnsError::kNone);
    EXPECT_EQ(message.authority_has_soa, section == 9);
    const Wire ns = Record(DnsType::kNs, {0});
    ASSERT_EQ(DecodeDnsMessage(WithRecord(section, ns), &message),
              DnsError::kNone);
    EXPECT_EQ(message.authority_has_ns, section == 9);
    EXPECT_FALSE(message.authority_has_soa);
  }
}

TEST(DnsMessageTest, KeepsAddressesOfTheAnswerSectionOnly) {
  for (const size_t section : {size_t{9}, size_t{11}}) {
    DnsMessage message;
    const Wire bytes = WithRecord(section, Record(DnsType::kA, {1, 2, 3, 4}));
    ASSERT_EQ(DecodeDnsMessage(bytes, &message), DnsError::kNone);
    EXPECT_EQ(message.answers.size(), 2u);
  }
}

TEST(DnsMessageTest, AnotherClassIsNeitherCheckedNorKept) {
  Wire chaos = Record(DnsType::kA, {1, 2, 3, 4, 5});
  chaos[4] = 3;  // CH, where A is a name and a number
  DnsMessage message;
  ASSERT_EQ(DecodeDnsMessage(WithRecord(7, chaos), &message), DnsError::kNone);
  EXPECT_EQ(message.answers.size(), 2u);
}

// RFC 1035 2.3.4 MUST: a TTL is a positive number of 31 bits
TEST(DnsMessageTest, ClampsTtls) {
  const struct {
    uint32_t wire;
    absl::Duration ttl;
  } kCases[] = {
      {0, absl::ZeroDuration()},          {1, absl::Seconds(1)},
      {86399, absl::Seconds(86399)},      {86400, absl::Hours(24)},
      {86401, absl::Hours(24)},           {0x7FFFFFFF, absl::Hours(24)},
      {0x80000000, absl::ZeroDuration()}, {0xFFFFFFFF, absl::ZeroDuration()},
  };
  const Wire query =
      EncodeDnsQuery(1, DnsNameOrRoot("a"), DnsType::kA, Edns::kOn);
  for (const auto& test : kCases) {
    DnsMessage message;
    ASSERT_EQ(DecodeDnsMessage(
                  DnsAnswer(query).Address("a", test.wire, "192.0.2.1").Bytes(),
                  &message),
              DnsError::kNone);
    ASSERT_EQ(message.answers.size(), 1u);
    EXPECT_EQ(message.answers[0].ttl, test.ttl) << test.wire;
  }
}

TEST(DnsMessageTest, PutsTheRcodeTogetherWithTheBitsOfEdns) {
  DnsMessage message;
  ASSERT_EQ(DecodeDnsMessage(Patched({{69, 1}}), &message), DnsError::kNone);
  EXPECT_EQ(message.rcode, DnsRcode::kBadVers);
  ASSERT_EQ(DecodeDnsMessage(Patched({{3, 0x82}}), &message), DnsError::kNone);
  EXPECT_EQ(message.rcode, DnsRcode::kServFail);
}

TEST(DnsMessageTest, AnAnswerWithoutQuestionIsWellFormed) {
  const Wire bytes = {0, 1, 0x81, 0x81, 0, 0, 0, 0, 0, 0, 0, 0};
  DnsMessage message;
  ASSERT_EQ(DecodeDnsMessage(bytes, &message), DnsError::kNone);
  EXPECT_FALSE(message.question.has_value());
  EXPECT_EQ(message.rcode, DnsRcode::kFormErr);
}

TEST(DnsMessageTest, OtherOpcodesMayHaveManyQuestions) {
  Wire bytes = {
      0, 1, 0x28, 0,              // id; opcode 5, UPDATE
      0, 2, 0,    0, 0, 0, 0, 0,  // QDCOUNT 2
      0, 0, 6,    0, 1,           // the root, SOA, IN
      0, 0, 1,    0, 1,           // the root, A, IN
  };
  EXPECT_EQ(Decode(bytes), DnsError::kNone);
  bytes.pop_back();
  EXPECT_EQ(Decode(bytes), DnsError::kTruncatedQuestion);
}

TEST(DnsMessageTest, CountsTrailingBytesAndIgnoresThem) {
  Wire bytes = kAnswer;
  bytes.insert(bytes.end(), 3, 0xC0);
  DnsMessage message;
  ASSERT_EQ(DecodeDnsMessage(bytes, &message), DnsError::kNone);
  EXPECT_EQ(message.trailing_bytes, 3u);
}

TEST(DnsMessageTest, KeepsABoundedNumberOfRecords) {
  const Wire query =
      EncodeDnsQuery(1, DnsNameOrRoot("a"), DnsType::kA, Edns::kOn);
  DnsAnswer answer(query);
  for (size_t i = 0; i < kMaxKeptDnsRecords + 6; ++i) {
    answer.Address("a", 1, "192.0.2.1");
  }
  DnsMessage message;
  ASSERT_EQ(DecodeDnsMessage(answer.Bytes(), &message), DnsError::kNone);
  EXPECT_EQ(message.answers.size(), kMaxKeptDnsRecords);
  EXPECT_EQ(message.answers_dropped, 6u);
}

TEST(DnsMessageTest, ALaterMessageLeavesNothingOfAnEarlierOne) {
  DnsMessage message;
  ASSERT_EQ(DecodeDnsMessage(kAnswer, &message), DnsError::kNone);
  const Wire bytes = {0, 1, 0x81, 0x80, 0, 0, 0, 0, 0, 0, 0, 0};
  ASSERT_EQ(DecodeDnsMessage(bytes, &message), DnsError::kNone);
  EXPECT_TRUE(message.answers.empty());
  EXPECT_FALSE(message.question.has_value());
  EXPECT_FALSE(message.has_edns);
}

}  // namespace
}  // namespace ovoc::netif
