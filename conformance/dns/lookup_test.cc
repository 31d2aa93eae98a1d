// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/lookup.h"

#include <algorithm>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/dns/lookup_failure.h"
#include "netif/dns/resolver_options.h"

namespace ovoc::conformance {
namespace {

// What a server answers is tried over the network, in resolver_e2e.

void Sevens(absl::Span<uint8_t> out) {
  std::fill(out.begin(), out.end(), uint8_t{7});
}

TEST(LookUpTest, WaitsForNothingWhenNobodyNeedsToBeAsked) {
  const auto result = LookUp({}, nullptr, Sevens, "localhost");
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_EQ(result->addresses.size(), 2u);
  EXPECT_EQ(result->addresses[0].address.ToString(), "::1");
}

TEST(LookUpTest, ANameThatIsNoneIsInTheResult) {
  tunnel::DnsClient::Options options;
  options.servers = {*netif::IpAddress::Parse("127.0.0.1")};
  const auto result = LookUp(options, nullptr, Sevens, "no..name");
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(absl::IsInvalidArgument(result->status)) << result->status;
}

TEST(LookUpTest, TheFamilyThatIsWantedIsPassedOn) {
  tunnel::DnsClient::Options options;
  options.families = netif::AddressFamilies::kIpv4;
  const auto result = LookUp(options, nullptr, Sevens, "::1");
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->failure, netif::LookupFailure::kNoData);
}

}  // namespace
}  // namespace ovoc::conformance
