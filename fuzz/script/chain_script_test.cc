// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/chain_script.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "auth/certificate_verifier.h"
#include "auth/verification_budget.h"
#include "auth/verify_failure.h"
#include "fuzz/oracle/naive_certificate.h"
#include "fuzz/script/byte_source.h"
#include "fuzz/script/known_certificates.h"
#include "gtest/gtest.h"
#include "netif/testing/flow_packet.h"

namespace ovoc::fuzz {
namespace {

ChainScript Read(const std::vector<uint8_t>& input) {
  ByteSource source(input);
  return ReadChainScript(&source);
}

// The byte that picks a known certificate.
uint8_t PlaceOf(absl::string_view name) {
  const std::vector<KnownCertificate>& known = KnownCertificates();
  size_t place = 0;
  while (known[place].name != name) {
    ++place;
  }
  return static_cast<uint8_t>(place);
}

TEST(ChainScriptTest, AFewBytesMakeAGoodChain) {
  // ovoc.example.net, checked, 2027; root_ec; leaf_good, intermediate_ec.
  const ChainScript script = Read({0, 0, 1, 2, 2, 0, 1});
  EXPECT_EQ(script.name, "ovoc.example.net");
  ASSERT_EQ(script.chain.size(), 2u);
  EXPECT_TRUE(Verify(script, script.name_check, script.chain).ok());
}

TEST(ChainScriptTest, AChangeBreaksIt) {
  const ChainScript script =
      Read({0, 0, 1, 2, 2, 0, 1, /*xor=*/4, /*place=*/0, 200, /*value=*/1});
  EXPECT_FALSE(Verify(script, script.name_check, script.chain).ok());
}

TEST(ChainScriptTest, ALeafCanBePinnedAsItWasChanged) {
  // No root, the pinned self-signed leaf, a byte of its signature changed.
  const ChainScript script =
      Read({0, 0x10, 0, 1, PlaceOf("leaf_self_signed"), 4, 0xFF, 0xFF, 0});
  EXPECT_TRUE(script.leaf_is_pinned);
  EXPECT_TRUE(Verify(script, script.name_check, script.chain).ok());
}

TEST(ChainScriptTest, AVerdictNeedsItsWork) {
  const ChainScript script = Read({0, 0, 1, 2, 2, 0, 1});
  auto verdict = Verify(script, script.name_check, script.chain);
  EXPECT_GT(verdict.work, 0u);
  EXPECT_TRUE(KeepsBudget(script, verdict));
  ++verdict.work;
  EXPECT_FALSE(KeepsBudget(script, verdict));
  verdict.work -= 2;
  EXPECT_FALSE(KeepsBudget(script, verdict));
  verdict.work = auth::kMaxVerificationWork + 1;
  EXPECT_FALSE(KeepsBudget(script, verdict));
}

TEST(ChainScriptTest, TheFirstByteChoosesTheName) {
  const char* const names[] = {
      "ovoc.example.net",   "192.0.2.10",     "2001:db8::10",
      "a.pool.example.net", "other.example",  "ovoc.example.org",
      "a.b.example.net",    "192.0.2.1",      "pool.example.net",
      "OVOC.example.net.",  "two.example.net"};
  for (uint8_t i = 0; i < 11; ++i) {
    EXPECT_EQ(Read({i}).name, names[i]);
    EXPECT_EQ(Read({static_cast<uint8_t>(i + 12)}).name, names[i]) << "again";
  }
  EXPECT_EQ(Read({11, 0, 3, 'a', 0, 'b'}).name, std::string("a\0b", 3));
  EXPECT_EQ(Read({11}).name, "");
  EXPECT_EQ(Read({11, 0xFF, 0xFF, 'a'}).name, "a") << "as far as it goes";
}

TEST(ChainScriptTest, NamesOfTheLeafVerifyAndOthersDoNot) {
  // leaf_good: DNS ovoc.example.net and *.pool.example.net, IP 192.0.2.10 and
  // 2001:db8::10. RFC 9525 6.3: a wildcard is one label.
  const bool is_its_name[] = {true,  true,  true,  true, false, false,
                              false, false, false, true, false};
  for (uint8_t i = 0; i < 11; ++i) {
    const ChainScript script = Read({i, 0, 1, 2, 2, 0, 1});
    EXPECT_EQ(Verify(script, script.name_check, script.chain).ok(),
              is_its_name[i])
        << script.name;
    EXPECT_TRUE(Verify(script, auth::NameCheck::kOff, script.chain).ok())
        << script.name;
  }
}

TEST(ChainScriptTest, EachBitOfTheFlagsChoosesOneThing) {
  EXPECT_EQ(Read({0, 0}).name_check, auth::NameCheck::kRequired);
  EXPECT_EQ(Read({0, 1}).name_check, auth::NameCheck::kOff);
  EXPECT_EQ(Read({0, 0}).now, absl::FromUnixSeconds(1'800'000'000));
  EXPECT_EQ(Read({0, 2}).now, absl::FromUnixSeconds(86400));
  EXPECT_EQ(Read({0, 4}).now, absl::FromUnixSeconds(2'300'000'000));
  EXPECT_EQ(Read({0, 6, 1, 2, 3, 4}).now, absl::FromUnixSeconds(0x01020304));
  EXPECT_EQ(Read({0, 6}).now, absl::UnixEpoch());
  EXPECT_EQ(Read({0, 0}).release_date, absl::InfinitePast());
  EXPECT_EQ(Read({0, 8}).release_date, absl::FromUnixSeconds(1'795'392'000))
      << "2026-11-23";
  const uint8_t own = PlaceOf("leaf_self_signed");
  EXPECT_FALSE(Read({0, 0, 0, 1, own}).leaf_is_pinned);
  EXPECT_TRUE(Read({0, 16, 0, 1, own}).leaf_is_pinned);
  EXPECT_FALSE(Read({0, 16, 0, 0}).leaf_is_pinned) << "there is no leaf";
}

TEST(ChainScriptTest, TheClockDecides) {
  // leaf_expired ended 2021, leaf_from_2040 begins then.
  const uint8_t expired = PlaceOf("leaf_expired");
  const uint8_t early = PlaceOf("leaf_from_2040");
  const struct {
    uint8_t flags;
    uint8_t leaf;
    auth::VerifyFailure failure;
  } kCases[] = {
      {0, 0, auth::VerifyFailure::kNone},
      {0, expired, auth::VerifyFailure::kExpired},
      {0, early, auth::VerifyFailure::kNotYetValid},
      {4, early, auth::VerifyFailure::kNone},     // 2042
      {2, 0, auth::VerifyFailure::kNotYetValid},  // 1970
  };
  for (const auto& test : kCases) {
    const ChainScript script = Read({0, test.flags, 1, 2, 2, test.leaf, 1});
    EXPECT_EQ(Verify(script, script.name_check, script.chain).failure,
              test.failure)
        << int{test.flags} << " " << int{test.leaf};
  }
}

TEST(ChainScriptTest, RootsAndCertificatesArePickedByTheirPlaces) {
  const auto& known = KnownCertificates();
  const auto last = static_cast<uint8_t>(known.size() - 1);
  const ChainScript script =
      Read({0, 0, 3, 2, 5, 2, 3, last, 0, static_cast<uint8_t>(last + 1)});
  ASSERT_EQ(script.roots.size(), 3u);
  EXPECT_EQ(script.roots_pem,
            absl::StrCat(known[2].pem, known[5].pem, known[2].pem));
  EXPECT_EQ(script.roots[1].subject,
            ReadNaiveCertificate(known[5].der).subject);
  ASSERT_EQ(script.chain.size(), 3u);
  EXPECT_EQ(script.chain[0], known[last].der);
  EXPECT_EQ(script.chain[1], known[0].der);
  EXPECT_EQ(script.chain[2], known[0].der) << "behind the last: the first";
}

TEST(ChainScriptTest, NumbersOfRootsAndCertificatesAreBounded) {
  EXPECT_EQ(Read({0, 0, 3}).roots.size(), 3u);
  EXPECT_EQ(Read({0, 0, 4}).roots.size(), 0u);
  EXPECT_EQ(Read({0, 0, 0, 42}).chain.size(), 42u);
  EXPECT_EQ(Read({0, 0, 0, 43}).chain.size(), 0u);
}

// The first of two certificates, after this change.
std::vector<uint8_t> Changed(const std::vector<uint8_t>& change) {
  std::vector<uint8_t> input = {0, 0, 0, 2, 0, 1};
  input.insert(input.end(), change.begin(), change.end());
  const ChainScript script = Read(input);
  EXPECT_EQ(script.chain[1], KnownCertificates()[1].der) << "the other one";
  return script.chain[0];
}

TEST(ChainScriptTest, ChangesCutInsertGrowReplaceAndTurn) {
  const std::vector<uint8_t>& leaf = KnownCertificates()[0].der;
  ASSERT_GT(leaf.size(), 300u);
  EXPECT_EQ(Changed({0, 1, 0, 9}),
            std::vector<uint8_t>(leaf.begin(), leaf.begin() + 256));
  std::vector<uint8_t> expected = leaf;
  expected.insert(expected.begin() + 2, 9);
  EXPECT_EQ(Changed({1, 0, 2, 9}), expected);
  expected = leaf;
  expected.insert(expected.end(), 258, 9);
  EXPECT_EQ(Changed({2, 1, 2, 9}), expected);
  EXPECT_EQ(Changed({3, 0, 0, 0, 0, 2, 7, 8}), (std::vector<uint8_t>{7, 8}));
  expected = leaf;
  expected[2] ^= 9;
  for (const uint8_t kind : std::vector<uint8_t>{4, 5, 6, 7}) {
    EXPECT_EQ(Changed({kind, 0, 2, 9}), expected) << int{kind};
  }
}

TEST(ChainScriptTest, APlaceIsCountedAroundTheCertificate) {
  const std::vector<uint8_t>& leaf = KnownCertificates()[0].der;
  // The end is a place too: to insert at, not to turn.
  const auto high = static_cast<uint8_t>(leaf.size() >> 8);
  const auto low = static_cast<uint8_t>(leaf.size() & 0xFF);
  EXPECT_EQ(Changed({4, high, low, 9}), leaf);
  std::vector<uint8_t> expected = leaf;
  expected.push_back(9);
  EXPECT_EQ(Changed({1, high, low, 9}), expected);
  EXPECT_EQ(Changed({0, high, low, 9}), leaf);
  EXPECT_TRUE(Changed({0, 0, 0}).empty());
}

TEST(ChainScriptTest, AChangeNamesItsCertificate) {
  // Kind 1 of the second certificate; of the third there is none, so the first.
  const ChainScript script =
      Read({0, 0, 0, 2, 0, 1, 1 + 8, 0, 0, 5, 1 + 16, 0, 0, 6});
  EXPECT_EQ(script.chain[1][0], 5);
  EXPECT_EQ(script.chain[0][0], 6);
}

TEST(ChainScriptTest, SixteenChangesAreMade) {
  std::vector<uint8_t> input = {0, 0, 0, 1, 0};
  for (int i = 0; i < 20; ++i) {
    input.insert(input.end(), {1, 0, 0, static_cast<uint8_t>(i)});
  }
  const ChainScript script = Read(input);
  EXPECT_EQ(script.chain[0].size(), KnownCertificates()[0].der.size() + 16);
  EXPECT_EQ(script.chain[0][0], 15) << "the last one";
}

TEST(ChainScriptTest, WhatNoTrustStoreTakesIsNotPinned) {
  // The leaf is two bytes, which are no certificate.
  const ChainScript script = Read({0, 16, 1, 2, 1, 0, 3, 0, 0, 0, 0, 2, 7, 8});
  EXPECT_FALSE(script.leaf_is_pinned);
  EXPECT_EQ(script.roots.size(), 1u);
  EXPECT_FALSE(Verify(script, script.name_check, script.chain).ok());
}

TEST(ChainScriptTest, AVerdictThatSaysSomethingElseIsSeen) {
  const ChainScript script = Read({0, 0, 1, 2, 2, 0, 1});
  const auto right = Verify(script, script.name_check, script.chain);
  ASSERT_TRUE(KeepsBudget(script, right));
  auto wrong = right;
  wrong.failure = auth::VerifyFailure::kExpired;
  EXPECT_FALSE(KeepsBudget(script, wrong));
  wrong = right;
  wrong.status = absl::UnauthenticatedError("no");
  EXPECT_FALSE(KeepsBudget(script, wrong));
  wrong = right;
  wrong.work = 0;
  EXPECT_FALSE(KeepsBudget(script, wrong));
  // Used up, for a chain that the budget is enough for.
  const auto used_up =
      Verify(script, script.name_check, script.chain, right.work - 1);
  EXPECT_EQ(used_up.failure, auth::VerifyFailure::kTooLarge);
  EXPECT_FALSE(KeepsBudget(script, used_up));
}

TEST(ChainScriptTest, AnyInputKeepsItsBudget) {
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    const ChainScript script = Read(netif::Noise(120, seed));
    const auto verdict = Verify(script, script.name_check, script.chain);
    EXPECT_TRUE(KeepsBudget(script, verdict)) << seed;
    EXPECT_LE(verdict.work, auth::kMaxVerificationWork);
  }
}

TEST(ChainScriptTest, NothingIsAScriptToo) {
  const ChainScript script = Read({});
  EXPECT_TRUE(script.chain.empty());
  EXPECT_FALSE(Verify(script, script.name_check, script.chain).ok());
}

}  // namespace
}  // namespace ovoc::fuzz
