// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/testing/decoder_difference.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "netif/dns/dns_error.h"

namespace ovoc::conformance {
namespace {

TEST(DecoderDifferenceTest, EveryClassHasANameOfItsOwn) {
  std::set<std::string> names;
  for (int i = 0; i <= static_cast<int>(DifferenceClass::kUnexplained); ++i) {
    const auto name = std::string(NameOf(static_cast<DifferenceClass>(i)));
    EXPECT_NE(name, "unknown") << i;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
  EXPECT_EQ(names.count("Unexplained"), 1u);
  EXPECT_EQ(NameOf(static_cast<DifferenceClass>(99)), "unknown");
}

TEST(DecoderDifferenceTest, TheDetailHasBothVerdicts) {
  EXPECT_EQ(VerdictsText(netif::DnsError::kNone, ""), "ours: ok; theirs: ok");
  EXPECT_EQ(
      VerdictsText(netif::DnsError::kNameTooLong, "bad name"),
      absl::StrCat("ours: ", netif::Describe(netif::DnsError::kNameTooLong),
                   "; theirs: bad name"));
}

}  // namespace
}  // namespace ovoc::conformance
