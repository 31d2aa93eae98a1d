// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/dns_error.h"

#include <cstddef>
#include <iterator>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::netif {
namespace {

constexpr DnsError kAll[] = {
    DnsError::kTruncatedHeader,   DnsError::kQuestionCount,
    DnsError::kTruncatedQuestion, DnsError::kTruncatedName,
    DnsError::kReservedLabelType, DnsError::kForwardPointer,
    DnsError::kPointerIntoHeader, DnsError::kTooManyPointers,
    DnsError::kNameTooLong,       DnsError::kTruncatedRecord,
    DnsError::kRdataOverrun,      DnsError::kBadAddressLength,
    DnsError::kBadNameRdata,      DnsError::kBadOptRdata,
    DnsError::kBadOptOwner,       DnsError::kMisplacedOpt,
    DnsError::kDuplicateOpt,
};

TEST(DnsErrorTest, NoErrorIsCalledOk) {
  EXPECT_EQ(Describe(DnsError::kNone), "ok");
}

TEST(DnsErrorTest, EveryErrorNamesTheSectionOfItsRule) {
  for (const DnsError error : kAll) {
    const absl::string_view text = Describe(error);
    EXPECT_TRUE(absl::StrContains(text, "(RFC ")) << text;
    EXPECT_TRUE(absl::EndsWith(text, ")")) << text;
  }
}

TEST(DnsErrorTest, EveryErrorHasItsOwnText) {
  std::set<std::string> texts;
  for (const DnsError error : kAll) {
    EXPECT_TRUE(texts.insert(std::string(Describe(error))).second)
        << Describe(error);
  }
  EXPECT_EQ(texts.size(), std::size(kAll));
}

TEST(DnsErrorTest, TheListAboveIsComplete) {
  // kDuplicateOpt is the last of the enum; a new value belongs into kAll.
  EXPECT_EQ(std::size(kAll), static_cast<size_t>(DnsError::kDuplicateOpt));
}

TEST(DnsErrorTest, AValueOutsideOfTheListIsUnknown) {
  EXPECT_EQ(Describe(static_cast<DnsError>(99)), "unknown");
}

TEST(DnsErrorTest, TextsAreOneLineForALog) {
  for (const DnsError error : kAll) {
    EXPECT_FALSE(absl::StrContains(Describe(error), "\n"));
    EXPECT_LT(Describe(error).size(), 100u);
  }
}

}  // namespace
}  // namespace ovoc::netif
