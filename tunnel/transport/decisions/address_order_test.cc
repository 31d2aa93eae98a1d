// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/decisions/address_order.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using netif::IpAddress;
using Outcome = AddressOrder::Outcome;

IpAddress Address(absl::string_view text) {
  return IpAddress::Parse(text).value();
}

std::vector<IpAddress> Addresses(std::initializer_list<const char*> texts) {
  std::vector<IpAddress> addresses;
  for (const char* text : texts) {
    addresses.push_back(Address(text));
  }
  return addresses;
}

std::string Arranged(const AddressOrder& order,
                     std::initializer_list<const char*> texts) {
  return absl::StrJoin(order.Arrange(Addresses(texts)), " ",
                       [](std::string* out, const IpAddress& address) {
                         out->append(address.ToString());
                       });
}

// An attempt that connects to `address` and ends so.
void Fails(AddressOrder* order, absl::string_view address) {
  order->Begin();
  order->OnTrying(Address(address));
  order->OnConnected(Address(address));
  order->OnEnd(Outcome::kFailed);
}

// One whose tunnel comes up there.
void Works(AddressOrder* order, absl::string_view address,
           Outcome outcome = Outcome::kLost) {
  order->Begin();
  order->OnTrying(Address(address));
  order->OnConnected(Address(address));
  order->OnWorked();
  order->OnEnd(outcome);
}

// One that is refused everywhere, in this order.
void IsRefused(AddressOrder* order, std::initializer_list<const char*> texts) {
  order->Begin();
  for (const IpAddress& address : Addresses(texts)) {
    order->OnTrying(address);
  }
  order->OnEnd(Outcome::kFailed);
}

TEST(AddressOrderTest, AlternatesTheFamiliesBeginningWithIpv6) {
  EXPECT_EQ(Arranged(AddressOrder(), {"192.0.2.1", "192.0.2.2", "192.0.2.3",
                                      "2001:db8::1", "2001:db8::2"}),
            "2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2 192.0.2.3");
  EXPECT_EQ(Arranged(AddressOrder(), {}), "");
}

TEST(AddressOrderTest, AnAddressThatFailedIsTriedLast) {
  AddressOrder order;
  Fails(&order, "192.0.2.1");
  EXPECT_EQ(Arranged(order, {"192.0.2.1", "192.0.2.2", "192.0.2.3"}),
            "192.0.2.2 192.0.2.3 192.0.2.1");
  EXPECT_TRUE(order.HasFailed(Address("192.0.2.1")));
  EXPECT_FALSE(order.HasFailed(Address("192.0.2.2")));
}

TEST(AddressOrderTest, EachAttemptStartsElsewhereWhileAllFail) {
  AddressOrder order;
  const auto all = {"192.0.2.1", "192.0.2.2", "192.0.2.3"};
  for (const absl::string_view next :
       {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.1", "192.0.2.2"}) {
    EXPECT_EQ(order.Arrange(Addresses(all)).front(), Address(next));
    Fails(&order, next);
  }
}

TEST(AddressOrderTest, TheOnlyAddressStaysTheFirst) {
  AddressOrder order;
  Fails(&order, "192.0.2.1");
  EXPECT_EQ(Arranged(order, {"192.0.2.1"}), "192.0.2.1");
}

TEST(AddressOrderTest, TheOtherFamilyComesFirstWhenOneFailed) {
  AddressOrder order;
  Fails(&order, "2001:db8::1");
  EXPECT_EQ(Arranged(order, {"2001:db8::1", "192.0.2.1"}),
            "192.0.2.1 2001:db8::1");
}

TEST(AddressOrderTest, WithoutAnyConnectionTheNextAttemptStartsElsewhereToo) {
  AddressOrder order;
  const auto both = {"2001:db8::1", "192.0.2.1"};
  IsRefused(&order, both);
  EXPECT_EQ(Arranged(order, both), "192.0.2.1 2001:db8::1");
  IsRefused(&order, {"192.0.2.1", "2001:db8::1"});
  EXPECT_EQ(Arranged(order, both), "2001:db8::1 192.0.2.1");
}

TEST(AddressOrderTest, OneThatWasNotTriedComesBeforeThoseThatWere) {
  AddressOrder order;
  IsRefused(&order, {"192.0.2.1", "192.0.2.2"});
  EXPECT_EQ(Arranged(order, {"192.0.2.1", "192.0.2.2", "192.0.2.3"}),
            "192.0.2.3 192.0.2.2 192.0.2.1");
}

TEST(AddressOrderTest, TheLoserOfARaceHasNotFailed) {
  AddressOrder order;
  order.Begin();
  order.OnTrying(Address("192.0.2.1"));
  order.OnTrying(Address("192.0.2.2"));
  order.OnConnected(Address("192.0.2.2"));
  order.OnEnd(Outcome::kFailed);
  EXPECT_EQ(Arranged(order, {"192.0.2.2", "192.0.2.1"}), "192.0.2.1 192.0.2.2");
}

// IPv6 is refused, and IPv4 connects to a gateway whose server is down.
TEST(AddressOrderTest, NoneIsLeftOnceEachWasTriedInVain) {
  const auto both = Addresses({"2001:db8::1", "192.0.2.1"});
  AddressOrder order;
  EXPECT_TRUE(order.HasLeft(both));
  order.Begin();
  order.OnTrying(both[0]);
  order.OnTrying(both[1]);
  order.OnConnected(both[1]);
  order.OnEnd(Outcome::kFailed);
  EXPECT_FALSE(order.HasLeft(both));
  EXPECT_TRUE(order.HasLeft(Addresses({"192.0.2.1", "192.0.2.2"})))
      << "one that is new";
  EXPECT_FALSE(order.HasLeft({})) << "a name without an address";
  order.Begin();
  EXPECT_TRUE(order.HasLeft(both)) << "the next attempt begins with IPv6";
}

TEST(AddressOrderTest, OneThatWasNotTriedIsLeft) {
  const auto both = Addresses({"2001:db8::1", "192.0.2.1"});
  AddressOrder order;
  Fails(&order, "2001:db8::1");
  EXPECT_TRUE(order.HasLeft(both));
  Fails(&order, "192.0.2.1");
  EXPECT_FALSE(order.HasLeft(both));
  IsRefused(&order, {"2001:db8::1", "192.0.2.1"});
  EXPECT_FALSE(order.HasLeft(both));
}

TEST(AddressOrderTest, OneWhoseTunnelWasLostIsLeftUnlessItHangs) {
  const auto one = Addresses({"192.0.2.1"});
  AddressOrder order;
  Works(&order, "192.0.2.1");
  EXPECT_TRUE(order.HasLeft(one));
  Works(&order, "192.0.2.1", Outcome::kFailed);
  EXPECT_FALSE(order.HasLeft(one));
}

TEST(AddressOrderTest, TheOneThatWorkedLastComesFirst) {
  AddressOrder order;
  Works(&order, "192.0.2.3");
  EXPECT_EQ(Arranged(order, {"2001:db8::1", "192.0.2.1", "192.0.2.3"}),
            "192.0.2.3 2001:db8::1 192.0.2.1");
  Works(&order, "192.0.2.1");
  EXPECT_EQ(Arranged(order, {"192.0.2.1", "192.0.2.2", "192.0.2.3"}),
            "192.0.2.1 192.0.2.2 192.0.2.3");
}

TEST(AddressOrderTest, ItStaysFirstThroughRestartsAndGoesWhenItFails) {
  AddressOrder order;
  const auto both = {"192.0.2.1", "192.0.2.2"};
  Fails(&order, "192.0.2.1");
  Works(&order, "192.0.2.2");
  Works(&order, "192.0.2.2", Outcome::kLostEarly);
  EXPECT_EQ(Arranged(order, both), "192.0.2.2 192.0.2.1");
  Fails(&order, "192.0.2.2");
  EXPECT_EQ(Arranged(order, both), "192.0.2.1 192.0.2.2");
  Works(&order, "192.0.2.1");
  EXPECT_EQ(Arranged(order, both), "192.0.2.1 192.0.2.2");
}

// It logs everybody in and ends it at once: no better than one that is silent.
TEST(AddressOrderTest, AnAddressWhoseTunnelsNeverLastHasFailed) {
  AddressOrder order;
  const auto both = {"192.0.2.1", "192.0.2.2"};
  for (int i = 1; i < AddressOrder::kMaxEarlyLosses; ++i) {
    Works(&order, "192.0.2.1", Outcome::kLostEarly);
    EXPECT_EQ(Arranged(order, both), "192.0.2.1 192.0.2.2");
  }
  Works(&order, "192.0.2.1", Outcome::kLostEarly);
  EXPECT_EQ(Arranged(order, both), "192.0.2.2 192.0.2.1");
}

TEST(AddressOrderTest, ATunnelThatLastedMakesUpForAnEarlyLoss) {
  AddressOrder order;
  for (int i = 0; i < 2 * AddressOrder::kMaxEarlyLosses; ++i) {
    Works(&order, "192.0.2.1", Outcome::kLostEarly);
    Works(&order, "192.0.2.1", Outcome::kLost);
  }
  EXPECT_FALSE(order.HasFailed(Address("192.0.2.1")));
}

TEST(AddressOrderTest, WhatSaysNothingChangesNothing) {
  AddressOrder order;
  order.Begin();
  order.OnTrying(Address("192.0.2.1"));
  order.OnConnected(Address("192.0.2.1"));
  order.OnEnd(Outcome::kNothing);
  EXPECT_FALSE(order.HasFailed(Address("192.0.2.1")));
  order.Begin();
  order.OnEnd(Outcome::kFailed);  // no address was tried
  order.OnWorked();               // nor connected to
  EXPECT_EQ(Arranged(order, {"192.0.2.1", "192.0.2.2"}), "192.0.2.1 192.0.2.2");
}

// A name server that answers with other addresses each time.
TEST(AddressOrderTest, RemembersNoMoreThanItsLimit) {
  AddressOrder order;
  for (int i = 0; i < 250; ++i) {
    Fails(&order, absl::StrCat("192.0.2.", i));
  }
  size_t remembered = 0;
  for (int i = 0; i < 250; ++i) {
    remembered += order.HasFailed(Address(absl::StrCat("192.0.2.", i))) ? 1 : 0;
  }
  EXPECT_EQ(remembered, AddressOrder::kMaxRemembered);
  EXPECT_TRUE(order.HasFailed(Address("192.0.2.249")));
}

TEST(AddressOrderTest, AddressesThatCameAndWentDoNotMatter) {
  AddressOrder order;
  Works(&order, "192.0.2.1");
  Fails(&order, "192.0.2.2");
  EXPECT_EQ(Arranged(order, {"192.0.2.7", "192.0.2.8"}), "192.0.2.7 192.0.2.8");
}

TEST(AddressOrderTest, WaitsForTheOtherFamilyWhenThisOneIsOfNoUse) {
  AddressOrder order;
  EXPECT_FALSE(order.ShouldWait(Addresses({"2001:db8::1"})));
  Fails(&order, "2001:db8::1");
  EXPECT_TRUE(order.ShouldWait(Addresses({"2001:db8::1"})));
  EXPECT_FALSE(order.ShouldWait(Addresses({"2001:db8::1", "2001:db8::2"})));
  Works(&order, "192.0.2.1");
  EXPECT_TRUE(order.ShouldWait(Addresses({"2001:db8::2"})));
  EXPECT_FALSE(order.ShouldWait(Addresses({"2001:db8::2", "192.0.2.1"})));
}

}  // namespace
}  // namespace ovoc::tunnel
