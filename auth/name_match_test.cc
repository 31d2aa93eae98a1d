// SPDX-License-Identifier: Apache-2.0
#include "auth/name_match.h"

#include <openssl/bytestring.h>

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "auth/general_name.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using Kind = GeneralName::Kind;
using Answer = std::optional<bool>;

// A name that is a view of `value`.
GeneralName Name(Kind kind, const std::string& value) {
  GeneralName name{kind, {}};
  CBS_init(&name.value, reinterpret_cast<const uint8_t*>(value.data()),
           value.size());
  return name;
}

Answer Match(Kind kind, const std::string& name, const std::string& base,
             Reach reach = Reach::kAll) {
  return MatchName(PrepareName(Name(kind, name)),
                   PrepareConstraint(Name(kind, base)).value(), reach);
}

bool IsConstraint(Kind kind, const std::string& value) {
  return PrepareConstraint(Name(kind, value)).has_value();
}

TEST(PrepareConstraintTest, DnsNamesWithoutWildcardOrEmptyLabel) {
  for (const char* good : {"", "a", "a.example", "A-1.x_y.example"}) {
    EXPECT_TRUE(IsConstraint(Kind::kDns, good)) << good;
  }
  for (const std::string& bad :
       {std::string("."), std::string(".a"), std::string("a."),
        std::string("a..b"), std::string("*.a"), std::string("a b"),
        std::string("a\xc3\xbc"), std::string("a/b")}) {
    EXPECT_FALSE(IsConstraint(Kind::kDns, bad)) << bad;
  }
  EXPECT_FALSE(IsConstraint(Kind::kDns, std::string("a\0b", 3)));
  EXPECT_TRUE(IsConstraint(Kind::kDns, std::string(63, 'a')));
  EXPECT_FALSE(IsConstraint(Kind::kDns, std::string(64, 'a')));
}

TEST(PrepareConstraintTest, AnAddressAndAMaskWithoutGaps) {
  const std::string v4 = "\x0a\x01\x02\x03";
  const std::string v6(16, '\x20');
  for (int ones = 0; ones <= 32; ++ones) {
    const uint32_t mask = ones == 0 ? 0 : 0xffffffffU << (32 - ones);
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes.push_back(static_cast<char>(mask >> shift));
    }
    EXPECT_TRUE(IsConstraint(Kind::kIp, v4 + bytes)) << ones;
  }
  EXPECT_TRUE(IsConstraint(Kind::kIp, v6 + std::string(16, '\xff')));
  EXPECT_TRUE(IsConstraint(Kind::kIp, v6 + std::string(16, '\0')));
  for (const std::string& bad :
       {std::string("\xff\x00\xff\x00", 4), std::string("\x7f\xff\xff\xff", 4),
        std::string("\xff\xfd\x00\x00", 4), std::string("\x00\x00\x00\x80", 4),
        std::string("\xfe\x80\x00\x00", 4),
        std::string("\x01\x00\x00\x00", 4)}) {
    EXPECT_FALSE(IsConstraint(Kind::kIp, v4 + bad));
  }
  for (const size_t size : {0u, 4u, 7u, 9u, 16u, 31u, 33u}) {
    EXPECT_FALSE(IsConstraint(Kind::kIp, std::string(size, '\xff'))) << size;
  }
}

TEST(MatchNameTest, DnsNamesByWholeLabels) {
  EXPECT_EQ(Match(Kind::kDns, "a.b", "b"), Answer(true));
  EXPECT_EQ(Match(Kind::kDns, "A.b", "a.B"), Answer(true));
  EXPECT_EQ(Match(Kind::kDns, "ab", "b"), Answer(false));
  EXPECT_EQ(Match(Kind::kDns, "b", "a.b"), Answer(false));
  EXPECT_EQ(Match(Kind::kDns, "b", ""), Answer(true));
}

TEST(MatchNameTest, AWildcardByItsReach) {
  EXPECT_EQ(Match(Kind::kDns, "*.b", "b", Reach::kAll), Answer(true));
  EXPECT_EQ(Match(Kind::kDns, "*.b", "a.b", Reach::kAll), Answer(false));
  EXPECT_EQ(Match(Kind::kDns, "*.b", "a.b", Reach::kAny), Answer(true));
  EXPECT_EQ(Match(Kind::kDns, "*.b", "c.a.b", Reach::kAny), Answer(false));
  EXPECT_EQ(Match(Kind::kDns, "*.b", "b", Reach::kAny), Answer(true));
  EXPECT_EQ(Match(Kind::kDns, "*.b", "a", Reach::kAny), Answer(false));
}

TEST(MatchNameTest, BrokenNamesAndOtherFormsCannotBeSaid) {
  for (const char* bad :
       {"", "*", "*a.b", "a.*.b", "*.*.b", ".b", "b.", "a b"}) {
    EXPECT_EQ(Match(Kind::kDns, bad, "b"), std::nullopt) << bad;
  }
  EXPECT_EQ(Match(Kind::kIp, "123", std::string(8, '\0')), std::nullopt);
  EXPECT_EQ(Match(Kind::kIp, "", std::string(8, '\0')), std::nullopt);
  EXPECT_EQ(Match(Kind::kDirectory, "no name", std::string("0\0", 2)),
            std::nullopt);
  for (const Kind kind : {Kind::kOther, Kind::kMail, Kind::kX400,
                          Kind::kEdiParty, Kind::kUri, Kind::kRegistered}) {
    EXPECT_EQ(Match(kind, "a", "a"), std::nullopt);
  }
}

TEST(MatchNameTest, AddressesUnderTheMaskOfTheSameFamily) {
  const std::string base = std::string("\x0a\x01\x00\x00\xff\xff\x00\x00", 8);
  EXPECT_EQ(Match(Kind::kIp, "\x0a\x01\x07\x07", base), Answer(true));
  EXPECT_EQ(Match(Kind::kIp, "\x0a\x02\x07\x07", base), Answer(false));
  EXPECT_EQ(Match(Kind::kIp, std::string(16, '\x0a'), base), Answer(false));
  const std::string all = std::string(32, '\0');
  EXPECT_EQ(Match(Kind::kIp, std::string(16, '\x0a'), all), Answer(true));
  EXPECT_EQ(Match(Kind::kIp, "\x0a\x02\x07\x07", all), Answer(false));
}

}  // namespace
}  // namespace ovoc::auth
