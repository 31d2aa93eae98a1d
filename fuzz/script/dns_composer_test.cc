// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/dns_composer.h"

#include <cstdint>
#include <vector>

#include "fuzz/oracle/naive_dns.h"
#include "fuzz/script/byte_source.h"
#include "gtest/gtest.h"
#include "netif/dns/dns_message.h"
#include "netif/dns/dns_name.h"

namespace ovoc::fuzz {
namespace {

NaiveDnsMessage Compose(const std::vector<uint8_t>& input) {
  const std::vector<uint8_t> query = netif::EncodeDnsQuery(
      0x1234, netif::DnsName::FromText("ab.c").value_or(netif::DnsName()),
      netif::DnsType::kA, netif::Edns::kOn);
  ByteSource source(input);
  return ReadNaiveDns(ComposeAnswer(query, &source));
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
