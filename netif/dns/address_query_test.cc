// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/address_query.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/dns/dns_action.h"
#include "netif/dns/dns_message.h"
#include "netif/dns/dns_name.h"
#include "netif/dns/dns_stream.h"
#include "netif/dns/resolver_options.h"
#include "netif/dns/testing/dns_answer.h"
#include "netif/ip_address.h"

namespace ovoc::netif {
namespace {

using Wire = std::vector<uint8_t>;
using Kind = DnsAction::Kind;

constexpr char kFirst[] = "192.0.2.1";
constexpr char kSecond[] = "192.0.2.2";
constexpr char kName[] = "ovoc.example";

// QueryTest runs a query for A records with one or two servers and a clock of
// its own. The "random" ids are 0x0101, 0x0202, ... in turn.
class QueryTest : public testing::Test {
 protected:
  QueryTest() {
    options_.random = [this](absl::Span<uint8_t> bytes) {
      ++random_;
      std::fill(bytes.begin(), bytes.end(), random_);
    };
    options_.servers = {*IpAddress::Parse(kFirst), *IpAddress::Parse(kSecond)};
  }

  // Start returns the first action, the question to the first server.
  DnsAction Start(absl::string_view name = kName) {
    query_ = std::make_unique<AddressQuery>(DnsType::kA, DnsNameOrRoot(name),
                                            &options_, &actions_, &counters_);
    query_->Start(now_);
    return Opened(Kind::kOpenUdp, kFirst);
  }

  // Opened takes the next action that is not a close; it is of this kind and
  // for this server, and there is no other.
  DnsAction Opened(Kind kind, absl::string_view server) {
    DnsAction action = actions_.Pop();
    while (action.kind == Kind::kClose) {
      action = actions_.Pop();
    }
    EXPECT_EQ(action.kind, kind);
    EXPECT_EQ(action.server.ToString(), server);
    EXPECT_TRUE(query_->Owns(action.socket_id));
    EXPECT_EQ(actions_.Pop().kind, Kind::kNone);
    return action;
  }

  // NothingOpened is true when there are no actions but closes.
  bool NothingOpened() {
    DnsAction action = actions_.Pop();
    while (action.kind == Kind::kClose) {
      action = actions_.Pop();
    }
    return action.kind == Kind::kNone;
  }

  void Receive(const DnsAnswer& answer) {
    query_->OnDatagram(answer.Bytes(), now_);
  }

  void After(absl::Duration duration) {
    now_ += duration;
    query_->OnTimer(now_);
  }

  // Message is what a kOpenTcp action sends, without its length.
  static Wire Message(const DnsAction& tcp) {
    return Wire(tcp.bytes.begin() + 2, tcp.bytes.end());
  }

  uint8_t random_ = 0;
  absl::Time now_ = absl::UnixEpoch();
  ResolverOptions options_;
  DnsActions actions_;
  ResolverCounters counters_;
  std::unique_ptr<AddressQuery> query_;
};

TEST_F(QueryTest, AsksTheFirstServerInLowerCaseWithEdns) {
  const DnsAction action = Start("Ovoc.EXAMPLE.");
  EXPECT_EQ(action.bytes, EncodeDnsQuery(0x0101, DnsNameOrRoot(kName),
                                         DnsType::kA, Edns::kOn));
  EXPECT_EQ(query_->state(), QueryState::kWaiting);
  EXPECT_EQ(query_->NextTimeout(), now_ + absl::Seconds(1));
  EXPECT_EQ(counters_.udp_queries, 1u);
}

TEST_F(QueryTest, AnAnswerEndsTheQueryAndClosesTheSocket) {
  const DnsAction action = Start();
  Receive(DnsAnswer(action.bytes).Address(kName, 60, "192.0.2.80"));
  EXPECT_EQ(query_->state(), QueryState::kAddresses);
  ASSERT_EQ(query_->addresses().size(), 1u);
  EXPECT_EQ(query_->addresses()[0].address.ToString(), "192.0.2.80");
  EXPECT_EQ(query_->addresses()[0].ttl, absl::Seconds(60));
  const DnsAction close = actions_.Pop();
  EXPECT_EQ(close.kind, Kind::kClose);
  EXPECT_EQ(close.socket_id, action.socket_id);
  EXPECT_EQ(query_->NextTimeout(), absl::InfiniteFuture());
}

TEST_F(QueryTest, NothingChangesAfterTheEnd) {
  const DnsAction action = Start();
  Receive(DnsAnswer(action.bytes).Address(kName, 60, "192.0.2.80"));
  EXPECT_TRUE(NothingOpened());
  EXPECT_FALSE(query_->Owns(action.socket_id));
  Receive(DnsAnswer(action.bytes).Address(kName, 60, "192.0.2.81"));
  query_->OnSocketError(DnsSocketError::kOther, now_);
  query_->OnStream(Wire{0, 1, 2}, now_);
  After(absl::Hours(1));
  query_->Stop();
  query_->Start(now_);
  EXPECT_EQ(query_->state(), QueryState::kAddresses);
  EXPECT_EQ(query_->addresses().size(), 1u);
  EXPECT_TRUE(NothingOpened());
}

// RFC 1035 7.3 MUST: a query is discarded where a response is expected
TEST_F(QueryTest, IgnoresWhatDoesNotBelongToTheQuestion) {
  // RFC 5452 9.1 MUST: a response matches the query's id, name, class and type
  const DnsAction action = Start();
  const auto answer = [&action] {
    return DnsAnswer(action.bytes).Address(kName, 60, "192.0.2.66");
  };
  // Offsets: 2 flags, 12 "ovoc", 13 'o', 26 type, 28 class.
  const struct {
    const char* name;
    DnsAnswer message;
    uint64_t ResolverCounters::* counter;
  } kCases[] = {
      {"another id", answer().Id(0x0102), &ResolverCounters::wrong_id},
      {"id in the other byte", answer().Id(0x0201),
       &ResolverCounters::wrong_id},
      {"a query", answer().Byte(2, 0x01), &ResolverCounters::not_a_response},
      {"opcode 1", answer().Byte(2, 0x89), &ResolverCounters::not_a_response},
      {"another name", answer().Byte(13, 'x'),
       &ResolverCounters::wrong_question},
      {"the name in another case", answer().Byte(13, 'O'),
       &ResolverCounters::wrong_question},
      {"type AAAA", answer().Byte(27, 28), &ResolverCounters::wrong_question},
      {"class CH", answer().Byte(29, 3), &ResolverCounters::wrong_question},
      {"two questions", answer().Byte(5, 2), &ResolverCounters::malformed},
      {"one answer too many", answer().Byte(7, 2),
       &ResolverCounters::malformed},
      {"reserved label", answer().Byte(12, 0x44), &ResolverCounters::malformed},
  };
  for (const auto& test : kCases) {
    const uint64_t before = counters_.*test.counter;
    Receive(test.message);
    EXPECT_EQ(counters_.*test.counter, before + 1) << test.name;
    EXPECT_EQ(query_->state(), QueryState::kWaiting) << test.name;
    EXPECT_TRUE(NothingOpened()) << test.name;
  }
  Receive(DnsAnswer(action.bytes).Address(kName, 60, "192.0.2.80"));
  EXPECT_EQ(query_->state(), QueryState::kAddresses);
}

TEST_F(QueryTest, IgnoresAHeaderWithoutQuestionEvenIfTheIdIsRight) {
  // RFC 5452 9.1 MUST: a response that does not match is invalid (without a
  // question it has no name to match)
  Start();
  const Wire bytes = {1, 1, 0x81, 0x81, 0, 0, 0, 0, 0, 0, 0, 0};  // FORMERR
  query_->OnDatagram(bytes, now_);
  EXPECT_EQ(counters_.wrong_question, 1u);
  EXPECT_EQ(query_->state(), QueryState::kWaiting);
  EXPECT_TRUE(NothingOpened());
}

// RFC 1035 7.3 MUST: all records of a response are checked to be well formed
TEST_F(QueryTest, IgnoresEveryTruncationOfAnAnswer) {
  const DnsAction action = Start();
  const Wire bytes = DnsAnswer(action.bytes)
                         .Cname(kName, 60, "www.example")
                         .Address("www.example", 60, "192.0.2.80")
                         .Bytes();
  for (size_t size = 0; size < bytes.size(); ++size) {
    query_->OnDatagram(absl::MakeConstSpan(bytes).first(size), now_);
    EXPECT_EQ(counters_.malformed, size + 1);
  }
  EXPECT_EQ(query_->state(), QueryState::kWaiting);
  query_->OnDatagram(bytes, now_);
  EXPECT_EQ(query_->state(), QueryState::kAddresses);
}

TEST_F(QueryTest, EveryQueryHasItsOwnIdAndSocket) {
  // RFC 5452 9.2 MUST: an unpredictable id of the full range
  // RFC 5452 9.2 MUST: an unpredictable source port from a large range
  std::set<uint32_t> sockets;
  std::set<std::pair<uint8_t, uint8_t>> ids;
  DnsAction action = Start();
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(sockets.insert(action.socket_id).second);
    EXPECT_TRUE(ids.insert({action.bytes[0], action.bytes[1]}).second);
    query_->OnTimer(now_ = query_->NextTimeout());
    action = Opened(Kind::kOpenUdp, i % 2 == 0 ? kSecond : kFirst);
  }
}

// RFC 1035 4.2.1 MUST: a lost datagram is sent again
TEST_F(QueryTest, SilentServersAreAskedInTurnWithDoublingTimes) {
  Start();
  const struct {
    int at_s;
    const char* server;
  } kSchedule[] = {
      {1, kSecond}, {2, kFirst}, {4, kSecond}, {6, kFirst}, {10, kSecond}};
  for (const auto& step : kSchedule) {
    EXPECT_EQ(query_->NextTimeout(),
              absl::UnixEpoch() + absl::Seconds(step.at_s));
    now_ = query_->NextTimeout() - absl::Nanoseconds(1);
    query_->OnTimer(now_);
    EXPECT_TRUE(NothingOpened());
    After(absl::Nanoseconds(1));
    Opened(Kind::kOpenUdp, step.server);
  }
  EXPECT_EQ(query_->NextTimeout(), absl::UnixEpoch() + absl::Seconds(14));
  After(absl::Seconds(4));
  EXPECT_EQ(query_->state(), QueryState::kNoAnswer);
  EXPECT_EQ(query_->Explain(),
            "A: no answer (192.0.2.1 timed out, 192.0.2.2 timed out)");
}

TEST_F(QueryTest, ALoneSilentServerIsAskedThreeTimes) {
  options_.servers.pop_back();
  Start();
  for (const int seconds : {1, 2}) {
    After(absl::Seconds(seconds));
    Opened(Kind::kOpenUdp, kFirst);
  }
  After(absl::Seconds(4));
  EXPECT_EQ(query_->state(), QueryState::kNoAnswer);
  EXPECT_EQ(counters_.udp_queries, 3u);
}

TEST_F(QueryTest, LaterRoundsGoWithoutEdns) {
  DnsAction action = Start();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(action.bytes[11], 1) << i;  // ARCOUNT
    After(absl::Seconds(1));
    action = Opened(Kind::kOpenUdp, i == 0 ? kSecond : kFirst);
  }
  EXPECT_EQ(action.bytes[11], 0);
}

TEST_F(QueryTest, AServerThatFailsIsLeftAtOnce) {
  const struct {
    DnsRcode rcode;
    const char* text;
  } kCases[] = {
      {DnsRcode::kServFail, "192.0.2.1 answered SERVFAIL"},
      {DnsRcode::kRefused, "192.0.2.1 answered REFUSED"},
      {static_cast<DnsRcode>(9), "192.0.2.1 answered with an unexpected"},
  };
  for (const auto& test : kCases) {
    const DnsAction action = Start();
    Receive(DnsAnswer(action.bytes).Rcode(test.rcode));
    Opened(Kind::kOpenUdp, kSecond);
    query_->Stop();
    EXPECT_TRUE(absl::StrContains(query_->Explain(), test.text))
        << query_->Explain();
    EXPECT_TRUE(NothingOpened());
  }
}

TEST_F(QueryTest, AnUnreachableServerIsLeftAtOnce) {
  Start();
  query_->OnSocketError(DnsSocketError::kOther, now_);
  const DnsAction action = Opened(Kind::kOpenUdp, kSecond);
  Receive(DnsAnswer(action.bytes).Address(kName, 60, "192.0.2.80"));
  EXPECT_EQ(query_->state(), QueryState::kAddresses);
}

TEST_F(QueryTest, ToldApartAreServersThatRefuseAndThoseThatAreNotThere) {
  const DnsAction action = Start();
  Receive(DnsAnswer(action.bytes).Rcode(DnsRcode::kRefused));
  Opened(Kind::kOpenUdp, kSecond);
  query_->OnSocketError(DnsSocketError::kPortClosed, now_);
  query_->Stop();
  EXPECT_EQ(query_->Explain(),
            "A: no usable answer (192.0.2.1 answered REFUSED, 192.0.2.2 has "
            "its DNS port closed)");
  Start();
  query_->OnSocketError(DnsSocketError::kPortClosed, now_);
  query_->Stop();
  EXPECT_EQ(query_->Explain(),
            "A: no answer (192.0.2.1 has its DNS port closed, 192.0.2.2 timed "
            "out)");
}

TEST_F(QueryTest, AServerThatOnlyRefersIsLeft) {
  const DnsAction action = Start();
  Receive(DnsAnswer(action.bytes).Ns("example"));
  Opened(Kind::kOpenUdp, kSecond);
  query_->Stop();
  EXPECT_TRUE(absl::StrContains(query_->Explain(),
                                "192.0.2.1 does not resolve for clients"));
}

TEST_F(QueryTest, ServersThatAllFailAtOnceAreAskedAgainLater) {
  Start();
  absl::Duration pause = absl::Seconds(1);
  for (int round = 0; round < 3; ++round) {
    query_->OnSocketError(DnsSocketError::kOther, now_);
    Opened(Kind::kOpenUdp, kSecond);
    query_->OnSocketError(DnsSocketError::kOther, now_);
    EXPECT_TRUE(NothingOpened());
    if (round == 2) {
      break;
    }
    EXPECT_EQ(query_->NextTimeout(), now_ + pause);
    query_->OnSocketError(DnsSocketError::kOther, now_);  // of nothing
    After(pause);
    Opened(Kind::kOpenUdp, kFirst);
    pause *= 2;
  }
  EXPECT_EQ(query_->state(), QueryState::kNoAnswer);
  EXPECT_EQ(
      query_->Explain(),
      "A: no answer (192.0.2.1 is unreachable, 192.0.2.2 is unreachable)");
}

TEST_F(QueryTest, AServerThatRefusesEdnsIsAskedWithoutOnce) {
  for (const DnsRcode rcode : {DnsRcode::kFormErr, DnsRcode::kNotImp}) {
    const DnsAction first = Start();
    EXPECT_EQ(first.bytes[11], 1);  // ARCOUNT
    Receive(DnsAnswer(first.bytes).Rcode(rcode));
    const DnsAction again = Opened(Kind::kOpenUdp, kFirst);
    EXPECT_EQ(again.bytes[11], 0);
    EXPECT_NE(again.socket_id, first.socket_id);
    Receive(DnsAnswer(again.bytes).Rcode(rcode));
    const DnsAction other = Opened(Kind::kOpenUdp, kSecond);
    EXPECT_EQ(other.bytes[11], 1);  // which has refused nothing
  }
}

TEST_F(QueryTest, BadVersionIsARefusalOfEdns) {
  const DnsAction first = Start();
  Wire bytes = DnsAnswer(first.bytes).Byte(11, 1).Bytes();
  const Wire opt = {0, 0, 41, 4, 0xD0, 1, 0, 0, 0, 0, 0};  // upper RCODE 1
  bytes.insert(bytes.end(), opt.begin(), opt.end());
  query_->OnDatagram(bytes, now_);
  EXPECT_EQ(Opened(Kind::kOpenUdp, kFirst).bytes[11], 0);
}

TEST_F(QueryTest, NxDomainIsFinalAndNamesTheServer) {
  const DnsAction action = Start();
  Receive(DnsAnswer(action.bytes).Rcode(DnsRcode::kNxDomain).Soa("example"));
  EXPECT_EQ(query_->state(), QueryState::kNoSuchName);
  EXPECT_EQ(query_->Explain(), "no such name (NXDOMAIN from 192.0.2.1)");
  EXPECT_TRUE(NothingOpened());
}

TEST_F(QueryTest, NoDataIsFinal) {
  for (const bool with_soa : {false, true}) {
    const DnsAction action = Start();
    DnsAnswer answer(action.bytes);
    Receive(with_soa ? answer.Soa("example").Ns("example") : answer);
    EXPECT_EQ(query_->state(), QueryState::kNoAddress);
    EXPECT_EQ(query_->Explain(), "A: no usable record (192.0.2.1 answered)");
    EXPECT_TRUE(NothingOpened());
  }
}

TEST_F(QueryTest, AsksForTheTargetOfAnUnfinishedChain) {
  Start();
  query_->OnSocketError(DnsSocketError::kOther,
                        now_);  // the first server is down
  const DnsAction first = Opened(Kind::kOpenUdp, kSecond);
  Receive(DnsAnswer(first.bytes).Cname(kName, 7, "www.example"));
  // The server that works is asked first, with all of its time.
  const DnsAction second = Opened(Kind::kOpenUdp, kSecond);
  EXPECT_EQ(second.bytes, EncodeDnsQuery(0x0303, DnsNameOrRoot("www.example"),
                                         DnsType::kA, Edns::kOn));
  Receive(DnsAnswer(second.bytes).Address("www.example", 60, "192.0.2.80"));
  EXPECT_EQ(query_->state(), QueryState::kAddresses);
  EXPECT_EQ(query_->addresses()[0].ttl, absl::Seconds(7));
}

TEST_F(QueryTest, ALoopOverSeveralQuestionsEnds) {
  const DnsAction first = Start();
  Receive(DnsAnswer(first.bytes).Cname(kName, 7, "www.example"));
  const DnsAction second = Opened(Kind::kOpenUdp, kFirst);
  Receive(DnsAnswer(second.bytes).Cname("www.example", 7, kName));
  EXPECT_EQ(query_->state(), QueryState::kCnameLoop);
  EXPECT_EQ(query_->Explain(),
            "A: CNAME loop at its alias www.example (192.0.2.1 answered)");
}

// RFC 1035 7.1 MUST: the work for one request is limited
TEST_F(QueryTest, AnEndlessChainEndsAfterNineQuestions) {
  DnsAction action = Start();
  std::string name = kName;
  for (int i = 0; i < 8; ++i) {
    const std::string next = absl::StrCat("n", i, ".example");
    Receive(DnsAnswer(action.bytes).Cname(name, 7, next));
    action = Opened(Kind::kOpenUdp, kFirst);
    name = next;
  }
  Receive(DnsAnswer(action.bytes).Cname(name, 7, "n8.example"));
  EXPECT_EQ(query_->state(), QueryState::kCnameChainTooLong);
  EXPECT_EQ(counters_.udp_queries, 9u);
  EXPECT_TRUE(NothingOpened());
}

TEST_F(QueryTest, TruncationAsksTheSameServerOverTcp) {
  const DnsAction udp = Start();
  Receive(DnsAnswer(udp.bytes).Truncated());
  const DnsAction tcp = Opened(Kind::kOpenTcp, kFirst);
  // RFC 1035 4.1.1 MUST: TC says that the answer was cut, so it is asked for
  // by TCP
  // RFC 1035 4.2.2 MUST: a two byte length is in front of the message
  EXPECT_EQ(tcp.bytes,
            AddDnsStreamPrefix(EncodeDnsQuery(0x0202, DnsNameOrRoot(kName),
                                              DnsType::kA, Edns::kOn)));
  EXPECT_EQ(query_->NextTimeout(), now_ + absl::Seconds(2));
  EXPECT_EQ(counters_.tcp_queries, 1u);
}

TEST_F(QueryTest, ATruncatedAnswerMayEndInsideARecord) {
  const DnsAction udp = Start();
  Wire bytes =
      DnsAnswer(udp.bytes).Truncated().Address(kName, 60, "192.0.2.80").Bytes();
  bytes.pop_back();
  query_->OnDatagram(bytes, now_);
  Opened(Kind::kOpenTcp, kFirst);
  EXPECT_EQ(counters_.malformed, 0u);
}

TEST_F(QueryTest, ATcpAnswerIsReadInAnyTwoPieces) {
  for (size_t cut = 0; cut < 64; ++cut) {
    const DnsAction udp = Start();
    Receive(DnsAnswer(udp.bytes).Truncated());
    const DnsAction tcp = Opened(Kind::kOpenTcp, kFirst);
    const Wire bytes = AddDnsStreamPrefix(
        DnsAnswer(Message(tcp)).Address(kName, 60, "192.0.2.80").Bytes());
    // 2 length + 12 header + 18 question + 14 owner + 10 fields + 4 address
    ASSERT_EQ(bytes.size(), 60u);
    const size_t first = std::min(cut, bytes.size());
    query_->OnStream(absl::MakeConstSpan(bytes).first(first), now_);
    EXPECT_EQ(query_->state() == QueryState::kAddresses, first == 60) << cut;
    query_->OnStream(absl::MakeConstSpan(bytes).subspan(first), now_);
    EXPECT_EQ(query_->state(), QueryState::kAddresses) << cut;
    EXPECT_TRUE(NothingOpened());
  }
}

TEST_F(QueryTest, ATcpAnswerIsReadByteByByte) {
  const DnsAction udp = Start();
  Receive(DnsAnswer(udp.bytes).Truncated());
  const DnsAction tcp = Opened(Kind::kOpenTcp, kFirst);
  for (const uint8_t byte : AddDnsStreamPrefix(
           DnsAnswer(Message(tcp)).Address(kName, 60, kFirst).Bytes())) {
    EXPECT_EQ(query_->state(), QueryState::kWaiting);
    query_->OnStream({&byte, 1}, now_);
  }
  EXPECT_EQ(query_->state(), QueryState::kAddresses);
}

TEST_F(QueryTest, AWrongTcpAnswerLeavesTheServer) {
  for (int wrong = 0; wrong < 5; ++wrong) {
    const DnsAction udp = Start();
    Receive(DnsAnswer(udp.bytes).Truncated());
    const DnsAction tcp = Opened(Kind::kOpenTcp, kFirst);
    DnsAnswer answer(Message(tcp));
    answer.Address(kName, 60, "192.0.2.80");
    const Wire messages[] = {
        DnsAnswer(answer).Id(0).Bytes(),          // another id
        DnsAnswer(answer).Truncated().Bytes(),    // truncated again
        DnsAnswer(answer).Byte(7, 2).Bytes(),     // a count that lies
        DnsAnswer(answer).Byte(13, 'x').Bytes(),  // another question
        {},                                       // no message at all
    };
    query_->OnStream(AddDnsStreamPrefix(messages[wrong]), now_);
    EXPECT_EQ(query_->state(), QueryState::kWaiting) << wrong;
    Opened(Kind::kOpenUdp, kSecond);
    query_->Stop();
    EXPECT_TRUE(absl::StrContains(query_->Explain(),
                                  "192.0.2.1 answered wrongly over TCP"))
        << wrong;
    EXPECT_TRUE(NothingOpened());
  }
}

TEST_F(QueryTest, ATcpConnectionThatFailsOrIsSilentLeavesTheServer) {
  for (const bool silent : {false, true}) {
    const DnsAction udp = Start();
    Receive(DnsAnswer(udp.bytes).Truncated());
    Opened(Kind::kOpenTcp, kFirst);
    query_->OnStream(Wire{0, 60, 1}, now_);  // a beginning
    if (silent) {
      After(absl::Seconds(2));
    } else {
      query_->OnSocketError(DnsSocketError::kOther, now_);
    }
    Opened(Kind::kOpenUdp, kSecond);
    query_->Stop();
    EXPECT_TRUE(absl::StrContains(
        query_->Explain(),
        silent ? "192.0.2.1 timed out over TCP" : "192.0.2.1 failed over TCP"));
    EXPECT_TRUE(NothingOpened());
  }
}

TEST_F(QueryTest, AStreamInputBeforeTcpAndADatagramDuringItAreIgnored) {
  const DnsAction udp = Start();
  query_->OnStream(Wire{0, 0}, now_);
  EXPECT_TRUE(NothingOpened());
  Receive(DnsAnswer(udp.bytes).Truncated());
  const DnsAction tcp = Opened(Kind::kOpenTcp, kFirst);
  Receive(DnsAnswer(Message(tcp)).Address(kName, 60, "192.0.2.66"));
  EXPECT_EQ(query_->state(), QueryState::kWaiting);
}

TEST_F(QueryTest, StopClosesTheSocketAndSaysWhereItWas) {
  Start();
  query_->Stop();
  EXPECT_EQ(query_->state(), QueryState::kNoAnswer);
  EXPECT_EQ(actions_.Pop().kind, Kind::kClose);
  EXPECT_EQ(query_->Explain(), "A: no answer (192.0.2.1 timed out)");
}

TEST_F(QueryTest, SettleNeedsNoServer) {
  options_.servers.clear();
  AddressQuery with(DnsType::kA, DnsName(), &options_, &actions_, &counters_);
  with.Settle({{IpAddress(), absl::Seconds(1)}});
  EXPECT_EQ(with.state(), QueryState::kAddresses);
  EXPECT_EQ(with.addresses().size(), 1u);
  AddressQuery none(DnsType::kA, DnsName(), &options_, &actions_, &counters_);
  none.Settle({});
  EXPECT_EQ(none.state(), QueryState::kNoAddress);
  EXPECT_EQ(none.Explain(), "A: no usable record (no server was asked)");
}

}  // namespace
}  // namespace ovoc::netif
