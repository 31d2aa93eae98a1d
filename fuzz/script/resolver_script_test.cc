// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/resolver_script.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "fuzz/script/byte_source.h"
#include "fuzz/script/dns_composer.h"
#include "gtest/gtest.h"
#include "netif/dns/resolver.h"
#include "netif/testing/flow_packet.h"

namespace ovoc::fuzz {
namespace {

using Bytes = std::vector<uint8_t>;
using Texts = std::vector<std::string>;

const absl::Time kStart = absl::UnixEpoch() + absl::Hours(1);

// A name of the list, two servers, both families, 3 rounds, 8 aliases, 1 s,
// 2 s, 10 s, 50 ms, random numbers from 7 on; then the steps.
Bytes Script(uint8_t name, const Bytes& steps) {
  Bytes input = {name, 2, 0, 3, 8, 0x03, 0xE8, 0x07, 0xD0, 0x27, 0x10, 50, 7};
  input.insert(input.end(), steps.begin(), steps.end());
  return input;
}

// Where Script has its options.
constexpr size_t kServers = 1;
constexpr size_t kFamilies = 2;
constexpr size_t kRounds = 3;
constexpr size_t kAliases = 4;
constexpr size_t kDeadline = 9;
constexpr uint8_t kIpv4Only = 1;
constexpr uint8_t kIpv6Only = 2;

std::unique_ptr<ResolverScript> Play(const Bytes& input) {
  ByteSource source(input);
  auto script = std::make_unique<ResolverScript>(&source);
  while (script->created() && !source.empty()) {
    script->Step(&source);
  }
  return script;
}

std::unique_ptr<ResolverScript> PlayFamily(uint8_t families,
                                           const Bytes& steps) {
  Bytes input = Script(0, steps);
  input[kFamilies] = families;
  return Play(input);
}

Texts Addresses(const ResolverScript& script) {
  Texts texts;
  for (const auto& resolved : script.resolver().Result().addresses) {
    texts.push_back(resolved.address.ToString());
  }
  return texts;
}

TEST(ResolverScriptTest, AnAnswerToEachQuestionEndsIt) {
  // Step 7, the first socket, no flags, NOERROR, one record: an address.
  const auto script = Play(Script(0, {7, 0, 0, 0, 1, 0x00, 9, 0, 60,  //
                                      7, 0, 0, 0, 1, 0x00, 9, 0, 60}));
  ASSERT_TRUE(script->created());
  EXPECT_TRUE(script->resolver().Done());
  EXPECT_EQ(Addresses(*script), (Texts{"2000::9", "32.0.0.9"}));
  EXPECT_EQ(script->resolver().Result().addresses[0].ttl, absl::Seconds(60));
  script->Finish();
}

TEST(ResolverScriptTest, SilenceEndsAtTheDeadline) {
  const auto script = Play(Script(0, {}));
  EXPECT_FALSE(script->resolver().Done());
  script->Finish();
  EXPECT_TRUE(script->resolver().Done());
  EXPECT_FALSE(script->resolver().Result().status.ok());
  // Per family: at 0, 1 s; 2, 4 s; 6 s. The last one has no time for its 4 s.
  EXPECT_EQ(script->resolver().counters().udp_queries, 10u);
}

TEST(ResolverScriptTest, SilenceEndsWhenEveryServerWasAskedInEveryRound) {
  Bytes input = Script(0, {});
  input[kDeadline] = 0xFF;
  const auto script = Play(input);
  script->Finish();
  EXPECT_EQ(script->resolver().counters().udp_queries, 2u * 2 * 3);
  EXPECT_EQ(script->resolver().counters().tcp_queries, 0u);
}

TEST(ResolverScriptTest, AnAddressNeedsNoStep) {
  EXPECT_TRUE(Play(Script(3, {}))->resolver().Done());
}

TEST(ResolverScriptTest, TheNamesThatNeedNoServerGiveTheirAddresses) {
  const struct {
    uint8_t name;
    uint8_t families;
    Texts addresses;
  } kCases[] = {{2, 0, {"::1", "127.0.0.1"}}, {2, kIpv4Only, {"127.0.0.1"}},
                {2, kIpv6Only, {"::1"}},      {3, 0, {"192.0.2.1"}},
                {3, kIpv6Only, {}},           {4, 0, {"2001:db8::1"}},
                {4, kIpv4Only, {}},           {5, 0, {"::1", "127.0.0.1"}}};
  for (const auto& test : kCases) {
    // No server, no random source: such a name does without.
    const auto script = Play({test.name, 0, test.families});
    ASSERT_TRUE(script->created()) << int{test.name};
    EXPECT_TRUE(script->resolver().Done());
    EXPECT_EQ(Addresses(*script), test.addresses) << int{test.name};
    EXPECT_EQ(script->resolver().counters().udp_queries, 0u);
    script->Finish();
  }
}

TEST(ResolverScriptTest, SomeNamesMakeNoResolver) {
  EXPECT_FALSE(Play(Script(6, {}))->created());
  EXPECT_TRUE(Play(Script(7, {}))->created());
}

TEST(ResolverScriptTest, TheNameMayBeTheInputsOwn) {
  const struct {
    std::string text;
    bool is_name;
  } kCases[] = {
      {"a.b", true}, {"a b", false}, {"", false}, {"a.1", false}, {"A-b", true},
  };
  for (const auto& test : kCases) {
    Bytes input = Script(8, {});
    Bytes block = {static_cast<uint8_t>(test.text.size())};
    block.insert(block.end(), test.text.begin(), test.text.end());
    input.insert(input.begin() + 1, block.begin(), block.end());
    const auto script = Play(input);
    EXPECT_EQ(script->created(), test.is_name) << test.text;
    if (script->created()) {
      EXPECT_EQ(script->resolver().counters().udp_queries, 2u);
      script->Finish();
    }
  }
}

TEST(ResolverScriptTest, OptionsReachTheirLimitsAndBeyond) {
  const struct {
    const char* what;
    size_t place;
    uint8_t value;
    bool is_allowed;
  } kCases[] = {
      {"no server", kServers, 0, false},
      {"three servers", kServers, 3, true},
      {"four are none again", kServers, 4, false},
      {"no round", kRounds, 0, false},
      {"eight rounds", kRounds, 8, true},
      {"nine rounds", kRounds, 9, false},
      {"no alias", kAliases, 0, true},
      {"16 aliases", kAliases, 16, true},
      {"17 aliases", kAliases, 17, false},
      {"no delay", 11, 0, true},
      {"no random source", 12, 0xFF, false},
  };
  for (const auto& test : kCases) {
    Bytes input = Script(0, {});
    input[test.place] = test.value;
    EXPECT_EQ(Play(input)->created(), test.is_allowed) << test.what;
  }
  // The first time-out, TCP's, the deadline.
  for (const size_t time : {size_t{5}, size_t{7}, size_t{9}}) {
    Bytes input = Script(0, {});
    input[time] = input[time + 1] = 0;
    EXPECT_FALSE(Play(input)->created()) << time;
    input[time + 1] = 1;
    const auto script = Play(input);
    ASSERT_TRUE(script->created()) << time;
    script->Finish();
  }
}

TEST(ResolverScriptTest, AnEmptyInputMakesNoResolver) {
  EXPECT_FALSE(Play({})->created());
}

TEST(ResolverScriptTest, TheFamiliesThatAreWantedAreAskedFor) {
  const Bytes answer = {7, 0, 0, 0, 1, 0x00, 9, 0, 60};
  EXPECT_EQ(Addresses(*PlayFamily(kIpv4Only, answer)), Texts{"32.0.0.9"});
  EXPECT_EQ(Addresses(*PlayFamily(kIpv6Only, answer)), Texts{"2000::9"});
  EXPECT_TRUE(PlayFamily(kIpv4Only, answer)->resolver().Done());
  EXPECT_FALSE(PlayFamily(0, answer)->resolver().Done());
}

TEST(ResolverScriptTest, TheClockGoesToTheTimeOutOrByTens) {
  // The first server has 1 s.
  const auto next = Play(Script(0, {0}));
  EXPECT_EQ(next->resolver().counters().udp_queries, 4u);
  EXPECT_EQ(next->resolver().NextTimeout(), kStart + absl::Seconds(2));
  EXPECT_EQ(Play(Script(0, {1, 99}))->resolver().counters().udp_queries, 2u);
  EXPECT_EQ(Play(Script(0, {1, 100}))->resolver().counters().udp_queries, 4u);
}

TEST(ResolverScriptTest, TheClockMayPassTheDeadline) {
  // 2550 ms four times are more than the deadline of 10 s.
  const auto script = Play(Script(0, {1, 255, 1, 255, 1, 255, 1, 255}));
  EXPECT_TRUE(script->resolver().Done());
  EXPECT_TRUE(absl::IsUnavailable(script->resolver().Result().status));
}

TEST(ResolverScriptTest, ASocketsErrorAsksTheNextServerAtOnce) {
  const auto script = Play(Script(0, {2, 0}));
  EXPECT_EQ(script->resolver().counters().udp_queries, 3u);
  EXPECT_FALSE(script->resolver().Done());
}

TEST(ResolverScriptTest, CancelEndsItWithoutAnAddress) {
  const auto script = Play(Script(0, {5}));
  EXPECT_TRUE(script->resolver().Done());
  EXPECT_TRUE(Addresses(*script).empty());
  script->Finish();
}

TEST(ResolverScriptTest, StepsAfterTheEndDoNothing) {
  // The end, then every other step; there is no socket to choose.
  const auto script = Play(Script(0, {5, 0, 1, 9, 2, 3, 1, 7, 4, 7, 6, 0, 5}));
  EXPECT_EQ(script->resolver().counters().udp_queries, 2u);
  EXPECT_TRUE(Addresses(*script).empty());
  script->Finish();
}

TEST(ResolverScriptTest, AnswersThatDoNotBelongAreCountedAndAwaitedAgain) {
  const struct {
    const char* what;
    Bytes steps;
    uint64_t netif::ResolverCounters::* counter;
  } kCases[] = {
      {"bytes", {3, 0, 2, 0xAA, 0xBB}, &netif::ResolverCounters::malformed},
      {"no byte", {3, 0, 0}, &netif::ResolverCounters::malformed},
      {"cut", {7, 0, kAnswerCut}, &netif::ResolverCounters::malformed},
      {"id", {7, 0, kAnswerWrongId}, &netif::ResolverCounters::wrong_id},
      {"query",
       {7, 0, kAnswerIsQuery},
       &netif::ResolverCounters::not_a_response},
      {"opcode",
       {7, 0, kAnswerWrongOpcode},
       &netif::ResolverCounters::not_a_response},
      {"name",
       {7, 0, kAnswerWrongName},
       &netif::ResolverCounters::wrong_question},
      {"no socket", {4, 0, 0}, &netif::ResolverCounters::stale},
  };
  for (const auto& test : kCases) {
    const auto script = PlayFamily(kIpv4Only, test.steps);
    EXPECT_EQ(script->resolver().counters().*test.counter, 1u) << test.what;
    EXPECT_FALSE(script->resolver().Done()) << test.what;
    EXPECT_EQ(script->resolver().counters().udp_queries, 1u) << test.what;
    script->Finish();
  }
}

TEST(ResolverScriptTest, AStreamForADatagramSocketIsIgnored) {
  const auto script = Play(Script(0, {6, 0, 3, 0, 1, 0}));
  EXPECT_EQ(script->resolver().counters().malformed, 0u);
  EXPECT_EQ(script->resolver().counters().stale, 0u);
  EXPECT_FALSE(script->resolver().Done());
}

TEST(ResolverScriptTest, ATruncatedAnswerIsAskedForByTcp) {
  // The AAAA socket; then sockets 2 (A) and 3 (TCP) are open.
  const Bytes truncated = {7, 0, kAnswerTruncated, 0, 0};
  Bytes steps = truncated;
  const Bytes by_tcp = {7, 1, 0, 0, 1, 0x00, 8, 0, 60};
  steps.insert(steps.end(), by_tcp.begin(), by_tcp.end());
  const auto script = PlayFamily(0, steps);
  EXPECT_EQ(script->resolver().counters().tcp_queries, 1u);
  EXPECT_EQ(Addresses(*script), Texts{"2000::8"});
  EXPECT_FALSE(script->resolver().Done()) << "A is asked for still";
}

TEST(ResolverScriptTest, AStreamMayComeAsGiven) {
  // Truncated, so by TCP; there a message of two bytes, in two portions.
  const auto script = PlayFamily(
      kIpv4Only, {7, 0, kAnswerTruncated, 0, 0, 6, 0, 2, 0, 2, 6, 0, 1, 0xAA});
  EXPECT_EQ(script->resolver().counters().malformed, 0u) << "a byte is missing";
  const auto whole = PlayFamily(kIpv4Only, {7, 0, kAnswerTruncated, 0, 0, 6, 0,
                                            2, 0, 2, 6, 0, 2, 0xAA, 0xBB});
  EXPECT_EQ(whole->resolver().counters().malformed, 1u);
  EXPECT_EQ(whole->resolver().counters().udp_queries, 2u) << "another server";
}

TEST(ResolverScriptTest, AnAliasIsAskedForInItsTurn) {
  // A CNAME to "e", alone; then the address of "e".
  const auto script = PlayFamily(kIpv4Only, {7, 0, 0, 0, 1, 0x02, 4, 0, 60,  //
                                             7, 0, 0, 0, 1, 0x00, 9, 0, 30});
  EXPECT_EQ(script->resolver().counters().udp_queries, 2u);
  EXPECT_EQ(Addresses(*script), Texts{"32.0.0.9"});
  EXPECT_EQ(script->resolver().Result().addresses[0].ttl, absl::Seconds(30));
}

TEST(ResolverScriptTest, AnAnswerMayHaveAliasAndAddress) {
  // A CNAME to "e", and the address of the last alias.
  const auto script =
      PlayFamily(kIpv4Only, {7, 0, 0, 0, 2, 0x02, 4, 0, 60, 0x10, 9, 0, 90});
  EXPECT_EQ(script->resolver().counters().udp_queries, 1u);
  EXPECT_EQ(Addresses(*script), Texts{"32.0.0.9"});
  EXPECT_EQ(script->resolver().Result().addresses[0].ttl, absl::Seconds(60))
      << "the smaller one";
}

TEST(ResolverScriptTest, AnAddressOfAnotherOwnerIsNotBelieved) {
  const auto script =
      PlayFamily(kIpv4Only, {7, 0, 0, 0, 1, 0x20, 9, 0, 60});  // "z"
  EXPECT_TRUE(absl::IsNotFound(script->resolver().Result().status));
}

TEST(ResolverScriptTest, EndsInEveryWayAnAnswerCanSay) {
  const struct {
    const char* what;
    Bytes answer;
    absl::StatusCode code;
  } kCases[] = {
      {"NXDOMAIN", {0, 3, 0}, absl::StatusCode::kNotFound},
      {"nothing", {0, 0, 0}, absl::StatusCode::kNotFound},
      {"SOA", {0, 0, 1, 0x04}, absl::StatusCode::kNotFound},
      {"loop", {0, 0, 1, 0x03}, absl::StatusCode::kUnavailable},
      {"multicast",
       {0, 0, 1, 0x06, 0xE0, 1, 0, 60},
       absl::StatusCode::kNotFound},
      {"0/8", {0, 0, 1, 0x06, 0x00, 1, 0, 60}, absl::StatusCode::kNotFound},
      {"the last unicast", {0, 0, 1, 0x06, 223}, absl::StatusCode::kOk},
  };
  for (const auto& test : kCases) {
    Bytes steps = {7, 0};
    steps.insert(steps.end(), test.answer.begin(), test.answer.end());
    const auto script = PlayFamily(kIpv4Only, steps);
    EXPECT_TRUE(script->resolver().Done()) << test.what;
    EXPECT_EQ(script->resolver().Result().status.code(), test.code)
        << test.what;
    script->Finish();
  }
}

TEST(ResolverScriptTest, AServerThatFailsIsFollowedByTheNext) {
  for (const uint8_t rcode : Bytes{2, 5}) {  // SERVFAIL, REFUSED
    const auto script = PlayFamily(kIpv4Only, {7, 0, 0, rcode, 0});
    EXPECT_EQ(script->resolver().counters().udp_queries, 2u);
    EXPECT_FALSE(script->resolver().Done());
  }
  // A referral: NS in the authority section, and nothing else.
  const auto referral = PlayFamily(kIpv4Only, {7, 0, 0, 0, 1, 0x05});
  EXPECT_EQ(referral->resolver().counters().udp_queries, 2u);
  // BADVERS (16) has its upper bits in an OPT.
  const auto edns = PlayFamily(kIpv4Only, {7, 0, kAnswerOpt, 0, 1, 0});
  EXPECT_EQ(edns->resolver().counters().udp_queries, 2u);
  EXPECT_EQ(edns->resolver().NextTimeout(), kStart + absl::Seconds(1));
}

TEST(ResolverScriptTest, OfManyAddressesEightAreKept) {
  EXPECT_EQ(Addresses(*PlayFamily(kIpv6Only, {7, 0, 0, 0, 1, 0x07})).size(),
            8u);
}

TEST(ResolverScriptTest, ActionsMayBePutOff) {
  // The AAAA socket is answered, but not closed yet: so the second answer is
  // for it again, and comes too late.
  const Bytes twice = {0x87, 0, 0, 0, 1, 0x00, 9, 0, 60,  //
                       7,    0, 0, 0, 1, 0x00, 8, 0, 60};
  const auto script = Play(Script(0, twice));
  EXPECT_EQ(script->resolver().counters().stale, 1u);
  EXPECT_EQ(Addresses(*script), Texts{"2000::9"});
  EXPECT_FALSE(script->resolver().Done());
  script->Finish();
}

TEST(ResolverScriptTest, EveryCutOfAScriptKeepsThePromises) {
  const Bytes input = Script(
      0, {7,    0, 1,    0, 0,    6, 0, 2,    0, 2,  0x83, 1, 1, 9,  2,   0,
          7,    0, 0,    0, 2,    2, 4, 0,    9, 16, 9,    0, 9, 4,  1,   0,
          0x87, 1, 0x80, 0, 1,    1, 7, 0,    1, 0,  1,    0, 3, 60, 255, 255,
          0,    0, 7,    0, 0xC4, 3, 1, 0x36, 1, 1,  1,    1, 5, 0});
  for (size_t size = 0; size <= input.size(); ++size) {
    const auto script = Play(
        Bytes(input.begin(), input.begin() + static_cast<ptrdiff_t>(size)));
    if (script->created()) {
      script->Finish();
      EXPECT_TRUE(script->resolver().Done()) << size;
    }
  }
}

TEST(ResolverScriptTest, AnyStepsKeepThePromises) {
  for (uint32_t seed = 1; seed <= 200; ++seed) {
    const auto script = Play(Script(0, netif::Noise(150, seed)));
    script->Finish();
    EXPECT_TRUE(script->resolver().Done()) << seed;
    EXPECT_LE(script->resolver().Result().addresses.size(), 16u) << seed;
    // Questions (9 names), rounds, servers, families; and without EDNS.
    EXPECT_LE(script->resolver().counters().udp_queries, 9u * 3 * 2 * 2 + 4);
  }
}

}  // namespace
}  // namespace ovoc::fuzz
