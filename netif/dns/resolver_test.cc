// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/resolver.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/dns/address_query.h"
#include "netif/dns/dns_action.h"
#include "netif/dns/dns_message.h"
#include "netif/dns/dns_stream.h"
#include "netif/dns/lookup_failure.h"
#include "netif/dns/resolver_options.h"
#include "netif/dns/testing/dns_answer.h"
#include "netif/ip_address.h"

namespace ovoc::netif {
namespace {

using Wire = std::vector<uint8_t>;
using Kind = DnsAction::Kind;
using Texts = std::vector<std::string>;

constexpr char kFirst[] = "192.0.2.1";
constexpr char kSecond[] = "192.0.2.2";
constexpr char kName[] = "ovoc.example";

// ResolverTest owns the "sockets" of a resolver with two servers.
class ResolverTest : public testing::Test {
 protected:
  ResolverTest() {
    options_.random = [this](absl::Span<uint8_t> bytes) {
      ++random_;
      std::fill(bytes.begin(), bytes.end(), random_);
    };
    options_.servers = {*IpAddress::Parse(kFirst), *IpAddress::Parse(kSecond)};
  }

  void Start(absl::string_view name = kName) {
    absl::StatusOr<std::unique_ptr<Resolver>> resolver =
        Resolver::Create(options_, name);
    ASSERT_TRUE(resolver.ok()) << resolver.status();
    resolver_ = *std::move(resolver);
    resolver_->Start(now_);
    Act();
  }

  // Act does what the resolver wants: the sockets that are open afterwards
  // are in sockets_.
  void Act() {
    for (DnsAction action = resolver_->NextAction(); action.kind != Kind::kNone;
         action = resolver_->NextAction()) {
      if (action.kind == Kind::kClose) {
        EXPECT_EQ(sockets_.erase(action.socket_id), 1u);
        continue;
      }
      if (action.kind == Kind::kOpenTcp) {
        action.bytes.erase(action.bytes.begin(), action.bytes.begin() + 2);
      }
      EXPECT_TRUE(sockets_.emplace(action.socket_id, action).second);
      most_sockets_ = std::max(most_sockets_, sockets_.size());
    }
  }

  static DnsType TypeOf(const DnsAction& action) {
    DnsMessage message;
    DecodeDnsHead(action.bytes, &message);
    return message.question->type;
  }

  // The open socket that asks for this type.
  DnsAction Socket(DnsType type) {
    for (const auto& [id, action] : sockets_) {
      if (TypeOf(action) == type) {
        return action;
      }
    }
    ADD_FAILURE() << "no socket for type " << static_cast<int>(type);
    return DnsAction();
  }

  // Answer gives the socket of this type a datagram, or a stream its message.
  void Answer(DnsType type, const DnsAnswer& answer) {
    const DnsAction socket = Socket(type);
    if (socket.kind == Kind::kOpenTcp) {
      resolver_->OnStream(socket.socket_id, AddDnsStreamPrefix(answer.Bytes()),
                          now_);
    } else {
      resolver_->OnDatagram(socket.socket_id, answer.Bytes(), now_);
    }
    Act();
  }

  DnsAnswer To(DnsType type) { return DnsAnswer(Socket(type).bytes); }

  void AnswerAddress(DnsType type) {
    Answer(type,
           To(type).Address(
               kName, 60, type == DnsType::kA ? "192.0.2.80" : "2001:db8::80"));
  }

  void After(absl::Duration duration) {
    now_ += duration;
    resolver_->OnTimer(now_);
    Act();
  }

  Texts Addresses() {
    Texts texts;
    for (const ResolvedAddress& address : resolver_->Result().addresses) {
      texts.push_back(address.address.ToString());
    }
    return texts;
  }

  absl::Status Status() { return resolver_->Result().status; }

  uint8_t random_ = 0;
  absl::Time now_ = absl::UnixEpoch();
  ResolverOptions options_;
  std::unique_ptr<Resolver> resolver_;
  std::map<uint32_t, DnsAction> sockets_;
  size_t most_sockets_ = 0;
};

// RFC 1035 7.1 MUST: several requests are under way at once
TEST_F(ResolverTest, AsksForBothFamiliesAtOnceOnSocketsOfTheirOwn) {
  // RFC 5452 9.2 MUST: several source ports for several outstanding queries
  Start();
  ASSERT_EQ(sockets_.size(), 2u);
  const DnsAction a = Socket(DnsType::kA);
  const DnsAction aaaa = Socket(DnsType::kAaaa);
  EXPECT_NE(a.socket_id, aaaa.socket_id);
  EXPECT_NE(Wire(a.bytes.begin(), a.bytes.begin() + 2),
            Wire(aaaa.bytes.begin(), aaaa.bytes.begin() + 2));
  // RFC 8305 3: AAAA goes out first.
  EXPECT_LT(aaaa.socket_id, a.socket_id);
  EXPECT_EQ(a.server.ToString(), kFirst);
  EXPECT_EQ(aaaa.server.ToString(), kFirst);
  EXPECT_FALSE(resolver_->Done());
  EXPECT_FALSE(resolver_->ReadyToConnect(now_));
  EXPECT_TRUE(absl::IsUnavailable(Status()));
}

TEST_F(ResolverTest, GivesBothFamiliesIpv6First) {
  Start();
  AnswerAddress(DnsType::kA);
  AnswerAddress(DnsType::kAaaa);
  EXPECT_TRUE(resolver_->Done());
  EXPECT_TRUE(Status().ok());
  EXPECT_EQ(Addresses(), (Texts{"2001:db8::80", "192.0.2.80"}));
  EXPECT_TRUE(sockets_.empty());
  EXPECT_EQ(resolver_->NextTimeout(), absl::InfiniteFuture());
}

TEST_F(ResolverTest, Ipv6AddressesAreConnectedToAtOnce) {
  // RFC 8305 3
  Start();
  AnswerAddress(DnsType::kAaaa);
  EXPECT_TRUE(resolver_->ReadyToConnect(now_));
  EXPECT_FALSE(resolver_->Done());
  EXPECT_EQ(Addresses(), Texts{"2001:db8::80"});
  AnswerAddress(DnsType::kA);
  EXPECT_TRUE(resolver_->Done()) << "the other family's answer was awaited";
}

TEST_F(ResolverTest, Ipv4AddressesWait50MillisecondsForIpv6Ones) {
  // RFC 8305 3
  Start();
  now_ += absl::Milliseconds(20);
  AnswerAddress(DnsType::kA);
  EXPECT_FALSE(resolver_->ReadyToConnect(now_));
  EXPECT_EQ(resolver_->NextTimeout(), now_ + absl::Milliseconds(50));
  After(absl::Milliseconds(49));
  EXPECT_FALSE(resolver_->ReadyToConnect(now_));
  After(absl::Milliseconds(1));
  EXPECT_TRUE(resolver_->ReadyToConnect(now_));
  EXPECT_FALSE(resolver_->Done());
  // The next thing to wait for is the AAAA query's own time-out.
  EXPECT_EQ(resolver_->NextTimeout(), absl::UnixEpoch() + absl::Seconds(1));
  AnswerAddress(DnsType::kAaaa);
  EXPECT_EQ(Addresses(), (Texts{"2001:db8::80", "192.0.2.80"}));
}

TEST_F(ResolverTest, Ipv4AddressesDoNotWaitOnceTheAaaaQueryIsOver) {
  // RFC 8305 3
  Start();
  AnswerAddress(DnsType::kA);
  EXPECT_FALSE(resolver_->ReadyToConnect(now_));
  Answer(DnsType::kAaaa, To(DnsType::kAaaa));
  EXPECT_TRUE(resolver_->ReadyToConnect(now_));
  EXPECT_TRUE(resolver_->Done());
  EXPECT_EQ(Addresses(), Texts{"192.0.2.80"});
}

TEST_F(ResolverTest, Ipv4AddressesThatComeLastAreReadyAtOnce) {
  Start();
  Answer(DnsType::kAaaa, To(DnsType::kAaaa));
  EXPECT_FALSE(resolver_->ReadyToConnect(now_));
  AnswerAddress(DnsType::kA);
  EXPECT_TRUE(resolver_->ReadyToConnect(now_));
}

TEST_F(ResolverTest, ADeadFirstServerCostsOneSecond) {
  Start();
  EXPECT_EQ(resolver_->NextTimeout(), now_ + absl::Seconds(1));
  After(absl::Seconds(1));
  ASSERT_EQ(sockets_.size(), 2u);
  for (const auto& [id, action] : sockets_) {
    EXPECT_EQ(action.server.ToString(), kSecond);
  }
  AnswerAddress(DnsType::kA);
  AnswerAddress(DnsType::kAaaa);
  EXPECT_TRUE(resolver_->Done());
  EXPECT_EQ(now_, absl::UnixEpoch() + absl::Seconds(1));
}

TEST_F(ResolverTest, AnUnreachableFirstServerCostsNothing) {
  Start();
  for (const DnsType type : {DnsType::kA, DnsType::kAaaa}) {
    resolver_->OnSocketError(Socket(type).socket_id, DnsSocketError::kOther,
                             now_);
    Act();
    EXPECT_EQ(Socket(type).server.ToString(), kSecond);
    AnswerAddress(type);
  }
  EXPECT_TRUE(Status().ok());
}

TEST_F(ResolverTest, AFamilyMayComeOverTcpWhileTheOtherComesByUdp) {
  Start();
  Answer(DnsType::kA, To(DnsType::kA).Truncated());
  EXPECT_EQ(Socket(DnsType::kA).kind, Kind::kOpenTcp);
  EXPECT_EQ(Socket(DnsType::kAaaa).kind, Kind::kOpenUdp);
  AnswerAddress(DnsType::kAaaa);
  AnswerAddress(DnsType::kA);
  EXPECT_EQ(Addresses().size(), 2u);
  EXPECT_EQ(resolver_->counters().tcp_queries, 1u);
}

TEST_F(ResolverTest, SilentServersEndAtTheDeadlineWithWhatEachDid) {
  Start();
  while (!resolver_->Done()) {
    ASSERT_LT(now_, absl::UnixEpoch() + absl::Minutes(1));
    ASSERT_LT(now_, resolver_->NextTimeout());
    After(resolver_->NextTimeout() - now_);
  }
  EXPECT_EQ(now_, absl::UnixEpoch() + absl::Seconds(10));
  EXPECT_TRUE(sockets_.empty());
  EXPECT_EQ(most_sockets_, 2u);
  EXPECT_TRUE(absl::IsUnavailable(Status()));
  EXPECT_EQ(Status().message(),
            "ovoc.example: A: no answer (192.0.2.1 timed out, 192.0.2.2 timed "
            "out); AAAA: no answer (192.0.2.1 timed out, 192.0.2.2 timed out)");
  EXPECT_EQ(resolver_->NextTimeout(), absl::InfiniteFuture());
}

TEST_F(ResolverTest, NxDomainNamesTheNameAndTheServer) {
  Start("No-Such.example");
  for (const DnsType type : {DnsType::kA, DnsType::kAaaa}) {
    Answer(type, To(type).Rcode(DnsRcode::kNxDomain));
  }
  EXPECT_TRUE(resolver_->Done());
  EXPECT_TRUE(absl::IsNotFound(Status()));
  EXPECT_EQ(Status().message(),
            "No-Such.example: no such name (NXDOMAIN from 192.0.2.1)");
}

TEST_F(ResolverTest, NoDataForBothFamiliesIsNotFound) {
  Start();
  for (const DnsType type : {DnsType::kA, DnsType::kAaaa}) {
    Answer(type, To(type).Soa("example"));
  }
  EXPECT_TRUE(absl::IsNotFound(Status()));
  EXPECT_EQ(Status().message(),
            "ovoc.example: A: no usable record (192.0.2.1 answered); AAAA: no "
            "usable record (192.0.2.1 answered)");
}

TEST_F(ResolverTest, NxDomainForOneFamilyDoesNotHideTheOther) {
  // Some servers answer AAAA so for a name with A records (RFC 4074 4.2).
  Start();
  Answer(DnsType::kAaaa, To(DnsType::kAaaa).Rcode(DnsRcode::kNxDomain));
  AnswerAddress(DnsType::kA);
  EXPECT_TRUE(Status().ok());
  EXPECT_EQ(Addresses(), Texts{"192.0.2.80"});
}

TEST_F(ResolverTest, ACnameLoopIsUnavailable) {
  Start();
  for (const DnsType type : {DnsType::kA, DnsType::kAaaa}) {
    Answer(type, To(type).Cname(kName, 60, kName));
  }
  EXPECT_TRUE(absl::IsUnavailable(Status()));
  EXPECT_TRUE(absl::StrContains(Status().message(), "CNAME loop"));
}

TEST_F(ResolverTest, ForgedDatagramsAreCountedAndNamedInTheFailure) {
  Start();
  for (int i = 0; i < 1000; ++i) {
    Answer(DnsType::kA, To(DnsType::kA).Id(0).Address(kName, 60, kFirst));
  }
  Answer(DnsType::kA, To(DnsType::kA).Byte(7, 1));  // a record that is not
  EXPECT_EQ(sockets_.size(), 2u);
  EXPECT_FALSE(resolver_->Done());
  After(absl::Seconds(10));
  EXPECT_TRUE(absl::StrContains(Status().message(),
                                "1001 messages ignored, of which 1 malformed"))
      << Status();
  EXPECT_EQ(resolver_->counters().wrong_id, 1000u);
}

TEST_F(ResolverTest, InputsForClosedAndUnknownSocketsAreIgnored) {
  Start();
  const DnsAction a = Socket(DnsType::kA);
  AnswerAddress(DnsType::kA);
  resolver_->OnDatagram(
      a.socket_id, DnsAnswer(a.bytes).Address(kName, 60, "192.0.2.66").Bytes(),
      now_);
  resolver_->OnStream(a.socket_id, Wire{0}, now_);
  resolver_->OnSocketError(a.socket_id, DnsSocketError::kOther, now_);
  resolver_->OnSocketError(0, DnsSocketError::kOther, now_);
  resolver_->OnSocketError(12345, DnsSocketError::kPortClosed, now_);
  EXPECT_EQ(resolver_->counters().stale, 5u);
  EXPECT_EQ(Addresses(), Texts{"192.0.2.80"});
}

TEST_F(ResolverTest, AnAnswerToTheOtherFamilysQuestionIsIgnored) {
  Start();
  const DnsAction a = Socket(DnsType::kA);
  const DnsAction aaaa = Socket(DnsType::kAaaa);
  resolver_->OnDatagram(
      a.socket_id,
      DnsAnswer(aaaa.bytes)
          .Id(static_cast<uint16_t>(a.bytes[0] << 8 | a.bytes[1]))
          .Address(kName, 60, "2001:db8::66")
          .Bytes(),
      now_);
  EXPECT_EQ(resolver_->counters().wrong_question, 1u);
  AnswerAddress(DnsType::kA);
  EXPECT_EQ(Addresses(), Texts{"192.0.2.80"}) << "it was still awaited";
}

TEST_F(ResolverTest, KeepsSixteenAddressesEightOfEachFamily) {
  Start();
  for (const DnsType type : {DnsType::kA, DnsType::kAaaa}) {
    DnsAnswer answer = To(type);
    for (int i = 1; i <= 30; ++i) {
      answer.Address(
          kName, 60,
          absl::StrCat(type == DnsType::kA ? "192.0.2." : "2001:db8::", i));
    }
    Answer(type, answer);
  }
  EXPECT_EQ(Addresses().size(), 16u);
  EXPECT_EQ(Addresses()[0], "2001:db8::1");
  EXPECT_EQ(Addresses()[8], "192.0.2.1");
}

TEST_F(ResolverTest, CancelKeepsWhatIsKnownAndClosesTheRest) {
  Start();
  AnswerAddress(DnsType::kA);
  resolver_->Cancel();
  Act();
  EXPECT_TRUE(sockets_.empty());
  EXPECT_TRUE(resolver_->Done());
  EXPECT_TRUE(resolver_->ReadyToConnect(now_));
  EXPECT_EQ(Addresses(), Texts{"192.0.2.80"});
  EXPECT_EQ(resolver_->NextTimeout(), absl::InfiniteFuture());
}

TEST_F(ResolverTest, TheDeadlineKeepsAddressesThatAreThere) {
  Start();
  AnswerAddress(DnsType::kA);
  After(absl::Seconds(10));
  EXPECT_TRUE(resolver_->Done());
  EXPECT_TRUE(Status().ok());
}

TEST_F(ResolverTest, LocalhostNeedsNoQuestionAndNoServer) {
  // RFC 6761 6.3
  options_.servers.clear();
  for (const char* name : {"localhost", "LocalHost.", "a.b.localhost"}) {
    Start(name);
    EXPECT_TRUE(sockets_.empty());
    EXPECT_TRUE(resolver_->Done());
    EXPECT_TRUE(resolver_->ReadyToConnect(now_));
    EXPECT_EQ(Addresses(), (Texts{"::1", "127.0.0.1"})) << name;
  }
}

TEST_F(ResolverTest, AnAddressIsItsOwnResult) {
  options_.servers.clear();
  for (const char* text : {"192.0.2.80", "2001:db8::80"}) {
    Start(text);
    EXPECT_TRUE(sockets_.empty());
    EXPECT_TRUE(resolver_->Done());
    EXPECT_TRUE(resolver_->ReadyToConnect(now_));
    EXPECT_EQ(Addresses(), Texts{text});
  }
}

TEST_F(ResolverTest, NamesNearLocalhostAreAskedFor) {
  for (const char* name : {"localhost.example", "alocalhost"}) {
    sockets_.clear();
    Start(name);
    EXPECT_EQ(sockets_.size(), 2u) << name;
  }
}

TEST_F(ResolverTest, AsksForOneFamilyWhenOneIsWanted) {
  const struct {
    AddressFamilies families;
    DnsType type;
    const char* address;
  } kCases[] = {{AddressFamilies::kIpv4, DnsType::kA, "192.0.2.80"},
                {AddressFamilies::kIpv6, DnsType::kAaaa, "2001:db8::80"}};
  for (const auto& test : kCases) {
    options_.families = test.families;
    sockets_.clear();
    Start();
    ASSERT_EQ(sockets_.size(), 1u);
    AnswerAddress(test.type);
    EXPECT_TRUE(resolver_->Done());
    EXPECT_TRUE(resolver_->ReadyToConnect(now_)) << "no delay for the other";
    EXPECT_EQ(Addresses(), Texts{test.address});
  }
}

TEST_F(ResolverTest, SaysNothingOfAFamilyThatIsNotWanted) {
  options_.families = AddressFamilies::kIpv6;
  Start();
  Answer(DnsType::kAaaa, To(DnsType::kAaaa).Soa("example"));
  EXPECT_EQ(Status(), absl::NotFoundError("ovoc.example: AAAA: no usable record"
                                          " (192.0.2.1 answered)"));
  EXPECT_EQ(resolver_->Result().failure, LookupFailure::kNoData);
}

TEST_F(ResolverTest, AnAddressOfAFamilyThatIsNotWantedIsNoResult) {
  options_.families = AddressFamilies::kIpv6;
  Start("192.0.2.1");
  EXPECT_TRUE(Addresses().empty());
  EXPECT_TRUE(absl::IsNotFound(Status())) << Status();
  EXPECT_FALSE(resolver_->ReadyToConnect(now_));
  options_.families = AddressFamilies::kIpv4;
  Start("localhost");
  EXPECT_EQ(Addresses(), Texts{"127.0.0.1"});
}

TEST_F(ResolverTest, TheMoreTellingFailureOfTwoFamiliesIsNamed) {
  Start();
  Answer(DnsType::kAaaa, To(DnsType::kAaaa).Soa("example"));
  EXPECT_EQ(resolver_->Result().failure, LookupFailure::kNone)
      << "nothing is known of the other yet";
  Answer(DnsType::kA, To(DnsType::kA).Cname(kName, 60, kName));
  EXPECT_EQ(resolver_->Result().failure, LookupFailure::kCnameLoop);
}

TEST_F(ResolverTest, AnAddressOfOneFamilyMakesTheFailureOfTheOtherNone) {
  Start();
  AnswerAddress(DnsType::kA);
  Answer(DnsType::kAaaa, To(DnsType::kAaaa).Cname(kName, 60, kName));
  EXPECT_TRUE(Status().ok()) << Status();
  EXPECT_EQ(resolver_->Result().failure, LookupFailure::kNone);
}

TEST_F(ResolverTest, RefusesNamesAndOptionsThatAreNotAllowed) {
  for (const char* name : {"", ".", "a b", "a..b", "192.0.2.256", "1.2.3",
                           "ovoc.example:443", "[::1]", "12", "a.1."}) {
    EXPECT_TRUE(
        absl::IsInvalidArgument(Resolver::Create(options_, name).status()))
        << name;
  }
  options_.servers.clear();
  EXPECT_TRUE(
      absl::IsInvalidArgument(Resolver::Create(options_, kName).status()));
}

TEST_F(ResolverTest, NothingHappensBeforeStartOrOnASecondStart) {
  absl::StatusOr<std::unique_ptr<Resolver>> resolver =
      Resolver::Create(options_, kName);
  ASSERT_TRUE(resolver.ok());
  resolver_ = *std::move(resolver);
  After(absl::Hours(1));
  EXPECT_TRUE(sockets_.empty());
  EXPECT_FALSE(resolver_->Done());
  EXPECT_EQ(resolver_->NextTimeout(), absl::InfiniteFuture());
  resolver_->Start(now_);
  Act();
  EXPECT_EQ(sockets_.size(), 2u);
  resolver_->Start(now_);
  Act();
  EXPECT_EQ(sockets_.size(), 2u);
}

}  // namespace
}  // namespace ovoc::netif
