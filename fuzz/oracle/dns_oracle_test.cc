// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/dns_oracle.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "fuzz/oracle/naive_dns.h"
#include "gtest/gtest.h"
#include "netif/dns/dns_error.h"
#include "netif/dns/dns_message.h"
#include "netif/dns/dns_name.h"
#include "netif/dns/testing/dns_answer.h"
#include "netif/ip_address.h"

namespace ovoc::fuzz {
namespace {

using netif::DnsAnswer;
using netif::DnsMessage;
using netif::DnsName;
using netif::DnsNameOrRoot;

DnsAnswer AnswerTo(absl::string_view name) {
  return DnsAnswer(netif::EncodeDnsQuery(
      7, DnsNameOrRoot(name), netif::DnsType::kA, netif::Edns::kOff));
}

std::vector<uint8_t> Answer() {
  return AnswerTo("ovoc.example")
      .Cname("ovoc.example", 60, "a.example")
      .Address("a.example", 60, "192.0.2.1")
      .Bytes();
}

DnsMessage Decoded(const std::vector<uint8_t>& bytes) {
  DnsMessage message;
  EXPECT_EQ(netif::DecodeDnsMessage(bytes, &message), netif::DnsError::kNone);
  return message;
}

TEST(DnsOracleTest, AgreesWithTheDecoder) {
  const NaiveDnsMessage naive = ReadNaiveDns(Answer());
  const DnsMessage message = Decoded(Answer());
  CheckHead(naive, message);
  CheckRecords(naive, message);
  CheckQuery(7, *message.question);
  CheckQuery(8, *message.question);
}

TEST(DnsOracleTest, AgreesOnEveryBitOfTheHead) {
  for (int bit = 0; bit < 32; ++bit) {
    std::vector<uint8_t> bytes = Answer();
    bytes[static_cast<size_t>(bit / 8)] ^= static_cast<uint8_t>(1 << bit % 8);
    const DnsMessage message = Decoded(bytes);
    CheckHead(ReadNaiveDns(bytes), message);
    CheckRecords(ReadNaiveDns(bytes), message);
  }
}

TEST(DnsOracleTest, AgreesOnWhatTheAuthorityHas) {
  for (const std::vector<uint8_t>& bytes :
       {AnswerTo("a.b").Soa("b").Bytes(), AnswerTo("a.b").Ns("b").Bytes(),
        AnswerTo("a.b").Soa("b").Ns("b").Bytes(), AnswerTo("a.b").Bytes()}) {
    const DnsMessage message = Decoded(bytes);
    CheckHead(ReadNaiveDns(bytes), message);
    CheckRecords(ReadNaiveDns(bytes), message);
  }
}

struct Change {
  const char* name;
  void (*make)(DnsMessage* message);
};

// Each is what a decoder with one fault would say of Answer().
constexpr Change kHeads[] = {
    {"id", [](DnsMessage* m) { m->header.id = 8; }},
    {"a query", [](DnsMessage* m) { m->header.is_response = false; }},
    {"opcode", [](DnsMessage* m) { m->header.opcode = 1; }},
    {"authoritative", [](DnsMessage* m) { m->header.authoritative = true; }},
    {"truncated", [](DnsMessage* m) { m->header.truncated = true; }},
    {"RD", [](DnsMessage* m) { m->header.recursion_desired = false; }},
    {"RA", [](DnsMessage* m) { m->header.recursion_available = false; }},
    {"RCODE", [](DnsMessage* m) { m->header.rcode = 3; }},
    {"no question", [](DnsMessage* m) { m->question.reset(); }},
    {"another name", [](DnsMessage* m) { m->question->name = DnsName(); }},
    {"another case of the name",
     [](DnsMessage* m) { m->question->name = DnsNameOrRoot("ovoc.Example"); }},
    {"type", [](DnsMessage* m) { m->question->type = netif::DnsType::kAaaa; }},
    {"class", [](DnsMessage* m) { m->question->dns_class = 3; }},
};

TEST(DnsOracleDeathTest, FindsEachDifferenceOfTheHead) {
  const NaiveDnsMessage naive = ReadNaiveDns(Answer());
  for (const Change& change : kHeads) {
    DnsMessage changed = Decoded(Answer());
    change.make(&changed);
    EXPECT_DEATH(CheckHead(naive, changed), "promise broken") << change.name;
  }
}

constexpr Change kRecords[] = {
    {"one is missing", [](DnsMessage* m) { m->answers.pop_back(); }},
    {"one is there twice",
     [](DnsMessage* m) { m->answers.push_back(m->answers[1]); }},
    {"one is dropped that is kept",
     [](DnsMessage* m) { m->answers_dropped = 1; }},
    {"one is dropped instead of kept",
     [](DnsMessage* m) {
       m->answers.pop_back();
       m->answers_dropped = 1;
     }},
    {"order", [](DnsMessage* m) { std::swap(m->answers[0], m->answers[1]); }},
    {"owner", [](DnsMessage* m) { m->answers[1].owner = DnsName(); }},
    {"another case of the owner",
     [](DnsMessage* m) { m->answers[1].owner = DnsNameOrRoot("A.example"); }},
    {"type",
     [](DnsMessage* m) { m->answers[0].type = netif::DnsType::kDname; }},
    {"target", [](DnsMessage* m) { m->answers[0].target = DnsName(); }},
    {"a longer time",
     [](DnsMessage* m) { m->answers[0].ttl = absl::Seconds(61); }},
    {"no time",
     [](DnsMessage* m) { m->answers[1].ttl = absl::ZeroDuration(); }},
    {"address",
     [](DnsMessage* m) {
       m->answers[1].address = *netif::IpAddress::Parse("192.0.2.2");
     }},
    {"an address as if it were mapped",
     [](DnsMessage* m) {
       m->answers[1].address = *netif::IpAddress::Parse("::ffff:192.0.2.1");
     }},
    {"EDNS", [](DnsMessage* m) { m->has_edns = true; }},
    {"RCODE", [](DnsMessage* m) { m->rcode = netif::DnsRcode::kBadVers; }},
    {"SOA", [](DnsMessage* m) { m->authority_has_soa = true; }},
    {"NS", [](DnsMessage* m) { m->authority_has_ns = true; }},
};

TEST(DnsOracleDeathTest, FindsEachDifferenceOfTheRecords) {
  const NaiveDnsMessage naive = ReadNaiveDns(Answer());
  for (const Change& change : kRecords) {
    DnsMessage changed = Decoded(Answer());
    change.make(&changed);
    EXPECT_DEATH(CheckRecords(naive, changed), "promise broken") << change.name;
  }
}

TEST(DnsOracleDeathTest, NothingIsKnownOfAHeadThatIsCut) {
  const std::vector<uint8_t> bytes = Answer();
  const NaiveDnsMessage cut =
      ReadNaiveDns(std::vector<uint8_t>(bytes.begin(), bytes.begin() + 20));
  ASSERT_FALSE(cut.head_ok);
  DnsMessage message;
  message.header.id = 9;
  CheckHead(cut, message);
  message.question = netif::DnsQuestion();
  EXPECT_DEATH(CheckHead(cut, message), "promise broken");
}

// RFC 2181 8: with the top bit set it is 0. A day is the most that is kept.
TEST(DnsOracleDeathTest, TimesAreKeptWithinADay) {
  struct Row {
    uint32_t ttl;
    int64_t seconds;
  };
  constexpr Row kRows[] = {{0, 0},
                           {1, 1},
                           {86400, 86400},
                           {86401, 86400},
                           {0x7FFFFFFF, 86400},
                           {0x80000000, 0},
                           {0xFFFFFFFF, 0}};
  for (const Row& row : kRows) {
    const std::vector<uint8_t> bytes =
        AnswerTo("a").Address("a", row.ttl, "2001:db8::1").Bytes();
    const NaiveDnsMessage naive = ReadNaiveDns(bytes);
    DnsMessage message = Decoded(bytes);
    EXPECT_EQ(message.answers[0].ttl, absl::Seconds(row.seconds));
    CheckRecords(naive, message);
    message.answers[0].ttl += absl::Seconds(1);
    EXPECT_DEATH(CheckRecords(naive, message), "promise broken") << row.ttl;
  }
}

TEST(DnsOracleDeathTest, SixtyFourRecordsAreKeptAndTheRestIsCounted) {
  DnsAnswer answer = AnswerTo("a");
  for (int i = 0; i < 66; ++i) {
    answer.Address("a", 1, absl::StrCat("192.0.2.", i + 1));
  }
  const NaiveDnsMessage naive = ReadNaiveDns(answer.Bytes());
  DnsMessage message = Decoded(answer.Bytes());
  EXPECT_EQ(message.answers.size(), 64u);
  EXPECT_EQ(message.answers_dropped, 2u);
  CheckRecords(naive, message);
  DnsMessage more = message;
  more.answers.push_back(message.answers[0]);
  more.answers_dropped = 1;
  EXPECT_DEATH(CheckRecords(naive, more), "promise broken");
  message.answers_dropped = 0;
  EXPECT_DEATH(CheckRecords(naive, message), "promise broken");
}

TEST(DnsOracleTest, AQueryIsReadAsItWasAskedFor) {
  const std::string label(63, 'a');
  const std::string longest =
      absl::StrCat(label, ".", label, ".", label, ".", label.substr(2));
  for (const std::string& name : {std::string("a"), std::string("Ovoc.EXAMPLE"),
                                  std::string("_a-b.1"), longest}) {
    for (const netif::DnsType type :
         {netif::DnsType::kA, netif::DnsType::kAaaa, netif::DnsType::kSoa}) {
      netif::DnsQuestion question;
      question.name = DnsNameOrRoot(name);
      question.type = type;
      ASSERT_FALSE(question.name.IsRoot()) << name;
      for (const uint16_t id : {uint16_t{0}, uint16_t{1}, uint16_t{0xFFFF}}) {
        CheckQuery(id, question);
      }
    }
  }
  CheckQuery(0, netif::DnsQuestion());  // the root, 17 bytes
}

TEST(DnsOracleTest, TakesAnyText) {
  for (const char* text :
       {"",     ".",        "a",    "a.b.",    "ovoc.example", "OVOC.Example.",
        "-",    "a b",      "a-",   "-a",      "a..b",         ".a",
        "a.",   "a..",      "_",    "1.2.3.4", "xn--a",        "a\\.b",
        "a\tb", "\xc3\xa4", "\xff", "a.-b",    "a-.b"}) {
    CheckText(text);
  }
  const std::string label(63, 'a');
  std::string name = label;
  for (int i = 0; i < 4; ++i) {
    CheckText(name);
    CheckText(name + ".");
    CheckText(name + "a");
    absl::StrAppend(&name, ".", label);
  }
  // 252 to 255 bytes of text, where the longest name is.
  for (size_t size = 250; size < 256; ++size) {
    CheckText(name.substr(0, size));
    CheckText(name.substr(0, size) + ".");
  }
  CheckText(std::string(1000, 'a'));
}

}  // namespace
}  // namespace ovoc::fuzz
