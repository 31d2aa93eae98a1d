// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/dns_server_event.h"

#include <cstddef>
#include <iterator>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "netif/dns/dns_message.h"

namespace ovoc::netif {
namespace {

constexpr DnsServerEvent kAll[] = {
    DnsServerEvent::kNotAsked,   DnsServerEvent::kAnswered,
    DnsServerEvent::kTimedOut,   DnsServerEvent::kUnreachable,
    DnsServerEvent::kPortClosed, DnsServerEvent::kTcpTimedOut,
    DnsServerEvent::kTcpFailed,  DnsServerEvent::kTcpMalformed,
    DnsServerEvent::kFormErr,    DnsServerEvent::kServFail,
    DnsServerEvent::kNotImp,     DnsServerEvent::kRefused,
    DnsServerEvent::kOtherRcode, DnsServerEvent::kNotRecursive,
};

TEST(DnsServerEventTest, EveryEventHasItsOwnText) {
  std::set<std::string> texts;
  for (const DnsServerEvent event : kAll) {
    EXPECT_TRUE(texts.insert(std::string(Describe(event))).second);
    EXPECT_NE(Describe(event), "unknown");
  }
  EXPECT_EQ(std::size(kAll),
            static_cast<size_t>(DnsServerEvent::kNotRecursive) + 1);
}

TEST(DnsServerEventTest, AValueOutsideOfTheListIsUnknown) {
  EXPECT_EQ(Describe(static_cast<DnsServerEvent>(99)), "unknown");
}

// "no answer (192.0.2.1 answered REFUSED)" would contradict itself.
TEST(DnsServerEventTest, WhatSaysThatItAnsweredIsAnAnswer) {
  for (const DnsServerEvent event : kAll) {
    const bool says_so = absl::StartsWith(Describe(event), "answered") ||
                         event == DnsServerEvent::kNotRecursive;
    EXPECT_EQ(IsAnswer(event), says_so) << Describe(event);
  }
  EXPECT_FALSE(IsAnswer(static_cast<DnsServerEvent>(99)));
}

TEST(DnsServerEventTest, OneAnswerOfSeveralServersIsEnough) {
  EXPECT_FALSE(AnyAnswer({}));
  EXPECT_FALSE(
      AnyAnswer({DnsServerEvent::kTimedOut, DnsServerEvent::kPortClosed}));
  EXPECT_TRUE(
      AnyAnswer({DnsServerEvent::kTimedOut, DnsServerEvent::kServFail}));
}

TEST(DnsServerEventTest, AnRcodeTellsWhatTheServerDid) {
  const struct {
    int rcode;
    DnsServerEvent event;
  } kCases[] = {
      {0, DnsServerEvent::kAnswered},    {1, DnsServerEvent::kFormErr},
      {2, DnsServerEvent::kServFail},    {3, DnsServerEvent::kAnswered},
      {4, DnsServerEvent::kNotImp},      {5, DnsServerEvent::kRefused},
      {6, DnsServerEvent::kOtherRcode},  {15, DnsServerEvent::kOtherRcode},
      {16, DnsServerEvent::kOtherRcode}, {4095, DnsServerEvent::kOtherRcode},
  };
  for (const auto& test : kCases) {
    EXPECT_EQ(DnsServerEventFor(static_cast<DnsRcode>(test.rcode)), test.event)
        << test.rcode;
  }
}

}  // namespace
}  // namespace ovoc::netif
