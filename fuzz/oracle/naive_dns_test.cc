// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_dns.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

constexpr absl::string_view kQuestion =
    "01610162"                          // name a.b, ...
    "00"                                // the root
    "00010001";                         // A, IN
constexpr absl::string_view kAddress =  // a.b A 192.0.2.1
    "c00c00010001000000050004c0000201";

NaiveDnsMessage Read(absl::string_view hex) {
  const std::string bytes = absl::HexStringToBytes(hex);
  return ReadNaiveDns(
      {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
}

std::string Header(absl::string_view flags, absl::string_view counts) {
  return absl::StrCat("1234", flags, counts);
}

TEST(NaiveDnsTest, ReadsAnAnswer) {
  const NaiveDnsMessage message = Read(absl::StrCat(
      Header("8180", "0001000100000000"), kQuestion, kAddress, "ff"));
  ASSERT_TRUE(message.ok);
  EXPECT_EQ(message.id, 0x1234);
  EXPECT_EQ(message.flags, 0x8180);
  EXPECT_EQ(message.question_name, absl::HexStringToBytes("0161016200"));
  EXPECT_EQ(message.question_type, 1);
  ASSERT_EQ(message.answers.size(), 1u);
  EXPECT_EQ(message.answers[0].owner, message.question_name);
  EXPECT_EQ(message.answers[0].ttl, 5u);
  EXPECT_EQ(message.answers[0].data, absl::HexStringToBytes("c0000201"));
  EXPECT_EQ(message.end, 12u + 9u + 16u);
}

TEST(NaiveDnsTest, CutAnywhereItIsNoMessage) {
  const std::string hex =
      absl::StrCat(Header("8180", "0001000100000000"), kQuestion, kAddress);
  for (size_t size = 0; size < hex.size(); size += 2) {
    EXPECT_FALSE(Read(hex.substr(0, size)).ok) << size;
  }
  EXPECT_TRUE(Read(hex.substr(0, 42)).head_ok);
  EXPECT_FALSE(Read(hex.substr(0, 40)).head_ok);
}

TEST(NaiveDnsTest, RefusesWhatTheHeaderOfTheDecoderForbids) {
  const std::string one = Header("8180", "0000000100000000");
  EXPECT_FALSE(Read(absl::StrCat(one, "c00c", "00100001000000000000")).ok)
      << "a pointer to itself";
  EXPECT_FALSE(Read(absl::StrCat(one, "c000", "00100001000000000000")).ok)
      << "a pointer into the header";
  EXPECT_FALSE(Read(absl::StrCat(one, "4000", "00100001000000000000")).ok)
      << "a reserved label type";
  EXPECT_FALSE(Read(absl::StrCat(one, "00", "0001000100000000000101")).ok)
      << "an address of one byte";
  EXPECT_FALSE(Read(absl::StrCat(one, "00", "00290000000000000000")).ok)
      << "OPT in the answer";
  EXPECT_TRUE(Read(absl::StrCat(one, "00", "0005000100000000000100ff")).ok)
      << "a CNAME to the root, a byte behind the message";
  EXPECT_FALSE(Read(absl::StrCat(one, "00", "000500010000000000020000")).ok)
      << "a CNAME with a byte behind its name";
}

TEST(NaiveDnsTest, ReadsAnOptAndWhatTheAuthorityHas) {
  const NaiveDnsMessage message = Read(
      absl::StrCat(Header("8180", "0000000000010001"), "00",
                   "00020001000000000001", "00",            // NS: the root
                   "00", "002904d0", "01000000", "0000"));  // OPT, rcode 16
  ASSERT_TRUE(message.ok);
  EXPECT_TRUE(message.authority_has_ns);
  EXPECT_FALSE(message.authority_has_soa);
  EXPECT_TRUE(message.has_opt);
  EXPECT_EQ(message.rcode, 16);
}

TEST(NaiveDnsTest, KnowsHostNames) {
  for (const absl::string_view name :
       {"a", "a.b.", "xn--a", "a_b", "1.2", "A-1.b"}) {
    EXPECT_TRUE(IsHostName(name)) << name;
  }
  const std::string label(63, 'a');
  EXPECT_TRUE(IsHostName(label));
  EXPECT_FALSE(IsHostName(label + "a"));
  const std::string longest =
      absl::StrCat(label, ".", label, ".", label, ".", label.substr(2));
  EXPECT_TRUE(IsHostName(longest));
  EXPECT_TRUE(IsHostName(longest + "."));
  EXPECT_FALSE(IsHostName(longest + "a"));
  for (const absl::string_view name :
       {"", ".", "..", "a..", "a..b", ".a", "-a", "a-", "a-.b", "a.-b", "a b",
        "\xc3\xa4"}) {
    EXPECT_FALSE(IsHostName(name)) << name;
  }
}

TEST(NaiveDnsTest, LowersLettersOnly) {
  EXPECT_EQ(LowerCase("AZaz[@\x80"), "azaz[@\x80");
}

}  // namespace
}  // namespace ovoc::fuzz
