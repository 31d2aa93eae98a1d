// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/dns_oracle.h"

#include <cstdint>
#include <vector>

#include "fuzz/oracle/naive_dns.h"
#include "gtest/gtest.h"
#include "netif/dns/dns_error.h"
#include "netif/dns/dns_message.h"
#include "netif/dns/dns_name.h"
#include "netif/dns/testing/dns_answer.h"

namespace ovoc::fuzz {
namespace {

std::vector<uint8_t> Answer() {
  return netif::DnsAnswer(
             netif::EncodeDnsQuery(7, netif::DnsNameOrRoot("ovoc.example"),
                                   netif::DnsType::kA, netif::Edns::kOff))
      .Cname("ovoc.example", 60, "a.example")
      .Address("a.example", 60, "192.0.2.1")
      .Bytes();
}

TEST(DnsOracleTest, AgreesWithTheDecoder) {
  const std::vector<uint8_t> bytes = Answer();
  const NaiveDnsMessage naive = ReadNaiveDns(bytes);
  netif::DnsMessage message;
  ASSERT_EQ(netif::DecodeDnsMessage(bytes, &message), netif::DnsError::kNone);
  CheckHead(naive, message);
  CheckRecords(naive, message);
  CheckQuery(7, *message.question);
  CheckQuery(8, *message.question);
}

TEST(DnsOracleDeathTest, FindsEachDifference) {
  const NaiveDnsMessage naive = ReadNaiveDns(Answer());
  netif::DnsMessage message;
  ASSERT_EQ(netif::DecodeDnsMessage(Answer(), &message),
            netif::DnsError::kNone);
  netif::DnsMessage changed = message;
  changed.header.truncated = true;
  EXPECT_DEATH(CheckHead(naive, changed), "promise broken");
  changed = message;
  changed.question->type = netif::DnsType::kAaaa;
  EXPECT_DEATH(CheckHead(naive, changed), "promise broken");
  changed = message;
  changed.answers.pop_back();
  EXPECT_DEATH(CheckRecords(naive, changed), "promise broken");
  changed = message;
  changed.answers[1].owner = netif::DnsName();
  EXPECT_DEATH(CheckRecords(naive, changed), "promise broken");
  changed = message;
  changed.answers[0].ttl = absl::Seconds(61);
  EXPECT_DEATH(CheckRecords(naive, changed), "promise broken");
  changed = message;
  changed.authority_has_soa = true;
  EXPECT_DEATH(CheckRecords(naive, changed), "promise broken");
}

TEST(DnsOracleTest, TakesAnyText) {
  for (const char* text : {"", ".", "a", "a.b.", "ovoc.example", "-", "a b"}) {
    CheckText(text);
  }
}

}  // namespace
}  // namespace ovoc::fuzz
