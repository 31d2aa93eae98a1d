// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/resolver_options.h"

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"

namespace ovoc::netif {
namespace {

ResolverOptions Valid() {
  ResolverOptions options;
  options.servers = {IpAddress(Ipv4Address::FromHostOrder(0xC0000235))};
  options.random = [](absl::Span<uint8_t>) {};
  return options;
}

TEST(ResolverOptionsTest, TheDefaultsWithAServerAreAllowed) {
  EXPECT_TRUE(CheckResolverOptions(Valid()).ok());
}

TEST(ResolverOptionsTest, TheDefaultsAreThoseOfTheContract) {
  const ResolverOptions options;
  EXPECT_EQ(options.initial_timeout, absl::Seconds(1));
  EXPECT_EQ(options.deadline, absl::Seconds(10));
  EXPECT_EQ(options.max_cname_chain, 8);
  // RFC 8305 3: the recommended Resolution Delay.
  EXPECT_EQ(options.resolution_delay, absl::Milliseconds(50));
}

TEST(ResolverOptionsTest, RefusesWhatIsNotAllowedAndNamesIt) {
  using Change = std::function<void(ResolverOptions*)>;
  const struct {
    const char* name;
    Change change;
  } kCases[] = {
      {"0 name servers", [](auto* o) { o->servers.clear(); }},
      {"4 name servers", [](auto* o) { o->servers.resize(4); }},
      {"random source", [](auto* o) { o->random = nullptr; }},
      {"rounds is 0", [](auto* o) { o->rounds = 0; }},
      {"rounds is 9", [](auto* o) { o->rounds = 9; }},
      {"rounds is -1", [](auto* o) { o->rounds = -1; }},
      {"CNAME limit is -1", [](auto* o) { o->max_cname_chain = -1; }},
      {"CNAME limit is 17", [](auto* o) { o->max_cname_chain = 17; }},
      {"initial time-out is 0",
       [](auto* o) { o->initial_timeout = absl::ZeroDuration(); }},
      {"TCP time-out is -1s",
       [](auto* o) { o->tcp_timeout = absl::Seconds(-1); }},
      {"deadline is inf",
       [](auto* o) { o->deadline = absl::InfiniteDuration(); }},
      {"resolution delay is -50ms",
       [](auto* o) { o->resolution_delay = absl::Milliseconds(-50); }},
  };
  for (const auto& test : kCases) {
    ResolverOptions options = Valid();
    test.change(&options);
    const absl::Status status = CheckResolverOptions(options);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << test.name;
    EXPECT_TRUE(absl::StrContains(status.message(), test.name)) << status;
  }
}

TEST(ResolverOptionsTest, AllowsTheLimits) {
  ResolverOptions options = Valid();
  options.servers.resize(2);
  options.rounds = 8;
  options.max_cname_chain = 16;
  options.initial_timeout = absl::Milliseconds(1);
  options.resolution_delay = absl::ZeroDuration();
  EXPECT_TRUE(CheckResolverOptions(options).ok());
  options.rounds = 1;
  options.max_cname_chain = 0;
  EXPECT_TRUE(CheckResolverOptions(options).ok());
}

}  // namespace
}  // namespace ovoc::netif
