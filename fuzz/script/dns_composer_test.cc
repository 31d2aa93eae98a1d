// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/dns_composer.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/oracle/naive_dns.h"
#include "fuzz/script/byte_source.h"
#include "gtest/gtest.h"
#include "netif/dns/dns_message.h"
#include "netif/dns/dns_name.h"
#include "netif/testing/flow_packet.h"

namespace ovoc::fuzz {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr size_t kHeadBytes = 12 + 6 + 4;  // header and question of "ab.c"

Bytes Query(netif::DnsType type, netif::Edns edns) {
  return netif::EncodeDnsQuery(
      0x1234, netif::DnsName::FromText("ab.c").value_or(netif::DnsName()), type,
      edns);
}

Bytes ComposeBytes(const Bytes& input) {
  ByteSource source(input);
  return ComposeAnswer(Query(netif::DnsType::kA, netif::Edns::kOn), &source);
}

NaiveDnsMessage Compose(const Bytes& input) {
  return ReadNaiveDns(ComposeBytes(input));
}

// What one record makes behind the question.
Bytes Record(const Bytes& record) {
  Bytes input = {0, 0, 1};
  input.insert(input.end(), record.begin(), record.end());
  const Bytes answer = ComposeBytes(input);
  return Bytes(answer.begin() + kHeadBytes, answer.end());
}

Bytes Joined(Bytes all, const Bytes& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST(DnsComposerTest, AnEmptyInputIsTheQuestionAnswered) {
  const Bytes expected = {0x12, 0x34, 0x81, 0x80,                // QR, RD, RA
                          0,    1,    0,    0,    0,   0, 0, 0,  // counts
                          2,    'a',  'b',  1,    'c', 0,        // name
                          0,    1,    0,    1};                  // A, IN
  EXPECT_EQ(ComposeBytes({}), expected);
}

TEST(DnsComposerTest, AQueryWithoutEdnsIsAnsweredTheSame) {
  const Bytes input = {0, 0, 1, 0, 9, 0, 60};
  ByteSource source(input);
  EXPECT_EQ(
      ComposeAnswer(Query(netif::DnsType::kA, netif::Edns::kOff), &source),
      ComposeBytes(input));
}

// RFC 1035 4.1.3: name, type, class, TTL, length, data.
TEST(DnsComposerTest, WritesEachKindOfRecord) {
  const struct {
    const char* what;
    Bytes record;
    Bytes wire;
  } kCases[] = {
      {"address",
       {0x00, 9, 0, 60},
       {0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 0x20, 0, 0, 9}},
      {"the other family's",
       {0x01, 9, 0, 60},
       {0xC0, 12, 0, 28, 0, 1, 0, 0, 0, 60, 0, 16, 0x20, 0,
        0,    0,  0, 0,  0, 0, 0, 0, 0, 0,  0, 0,  0,    9}},
      {"alias",
       {0x02, 4, 0, 60},
       {0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 3, 1, 'e', 0}},
      {"the last letter",
       {0x02, 25, 0, 1},
       {0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 1, 0, 3, 1, 'z', 0}},
      {"the first letter again",
       {0x02, 26, 0, 1},
       {0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 1, 0, 3, 1, 'a', 0}},
      {"loop", {0x03}, {0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 2, 0xC0, 12}},
      {"SOA",
       {0x04},
       Joined({0xC0, 12, 0, 6, 0, 1, 0, 0, 0, 60, 0, 22}, Bytes(22, 0))},
      {"NS", {0x05}, {0xC0, 12, 0, 2, 0, 1, 0, 0, 0, 60, 0, 1, 0}},
      {"given",
       {0x06, 0xE0, 3, 0, 60},
       {0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 0xE0, 0, 0, 3}},
      {"raw",
       {0x08, 0xAB, 0xCD, 2, 5, 6},
       {0xC0, 12, 0xAB, 0xCD, 0, 1, 0, 0, 0, 60, 0, 2, 5, 6}},
      {"a kind that is none",
       {0x0F, 0xAB, 0xCD, 2, 5, 6},
       {0xC0, 12, 0xAB, 0xCD, 0, 1, 0, 0, 0, 60, 0, 2, 5, 6}},
  };
  for (const auto& test : kCases) {
    EXPECT_EQ(Record(test.record), test.wire) << test.what;
  }
}

TEST(DnsComposerTest, WritesEachOwner) {
  const Bytes rest = {0, 5, 0, 1, 0, 0, 0, 60, 0, 2, 0xC0, 12};  // a loop
  EXPECT_EQ(Record({0x03}), Joined({0xC0, 12}, rest));
  EXPECT_EQ(Record({0x13}), Joined({1, 'a', 0}, rest)) << "no alias yet";
  EXPECT_EQ(Record({0x23}), Joined({1, 'z', 0}, rest));
  EXPECT_EQ(Record({0x33}), Joined({2, 'A', 'B', 1, 'C', 0}, rest));
  EXPECT_EQ(Record({0x43}), Record({0x03})) << "bits 6 and 7 mean nothing";
  EXPECT_EQ(Record({0x83}), Record({0x03}));
}

TEST(DnsComposerTest, TheLastAliasIsTheOwnerAfterwards) {
  const NaiveDnsMessage answer = Compose({0, 0, 3,           //
                                          0x02, 1, 0, 60,    // b
                                          0x12, 2, 0, 60,    // b: c
                                          0x10, 9, 0, 60});  // c
  ASSERT_EQ(answer.answers.size(), 3u);
  EXPECT_EQ(answer.answers[1].owner, std::string("\1b\0", 3));
  EXPECT_EQ(answer.answers[1].data, std::string("\1c\0", 3));
  EXPECT_EQ(answer.answers[2].owner, std::string("\1c\0", 3));
}

TEST(DnsComposerTest, ATtlReachesBothEndsOf32Bits) {
  const struct {
    uint8_t high;
    uint8_t low;
    uint32_t ttl;
  } kCases[] = {{0, 0, 0},
                {0xFF, 0x00, 0xFF00},
                {0xFF, 0x01, 0xFF01FF01},
                {0xFF, 0xFF, 0xFFFFFFFF}};
  for (const auto& test : kCases) {
    const NaiveDnsMessage answer =
        Compose({0, 0, 1, 0x00, 9, test.high, test.low});
    ASSERT_EQ(answer.answers.size(), 1u);
    EXPECT_EQ(answer.answers[0].ttl, test.ttl);
  }
}

TEST(DnsComposerTest, AnOptIsTheAdditionalRecord) {
  // RFC 6891 6.1.2: the root, 41, 1232 bytes, upper RCODE, version, flags.
  const Bytes answer = ComposeBytes({kAnswerOpt, 0xF3, 7, 0});
  EXPECT_EQ(answer[3], 0x83) << "four bits of the RCODE";
  EXPECT_EQ(answer[11], 1);
  EXPECT_EQ(Bytes(answer.begin() + kHeadBytes, answer.end()),
            (Bytes{0, 0, 41, 0x04, 0xD0, 7, 0, 0, 0, 0, 0}));
  EXPECT_EQ(Compose({kAnswerOpt, 0xF3, 7, 0}).rcode, 7 * 16 + 3);
}

TEST(DnsComposerTest, SectionsStandInTheirOrderWhateverTheInputs) {
  // NS, an address, SOA, and the OPT that the flags ask for first.
  const Bytes answer =
      ComposeBytes({kAnswerOpt, 0, 0, 3, 0x05, 0x00, 9, 0, 60, 0x04});
  EXPECT_EQ(answer[7], 1);
  EXPECT_EQ(answer[9], 2);
  EXPECT_EQ(answer[11], 1);
  EXPECT_EQ(answer[kHeadBytes + 3], 1) << "A";
  EXPECT_EQ(answer[kHeadBytes + 16 + 3], 2) << "NS";
  EXPECT_EQ(answer[kHeadBytes + 16 + 13 + 3], 6) << "SOA";
  EXPECT_TRUE(ReadNaiveDns(answer).has_opt);
}

TEST(DnsComposerTest, AnswersAQuestionForIpv6) {
  const Bytes query = Query(netif::DnsType::kAaaa, netif::Edns::kOn);
  const Bytes input = {0, 0, 2, 0x00, 9, 0, 60, 0x01, 8, 0, 60};
  ByteSource source(input);
  const NaiveDnsMessage answer = ReadNaiveDns(ComposeAnswer(query, &source));
  ASSERT_EQ(answer.answers.size(), 2u);
  EXPECT_EQ(answer.question_type, 28);
  EXPECT_EQ(answer.answers[0].type, 28);
  EXPECT_EQ(answer.answers[0].data.size(), 16u);
  EXPECT_EQ(answer.answers[1].type, 1);
}

TEST(DnsComposerTest, TheInputsNumberOfRecordsIsBounded) {
  EXPECT_EQ(Compose({0, 0, 12}).answers.size(), 12u) << "of zeros";
  EXPECT_EQ(Compose({0, 0, 13}).answers.size(), 0u);
  EXPECT_EQ(Compose({0, 0, 255}).answers.size(), 255u % 13);
}

TEST(DnsComposerTest, ManyAddressesAreTheLastRecord) {
  const Bytes input = {0, 0, 12, 0x00, 9, 0, 60, 0x17, 0xAA};
  ByteSource source(input);
  const Bytes answer =
      ComposeAnswer(Query(netif::DnsType::kA, netif::Edns::kOn), &source);
  EXPECT_EQ(answer[7], 71);
  EXPECT_EQ(source.rest().size(), 1u) << "nothing more is read";
  const NaiveDnsMessage read = ReadNaiveDns(answer);
  ASSERT_EQ(read.answers.size(), 71u);
  for (size_t i = 1; i < 71; ++i) {
    EXPECT_EQ(read.answers[i].owner, std::string("\1a\0", 3));
    EXPECT_EQ(read.answers[i].data.back(), static_cast<char>(i - 1));
    EXPECT_EQ(read.answers[i].ttl, 60u);
  }
}

TEST(DnsComposerTest, AnAnswerIsBounded) {
  // 11 raw records of 255 bytes with the longest owner, and 70 addresses.
  constexpr size_t kLargest =
      kHeadBytes + 11 + 11 * (6 + 10 + 255) + 70 * (6 + 10 + 16);
  Bytes raw = {0, 0, 12};
  for (int i = 0; i < 12; ++i) {
    raw = Joined(raw, Joined({0x38, 0xAB, 0xCD, 255}, Bytes(255, 7)));
  }
  EXPECT_EQ(ComposeBytes(raw).size(), kHeadBytes + 12 * (6 + 10 + 255));
  for (uint32_t seed = 1; seed <= 300; ++seed) {
    EXPECT_LE(ComposeBytes(netif::Noise(4000, seed)).size(), kLargest);
  }
}

TEST(DnsComposerTest, AChangeBehindDoesNotReachWhatComesBefore) {
  const Bytes first = {0, 0, 2, 0x00, 9, 0, 60};
  const Bytes one = ComposeBytes(Joined(first, {0x02, 3, 0, 1}));
  const Bytes other = ComposeBytes(Joined(first, {0x31, 3, 9, 1}));
  const auto end = kHeadBytes + 16;
  EXPECT_EQ(Bytes(one.begin(), one.begin() + end),
            Bytes(other.begin(), other.begin() + end));
  EXPECT_NE(one, other);
}

TEST(DnsComposerTest, ZerosAnswerWithNothing) {
  const NaiveDnsMessage answer = Compose({});
  EXPECT_TRUE(answer.ok);
  EXPECT_EQ(answer.id, 0x1234);
  EXPECT_EQ(answer.flags, 0x8180);
  EXPECT_TRUE(answer.answers.empty());
}

TEST(DnsComposerTest, MakesRecordsOfAllKinds) {
  const NaiveDnsMessage answer = Compose({kAnswerOpt | kAnswerAuthoritative,
                                          3,
                                          1,
                                          8,  //
                                          0x02,
                                          4,
                                          0,
                                          60,  // alias e
                                          0x10,
                                          1,
                                          0,
                                          60,  // its A
                                          0x01,
                                          2,
                                          0,
                                          60,    // AAAA
                                          0x03,  // loop
                                          0x04,
                                          0x05,  // SOA, NS
                                          0x06,
                                          0xE0,
                                          3,
                                          0,
                                          60,  // multicast
                                          0x08,
                                          0,
                                          16,
                                          1,
                                          0});  // TXT
  ASSERT_TRUE(answer.ok);
  EXPECT_EQ(answer.flags, 0x8583);
  EXPECT_EQ(answer.rcode, 16 + 3);
  EXPECT_TRUE(answer.authority_has_soa && answer.authority_has_ns);
  ASSERT_EQ(answer.answers.size(), 5u);
  EXPECT_EQ(answer.answers[0].type, 5);
  EXPECT_EQ(answer.answers[0].data, answer.answers[1].owner);
  EXPECT_EQ(answer.answers[2].type, 28);
  EXPECT_EQ(answer.answers[3].data, answer.question_name);
}

TEST(DnsComposerTest, MakesWhatIsWrong) {
  EXPECT_EQ(Compose({kAnswerWrongId}).id, 0x1235);
  EXPECT_EQ(Compose({kAnswerIsQuery}).flags, 0x0180);
  EXPECT_EQ(Compose({kAnswerTruncated}).flags, 0x8380);
  EXPECT_EQ(Compose({kAnswerWrongOpcode}).flags, 0x9180);
  EXPECT_FALSE(Compose({kAnswerCut}).ok);
  EXPECT_NE(Compose({kAnswerWrongName}).question_name,
            Compose({}).question_name);
  EXPECT_EQ(Compose({0, 0, 2, 0x07}).answers.size(), 70u);
}

}  // namespace
}  // namespace ovoc::fuzz
