// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/testing/random_messages.h"

#include <cstdint>
#include <random>
#include <set>

#include "gtest/gtest.h"
#include "netif/dns/dns_error.h"
#include "netif/dns/dns_message.h"

namespace ovoc::conformance {
namespace {

constexpr unsigned kSeed = 1035;

TEST(RandomMessagesTest, EveryAnswerIsWellFormed) {
  std::mt19937 random(kSeed);
  std::set<Message> seen;
  for (int i = 0; i < 500; ++i) {
    const Message answer = RandomAnswer(&random);
    netif::DnsMessage message;
    EXPECT_EQ(netif::DecodeDnsMessage(answer, &message),
              netif::DnsError::kNone);
    seen.insert(answer);
  }
  EXPECT_GT(seen.size(), 400u);
}

TEST(RandomMessagesTest, OneSeedGivesTheSameMessages) {
  std::mt19937 random(kSeed);
  std::mt19937 again(kSeed);
  for (int i = 0; i < 20; ++i) {
    const Message answer = RandomAnswer(&random);
    EXPECT_EQ(answer, RandomAnswer(&again));
    EXPECT_EQ(Mutate(answer, answer, &random), Mutate(answer, answer, &again));
  }
}

TEST(RandomMessagesTest, MutantsDifferAndMayTakeAPartOfAnother) {
  std::mt19937 random(kSeed);
  const Message base(40, 0x77);
  const Message other(3, 0x99);  // no byte that Mutate makes by itself
  int changed = 0;
  int joined = 0;
  for (int i = 0; i < 1000; ++i) {
    const Message mutant = Mutate(base, other, &random);
    changed += mutant != base ? 1 : 0;
    joined += !mutant.empty() && mutant.back() == 0x99 ? 1 : 0;
    EXPECT_LE(mutant.size(), base.size() + 4 + other.size());
  }
  EXPECT_GT(changed, 800);
  EXPECT_GT(joined, 10);
}

TEST(RandomMessagesTest, NothingIsMutatedToNothing) {
  std::mt19937 random(kSeed);
  EXPECT_TRUE(Mutate({}, {1}, &random).empty());
}

}  // namespace
}  // namespace ovoc::conformance
