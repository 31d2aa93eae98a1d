// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/address_chain.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "netif/dns/dns_error.h"
#include "netif/dns/dns_message.h"
#include "netif/dns/testing/dns_answer.h"

namespace ovoc::netif {
namespace {

using Result = AddressChain::Result;

constexpr int kMaxCnames = 8;

AddressChain Chain(DnsType type = DnsType::kA) {
  return AddressChain(type, DnsNameOrRoot("Ovoc.Example"), kMaxCnames);
}

DnsAnswer Answer() {
  return DnsAnswer(EncodeDnsQuery(1, DnsNameOrRoot("ovoc.example"), DnsType::kA,
                                  Edns::kOff));
}

DnsMessage Message(const DnsAnswer& answer) {
  DnsMessage message;
  EXPECT_EQ(DecodeDnsMessage(answer.Bytes(), &message), DnsError::kNone);
  return message;
}

std::vector<std::string> Text(const AddressChain& chain) {
  std::vector<std::string> text;
  for (const ResolvedAddress& address : chain.addresses()) {
    text.push_back(absl::StrCat(address.address.ToString(), " ",
                                absl::ToInt64Seconds(address.ttl)));
  }
  return text;
}

using Texts = std::vector<std::string>;

TEST(AddressChainTest, TakesTheAddressesOfItsName) {
  AddressChain chain = Chain();
  EXPECT_EQ(
      chain.Follow(Message(Answer()
                               .Address("ovoc.example", 60, "192.0.2.1")
                               .Address("OVOC.example", 30, "192.0.2.2"))),
      Result::kAddresses);
  EXPECT_EQ(Text(chain), (Texts{"192.0.2.1 60", "192.0.2.2 30"}));
}

TEST(AddressChainTest, TakesOneFamilyOnly) {
  const DnsMessage message =
      Message(Answer()
                  .Address("ovoc.example", 60, "192.0.2.1")
                  .Address("ovoc.example", 60, "2001:db8::1"));
  AddressChain v4 = Chain(DnsType::kA);
  AddressChain v6 = Chain(DnsType::kAaaa);
  EXPECT_EQ(v4.Follow(message), Result::kAddresses);
  EXPECT_EQ(v6.Follow(message), Result::kAddresses);
  EXPECT_EQ(Text(v4), Texts{"192.0.2.1 60"});
  EXPECT_EQ(Text(v6), Texts{"2001:db8::1 60"});
}

TEST(AddressChainTest, LeavesTheAddressesOfOtherNames) {
  AddressChain chain = Chain();
  EXPECT_EQ(
      chain.Follow(Message(Answer().Address("evil.example", 60, "192.0.2.66"))),
      Result::kNoAddress);
  EXPECT_TRUE(chain.addresses().empty());
}

TEST(AddressChainTest, AnEmptyAnswerIsNoAddress) {
  AddressChain chain = Chain();
  EXPECT_EQ(chain.Follow(Message(Answer())), Result::kNoAddress);
}

TEST(AddressChainTest, FollowsCnamesInAnyOrderAndKeepsTheSmallestTtl) {
  AddressChain chain = Chain();
  EXPECT_EQ(chain.Follow(Message(Answer()
                                     .Address("c.example", 300, "192.0.2.1")
                                     .Cname("b.example", 20, "c.example")
                                     .Cname("ovoc.example", 40, "B.example"))),
            Result::kAddresses);
  EXPECT_EQ(Text(chain), Texts{"192.0.2.1 20"});
  EXPECT_EQ(chain.first().ToString(), "ovoc.example");
  EXPECT_EQ(chain.last().ToString(), "c.example");
}

TEST(AddressChainTest, AsksAgainWhereAnAnswerEndsAndKeepsTheTtl) {
  AddressChain chain = Chain();
  EXPECT_EQ(
      chain.Follow(Message(Answer().Cname("ovoc.example", 5, "b.example"))),
      Result::kAskAgain);
  EXPECT_EQ(chain.last().ToString(), "b.example");
  EXPECT_EQ(
      chain.Follow(Message(Answer().Address("b.example", 60, "192.0.2.1"))),
      Result::kAddresses);
  EXPECT_EQ(Text(chain), Texts{"192.0.2.1 5"});
}

TEST(AddressChainTest, AnSoaSaysThatTheEndHasNoAddress) {
  AddressChain chain = Chain();
  EXPECT_EQ(chain.Follow(Message(
                Answer().Cname("ovoc.example", 5, "b.example").Soa("example"))),
            Result::kNoAddress);
}

TEST(AddressChainTest, RefusesLoops) {
  AddressChain itself = Chain();
  EXPECT_EQ(
      itself.Follow(Message(Answer().Cname("ovoc.example", 5, "OVOC.example"))),
      Result::kLoop);
  AddressChain two = Chain();
  EXPECT_EQ(two.Follow(Message(Answer()
                                   .Cname("ovoc.example", 5, "b.example")
                                   .Cname("b.example", 5, "ovoc.example"))),
            Result::kLoop);
  AddressChain over_two_answers = Chain();
  EXPECT_EQ(over_two_answers.Follow(
                Message(Answer().Cname("ovoc.example", 5, "b.example"))),
            Result::kAskAgain);
  EXPECT_EQ(over_two_answers.Follow(
                Message(Answer().Cname("b.example", 5, "ovoc.example"))),
            Result::kLoop);
}

// n0.example -> n1.example -> ... with this many CNAMEs and an address.
DnsAnswer LongChain(int cnames) {
  DnsAnswer answer = Answer();
  answer.Cname("ovoc.example", 5, "n1.example");
  for (int i = 1; i < cnames; ++i) {
    answer.Cname(absl::StrCat("n", i, ".example"), 5,
                 absl::StrCat("n", i + 1, ".example"));
  }
  return answer.Address(absl::StrCat("n", cnames, ".example"), 5, "192.0.2.1");
}

TEST(AddressChainTest, EightCnamesAreFollowedAndNineAreTooMany) {
  AddressChain eight = Chain();
  EXPECT_EQ(eight.Follow(Message(LongChain(8))), Result::kAddresses);
  AddressChain nine = Chain();
  EXPECT_EQ(nine.Follow(Message(LongChain(9))), Result::kTooLong);
  EXPECT_TRUE(nine.addresses().empty());
}

TEST(AddressChainTest, TheLimitCountsOverAllAnswers) {
  AddressChain chain = Chain();
  Result result =
      chain.Follow(Message(Answer().Cname("ovoc.example", 5, "n0.example")));
  int cnames = 1;
  while (result == Result::kAskAgain && cnames < 100) {
    result = chain.Follow(
        Message(Answer().Cname(absl::StrCat("n", cnames - 1, ".example"), 5,
                               absl::StrCat("n", cnames, ".example"))));
    ++cnames;
  }
  EXPECT_EQ(result, Result::kTooLong);
  EXPECT_EQ(cnames, kMaxCnames + 1);
}

TEST(AddressChainTest, KeepsEightAddressesEachOnce) {
  DnsAnswer answer = Answer();
  for (int i = 1; i <= 12; ++i) {
    answer.Address("ovoc.example", 60, absl::StrCat("192.0.2.", i));
    answer.Address("ovoc.example", 60, "192.0.2.1");
  }
  AddressChain chain = Chain();
  EXPECT_EQ(chain.Follow(Message(answer)), Result::kAddresses);
  ASSERT_EQ(chain.addresses().size(), kMaxAddressesPerFamily);
  EXPECT_EQ(chain.addresses().back().address.ToString(), "192.0.2.8");
}

TEST(AddressChainTest, LeavesOutAddressesThatNoServerHas) {
  const struct {
    const char* address;
    bool usable;
  } kCases[] = {
      {"0.0.0.0", false},
      {"0.1.2.3", false},
      {"127.0.0.1", true},
      {"10.0.0.1", true},
      {"169.254.0.1", true},
      {"223.255.255.255", true},
      {"224.0.0.1", false},
      {"240.0.0.1", false},
      {"255.255.255.255", false},
      {"::", false},
      {"::1", true},
      {"fe80::1", true},
      {"2001:db8::1", true},
      {"ff02::1", false},
      {"::ffff:192.0.2.1", false},
      {"64:ff9b::192.0.2.1", true},
  };
  for (const auto& test : kCases) {
    const bool is_v6 =
        absl::string_view(test.address).find(':') != absl::string_view::npos;
    AddressChain chain = Chain(is_v6 ? DnsType::kAaaa : DnsType::kA);
    EXPECT_EQ(chain.Follow(
                  Message(Answer().Address("ovoc.example", 60, test.address))),
              test.usable ? Result::kAddresses : Result::kNoAddress)
        << test.address;
    EXPECT_EQ(chain.unusable(), test.usable ? 0u : 1u) << test.address;
  }
}

}  // namespace
}  // namespace ovoc::netif
