// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/decisions/connection_racer.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tunnel/retry/end_cause.h"

namespace ovoc::tunnel {
namespace {

using netif::IpAddress;

absl::Time At(double ms) {
  return absl::UnixEpoch() + absl::Seconds(1000) + absl::Milliseconds(ms);
}

std::vector<IpAddress> Addresses(std::initializer_list<const char*> texts) {
  std::vector<IpAddress> addresses;
  for (const char* text : texts) {
    addresses.push_back(IpAddress::Parse(text).value());
  }
  return addresses;
}

ConnectionRacer Racer(std::initializer_list<const char*> texts) {
  ConnectionRacer racer{ConnectionRacer::Options()};
  racer.Add(Addresses(texts));
  return racer;
}

// The address that Next begins at `now`, or "none".
std::string NextAt(ConnectionRacer& racer, double ms) {
  const auto attempt = racer.Next(At(ms));
  return attempt ? attempt->address.ToString() : "none";
}

TEST(ConnectionRacerTest, KeepsTheCallersOrder) {
  ConnectionRacer racer = Racer({"192.0.2.9", "2001:db8::1", "192.0.2.1"});
  EXPECT_EQ(NextAt(racer, 0), "192.0.2.9");
  EXPECT_EQ(NextAt(racer, 250), "2001:db8::1");
  EXPECT_EQ(NextAt(racer, 500), "192.0.2.1");
  EXPECT_EQ(NextAt(racer, 750), "none");
}

// A server that accepts at once and then stays silent would win each race
// against a good one that is 300 ms away.
TEST(ConnectionRacerTest, GivesTheOthersALongerStartBeforeADoubtfulAddress) {
  ConnectionRacer::Options options;
  options.is_doubtful = [](const IpAddress& address) {
    return address.ToString() == "192.0.2.66";
  };
  ConnectionRacer racer{options};
  racer.Add(Addresses({"192.0.2.1", "192.0.2.2", "192.0.2.66"}));
  EXPECT_EQ(NextAt(racer, 0), "192.0.2.1");
  EXPECT_EQ(NextAt(racer, 250), "192.0.2.2");
  EXPECT_EQ(NextAt(racer, 2249), "none");
  EXPECT_EQ(racer.NextTime(), At(2250));
  EXPECT_EQ(NextAt(racer, 2250), "192.0.2.66");
}

TEST(ConnectionRacerTest, ADoubtfulAddressIsBegunAtOnceWhenAnotherFails) {
  ConnectionRacer::Options options;
  options.is_doubtful = [](const IpAddress&) { return true; };
  ConnectionRacer racer{options};
  racer.Add(Addresses({"192.0.2.1", "192.0.2.2"}));
  EXPECT_EQ(NextAt(racer, 0), "192.0.2.1") << "nothing else runs";
  racer.OnFailed(0, absl::UnavailableError("refused"));
  EXPECT_EQ(NextAt(racer, 1), "192.0.2.2");
}

TEST(ConnectionRacerTest, BeginsTheNextAttemptAfterTheDelayOnly) {
  ConnectionRacer racer = Racer({"2001:db8::1", "192.0.2.1"});
  EXPECT_EQ(NextAt(racer, 0), "2001:db8::1");
  EXPECT_EQ(NextAt(racer, 249), "none");
  EXPECT_EQ(racer.NextTime(), At(250));
  EXPECT_EQ(NextAt(racer, 250), "192.0.2.1");
}

TEST(ConnectionRacerTest, AFailureBeginsTheNextAttemptAtOnce) {
  ConnectionRacer racer = Racer({"2001:db8::1", "192.0.2.1", "192.0.2.2"});
  NextAt(racer, 0);
  racer.OnFailed(0, absl::UnavailableError("refused"));
  EXPECT_LE(racer.NextTime(), At(1));
  EXPECT_EQ(NextAt(racer, 1), "192.0.2.1");
  EXPECT_EQ(NextAt(racer, 1), "none");
}

TEST(ConnectionRacerTest, AnAttemptHasTenSeconds) {
  ConnectionRacer racer = Racer({"192.0.2.1"});
  NextAt(racer, 0);
  EXPECT_EQ(racer.NextTime(), At(10000));
  EXPECT_TRUE(racer.Expire(At(9999)).empty());
  EXPECT_FALSE(racer.Exhausted());
  EXPECT_EQ(racer.Expire(At(10000)), std::vector<size_t>{0});
  EXPECT_TRUE(racer.Exhausted());
}

TEST(ConnectionRacerTest, SaysWhatHappenedAtEachAddress) {
  ConnectionRacer racer = Racer({"2001:db8::1", "192.0.2.1"});
  NextAt(racer, 0);
  racer.OnFailed(0, absl::UnavailableError("refused"));
  NextAt(racer, 1);
  racer.Expire(At(10001));
  EXPECT_EQ(racer.status(),
            absl::UnavailableError(
                "2001:db8::1: refused; 192.0.2.1: no answer in 10s"));
  EXPECT_EQ(CauseOf(racer.status()), EndCause::kUnknown);
}

TEST(ConnectionRacerTest, NamesAnAddressOnceThatTheReasonBeginsWith) {
  ConnectionRacer racer = Racer({"127.0.0.1", "192.0.2.1"});
  NextAt(racer, 0);
  racer.OnFailed(0, absl::PermissionDeniedError("127.0.0.1 is not accepted"));
  NextAt(racer, 1);
  racer.OnFailed(1, absl::UnavailableError("192.0.2.10 is another one"));
  EXPECT_EQ(racer.status(),
            absl::UnavailableError("127.0.0.1 is not accepted; 192.0.2.1: "
                                   "192.0.2.10 is another one"));
}

TEST(ConnectionRacerTest, FailuresOfOneCauseHaveItInCommon) {
  struct Case {
    EndCause first;
    EndCause second;
    EndCause common;
  };
  constexpr Case kCases[] = {
      {EndCause::kPortClosed, EndCause::kPortClosed, EndCause::kPortClosed},
      {EndCause::kNoRoute, EndCause::kPortClosed, EndCause::kPortClosed},
      {EndCause::kPortSilent, EndCause::kNoRoute, EndCause::kPortSilent},
      {EndCause::kNoRoute, EndCause::kNoRoute, EndCause::kNoRoute},
      {EndCause::kPortClosed, EndCause::kPortSilent, EndCause::kUnknown},
      {EndCause::kPortClosed, EndCause::kUnknown, EndCause::kUnknown},
  };
  for (const Case& c : kCases) {
    ConnectionRacer racer = Racer({"2001:db8::1", "192.0.2.1"});
    NextAt(racer, 0);
    racer.OnFailed(0, WithCause(absl::UnavailableError("a"), c.first));
    NextAt(racer, 1);
    racer.OnFailed(1, WithCause(absl::UnavailableError("b"), c.second));
    EXPECT_EQ(CauseOf(racer.status()), c.common);
  }
}

TEST(ConnectionRacerTest, SilenceIsACause) {
  ConnectionRacer racer = Racer({"192.0.2.1"});
  NextAt(racer, 0);
  racer.Expire(At(10001));
  EXPECT_EQ(CauseOf(racer.status()), EndCause::kPortSilent);
}

// RFC 6455 4.1 MUST: connections to the same address are serialized
TEST(ConnectionRacerTest, TakesAddressesThatComeLater) {
  ConnectionRacer racer = Racer({"192.0.2.1", "192.0.2.2"});
  EXPECT_EQ(NextAt(racer, 0), "192.0.2.1");
  racer.Add(Addresses({"192.0.2.1", "2001:db8::1", "192.0.2.2"}));
  EXPECT_EQ(NextAt(racer, 250), "2001:db8::1");
  EXPECT_EQ(NextAt(racer, 500), "192.0.2.2");
  EXPECT_EQ(NextAt(racer, 750), "none");
}

TEST(ConnectionRacerTest, IsExhaustedWithoutAnyAddress) {
  ConnectionRacer racer = Racer({});
  EXPECT_TRUE(racer.Exhausted());
  EXPECT_EQ(NextAt(racer, 0), "none");
  EXPECT_EQ(racer.NextTime(), absl::InfiniteFuture());
  EXPECT_FALSE(racer.status().ok());
}

TEST(ConnectionRacerTest, FailuresOfUnknownAttemptsChangeNothing) {
  ConnectionRacer racer = Racer({"192.0.2.1"});
  racer.OnFailed(7, absl::UnavailableError("?"));
  EXPECT_EQ(NextAt(racer, 0), "192.0.2.1");
  racer.OnFailed(0, absl::UnavailableError("refused"));
  racer.OnFailed(0, absl::UnavailableError("refused again"));
  EXPECT_EQ(racer.status(), absl::UnavailableError("192.0.2.1: refused"));
}

TEST(ConnectionRacerTest, KeepsNoMoreAddressesThanItsLimit) {
  ConnectionRacer racer{ConnectionRacer::Options()};
  for (int i = 1; i < 200; ++i) {
    racer.Add({IpAddress::Parse(absl::StrCat("192.0.2.", i)).value()});
  }
  size_t begun = 0;
  for (double ms = 0; racer.Next(At(ms)); ms += 250) {
    ++begun;
  }
  EXPECT_EQ(begun, ConnectionRacer::kMaxAttempts);
}

}  // namespace
}  // namespace ovoc::tunnel
