// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/lookup_failure.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/dns/address_query.h"
#include "netif/dns/dns_action.h"
#include "netif/dns/dns_message.h"
#include "netif/dns/dns_server_event.h"
#include "netif/dns/resolver_options.h"
#include "netif/dns/testing/dns_answer.h"
#include "netif/ip_address.h"

namespace ovoc::netif {
namespace {

constexpr char kName[] = "ovoc.example";

constexpr LookupFailure kAll[] = {
    LookupFailure::kNone,
    LookupFailure::kNoData,
    LookupFailure::kUnreachable,
    LookupFailure::kPortClosed,
    LookupFailure::kTimedOut,
    LookupFailure::kMalformed,
    LookupFailure::kTcpFailed,
    LookupFailure::kServerError,
    LookupFailure::kServFail,
    LookupFailure::kRefused,
    LookupFailure::kCnameChainTooLong,
    LookupFailure::kCnameLoop,
    LookupFailure::kNoSuchName,
};

TEST(LookupFailureTest, EveryFailureHasItsOwnWord) {
  std::set<std::string> words;
  for (const LookupFailure failure : kAll) {
    EXPECT_TRUE(words.insert(std::string(Describe(failure))).second);
    EXPECT_NE(Describe(failure), "unknown");
  }
  EXPECT_EQ(std::size(kAll),
            static_cast<size_t>(LookupFailure::kNoSuchName) + 1);
  EXPECT_EQ(Describe(static_cast<LookupFailure>(99)), "unknown");
}

TEST(LookupFailureTest, EveryEventOfAServerMeansOneFailure) {
  const struct {
    DnsServerEvent event;
    LookupFailure failure;
  } kCases[] = {
      {DnsServerEvent::kNotAsked, LookupFailure::kNone},
      {DnsServerEvent::kAnswered, LookupFailure::kNone},
      {DnsServerEvent::kTimedOut, LookupFailure::kTimedOut},
      {DnsServerEvent::kUnreachable, LookupFailure::kUnreachable},
      {DnsServerEvent::kPortClosed, LookupFailure::kPortClosed},
      {DnsServerEvent::kTcpTimedOut, LookupFailure::kTcpFailed},
      {DnsServerEvent::kTcpFailed, LookupFailure::kTcpFailed},
      {DnsServerEvent::kTcpMalformed, LookupFailure::kTcpFailed},
      {DnsServerEvent::kFormErr, LookupFailure::kServerError},
      {DnsServerEvent::kServFail, LookupFailure::kServFail},
      {DnsServerEvent::kNotImp, LookupFailure::kServerError},
      {DnsServerEvent::kRefused, LookupFailure::kRefused},
      {DnsServerEvent::kOtherRcode, LookupFailure::kServerError},
      {DnsServerEvent::kNotRecursive, LookupFailure::kServerError},
      {static_cast<DnsServerEvent>(99), LookupFailure::kServerError},
  };
  for (const auto& test : kCases) {
    EXPECT_EQ(FailureFor(test.event), test.failure) << Describe(test.event);
  }
}

// FailureOfTest asks one server, or two, for the A records of a name, in one
// round.
class FailureOfTest : public testing::Test {
 protected:
  FailureOfTest() {
    options_.servers = {*IpAddress::Parse("192.0.2.1")};
    options_.random = [](absl::Span<uint8_t> bytes) {
      std::fill(bytes.begin(), bytes.end(), uint8_t{7});
    };
    options_.rounds = 1;
    options_.max_cname_chain = 1;
  }

  // Start asks; last_ is what was sent.
  AddressQuery& Start() {
    query_ = std::make_unique<AddressQuery>(DnsType::kA, DnsNameOrRoot(kName),
                                            &options_, &actions_, &counters_);
    query_->Start(now_);
    Act();
    return *query_;
  }

  void Act() {
    for (DnsAction action = actions_.Pop();
         action.kind != DnsAction::Kind::kNone; action = actions_.Pop()) {
      last_ = action.kind == DnsAction::Kind::kClose ? last_ : action;
    }
  }

  DnsAnswer To() { return DnsAnswer(last_.bytes); }

  void Answer(const DnsAnswer& answer) {
    query_->OnDatagram(answer.Bytes(), now_);
    Act();
  }

  void Wait() {
    now_ = query_->NextTimeout();
    query_->OnTimer(now_);
    Act();
  }

  LookupFailure Failure() { return FailureOf(*query_, counters_); }

  absl::Time now_ = absl::UnixEpoch();
  ResolverOptions options_;
  DnsActions actions_;
  ResolverCounters counters_;
  std::unique_ptr<AddressQuery> query_;
  DnsAction last_;
};

TEST_F(FailureOfTest, AQueryThatWaitsHasNoneYet) {
  Start();
  EXPECT_EQ(Failure(), LookupFailure::kNone);
}

TEST_F(FailureOfTest, AnAddressIsNone) {
  Start();
  Answer(To().Address(kName, 60, "192.0.2.7"));
  EXPECT_EQ(Failure(), LookupFailure::kNone);
}

TEST_F(FailureOfTest, AnAnswerWithoutRecordsIsNoData) {
  Start();
  Answer(To().Soa("example"));
  EXPECT_EQ(Failure(), LookupFailure::kNoData);
}

TEST_F(FailureOfTest, NxDomainIsNoSuchName) {
  Start();
  Answer(To().Rcode(DnsRcode::kNxDomain).Soa("example"));
  EXPECT_EQ(Failure(), LookupFailure::kNoSuchName);
}

TEST_F(FailureOfTest, ALoopAndALongChainHaveNamesOfTheirOwn) {
  Start();
  Answer(To().Cname(kName, 60, kName));
  EXPECT_EQ(Failure(), LookupFailure::kCnameLoop);
  Start();
  Answer(To().Cname(kName, 60, "a.example").Cname("a.example", 60, "b.test"));
  EXPECT_EQ(Failure(), LookupFailure::kCnameChainTooLong);
}

TEST_F(FailureOfTest, SilenceIsATimeout) {
  Start();
  Wait();
  EXPECT_EQ(Failure(), LookupFailure::kTimedOut);
}

TEST_F(FailureOfTest, TheDeadlineIsATimeoutToo) {
  Start().Stop();
  EXPECT_EQ(Failure(), LookupFailure::kTimedOut);
}

TEST_F(FailureOfTest, SilenceAfterAMalformedMessageIsMalformed) {
  Start();
  query_->OnDatagram(std::vector<uint8_t>{1, 2, 3}, now_);
  Wait();
  EXPECT_EQ(Failure(), LookupFailure::kMalformed);
}

TEST_F(FailureOfTest, AnotherIdIsNotMalformed) {
  Start();
  Answer(To().Id(1));
  Wait();
  EXPECT_EQ(Failure(), LookupFailure::kTimedOut);
}

TEST_F(FailureOfTest, ASocketErrorIsUnreachable) {
  Start().OnSocketError(DnsSocketError::kOther, now_);
  EXPECT_EQ(Failure(), LookupFailure::kUnreachable);
}

TEST_F(FailureOfTest, APortThatIsClosedIsNotUnreachable) {
  Start().OnSocketError(DnsSocketError::kPortClosed, now_);
  EXPECT_EQ(Failure(), LookupFailure::kPortClosed);
}

TEST_F(FailureOfTest, AServerThatIsSilentMayStillBeTheRightOne) {
  options_.servers.push_back(*IpAddress::Parse("192.0.2.2"));
  Start().OnSocketError(DnsSocketError::kPortClosed, now_);
  Act();
  Wait();
  EXPECT_EQ(Failure(), LookupFailure::kTimedOut);
}

// It has just answered by UDP.
TEST_F(FailureOfTest, AClosedPortForTcpIsTcpFailed) {
  Start();
  Answer(To().Truncated());
  query_->OnSocketError(DnsSocketError::kPortClosed, now_);
  EXPECT_EQ(Failure(), LookupFailure::kTcpFailed);
}

TEST_F(FailureOfTest, TruncationWithoutTcpIsTcpFailed) {
  Start();
  Answer(To().Truncated());
  query_->OnSocketError(DnsSocketError::kOther, now_);
  EXPECT_EQ(Failure(), LookupFailure::kTcpFailed);
}

TEST_F(FailureOfTest, TheMoreTellingOfTwoServersCounts) {
  options_.servers.push_back(*IpAddress::Parse("192.0.2.2"));
  Start();
  Answer(To().Rcode(DnsRcode::kRefused));
  Wait();
  EXPECT_EQ(Failure(), LookupFailure::kRefused);
  Start();
  Wait();
  Answer(To().Rcode(DnsRcode::kServFail));
  EXPECT_EQ(Failure(), LookupFailure::kServFail);
}

}  // namespace
}  // namespace ovoc::netif
