// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/address_pool.h"

#include <optional>
#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

netif::Ipv4Address Address(absl::string_view text) {
  return netif::Ipv4Address::Parse(text).value_or(netif::Ipv4Address());
}

AddressPool Pool(const AddressPool::Options& options) {
  absl::StatusOr<AddressPool> pool = AddressPool::Create(options);
  EXPECT_TRUE(pool.ok()) << pool.status();
  return *std::move(pool);
}

std::string Taken(AddressPool& pool) {
  const std::optional<netif::Ipv4Address> address = pool.Take();
  return address.has_value() ? address->ToString() : "none";
}

TEST(AddressPoolTest, GivesTheFirstFreeAddressAfterOvocsOwn) {
  AddressPool pool = Pool({});
  EXPECT_EQ(Taken(pool), "169.254.0.2");
  EXPECT_EQ(Taken(pool), "169.254.0.3");
  EXPECT_EQ(Taken(pool), "169.254.0.4");
  EXPECT_EQ(pool.taken(), 3u);
  pool.Return(Address("169.254.0.3"));
  pool.Return(Address("169.254.0.2"));
  EXPECT_EQ(pool.taken(), 1u);
  EXPECT_EQ(Taken(pool), "169.254.0.2");
  EXPECT_EQ(Taken(pool), "169.254.0.3");
  EXPECT_EQ(Taken(pool), "169.254.0.5");
}

TEST(AddressPoolTest, ASlash30ServesTwoAsRecordedAndOneByTheBook) {
  AddressPool::Options options;
  options.prefix_length = 30;
  AddressPool strict = Pool(options);
  EXPECT_EQ(Taken(strict), "169.254.0.2");
  EXPECT_EQ(Taken(strict), "none");
  options.broadcast = BroadcastUse::kGivenOut;
  AddressPool legacy = Pool(options);
  EXPECT_EQ(Taken(legacy), "169.254.0.2");
  EXPECT_EQ(Taken(legacy), "169.254.0.3");
  EXPECT_EQ(Taken(legacy), "none");
  EXPECT_EQ(Taken(legacy), "none");
  legacy.Return(Address("169.254.0.3"));
  EXPECT_EQ(Taken(legacy), "169.254.0.3");
}

TEST(AddressPoolTest, HoldsEveryHostBehindOvocsOwn) {
  // A /18 holds 16384 addresses: less network, OVOC and broadcast.
  AddressPool pool = Pool({});
  EXPECT_EQ(pool.capacity(), 16381u);
  for (size_t i = 0; i < pool.capacity(); ++i) {
    ASSERT_TRUE(pool.Take().has_value()) << i;
  }
  EXPECT_EQ(Taken(pool), "none");
  EXPECT_EQ(pool.IndexOf(Address("169.254.63.254")), 16380u);
}

TEST(AddressPoolTest, BeginsAtTheOffsetItIsTold) {
  AddressPool::Options options;
  options.first_offset = 5;
  AddressPool pool = Pool(options);
  EXPECT_EQ(Taken(pool), "169.254.0.6");
  EXPECT_EQ(pool.IndexOf(Address("169.254.0.5")), std::nullopt);
  // 0 would be OVOC's own.
  options.first_offset = 0;
  AddressPool zero = Pool(options);
  EXPECT_EQ(Taken(zero), "169.254.0.2");
}

TEST(AddressPoolTest, IgnoresAddressesItDidNotGive) {
  AddressPool pool = Pool({});
  EXPECT_EQ(Taken(pool), "169.254.0.2");
  for (const char* text : {"169.254.0.1", "169.254.0.3", "169.254.63.255",
                           "0.0.0.0", "255.255.255.255"}) {
    pool.Return(Address(text));
    EXPECT_EQ(pool.taken(), 1u) << text;
  }
  pool.Return(Address("169.254.0.2"));
  pool.Return(Address("169.254.0.2"));
  EXPECT_EQ(pool.taken(), 0u);
}

TEST(AddressPoolTest, KnowsThePlaceOfItsAddresses) {
  const AddressPool pool = Pool({});
  EXPECT_EQ(pool.IndexOf(Address("169.254.0.2")), 0u);
  EXPECT_EQ(pool.IndexOf(Address("169.254.0.99")), 97u);
  EXPECT_EQ(pool.IndexOf(Address("169.254.0.1")), std::nullopt);
  EXPECT_EQ(pool.IndexOf(Address("169.254.63.255")), std::nullopt);
  EXPECT_EQ(pool.IndexOf(Address("10.0.0.1")), std::nullopt);
}

TEST(AddressPoolTest, RefusesARangeThatServesNobody) {
  const struct {
    const char* name;
    const char* ovoc;
    int prefix_length;
    uint32_t first_offset;
  } kCases[] = {
      {"too short a prefix", "169.254.0.1", 15, 1},
      {"too long a prefix", "169.254.0.1", 31, 1},
      {"negative prefix", "169.254.0.1", -1, 1},
      {"network address", "169.254.0.0", 18, 1},
      {"broadcast address", "169.254.63.255", 18, 1},
      {"last host", "169.254.63.254", 18, 1},
      {"offset behind the end", "169.254.0.1", 18, 16382},
      {"offset that would wrap around", "169.254.0.1", 18, 0xFFFFFFFF},
  };
  for (const auto& c : kCases) {
    AddressPool::Options options;
    options.ovoc = Address(c.ovoc);
    options.prefix_length = c.prefix_length;
    options.first_offset = c.first_offset;
    EXPECT_FALSE(AddressPool::Create(options).ok()) << c.name;
  }
}

}  // namespace
}  // namespace ovoc::conformance
