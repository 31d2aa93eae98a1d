// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/near_name.h"

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kNames[] = {"WSTunServer", "WSTunServerPort",
                                        "WSTunServerPath", "WSTunSecured",
                                        "WSTunMtu"};

TEST(EditDistanceTest, CountsInsertionsDeletionsAndReplacements) {
  struct Case {
    absl::string_view a;
    absl::string_view b;
    size_t distance;
  };
  constexpr Case kCases[] = {
      {"", "", 0},
      {"", "abc", 3},
      {"abc", "", 3},
      {"abc", "abc", 0},
      {"abc", "ABC", 0},
      {"abc", "abd", 1},
      {"abc", "ab", 1},
      {"abc", "abcd", 1},
      {"abc", "xabc", 1},
      {"abcd", "abdc", 2},  // two letters exchanged
      {"kitten", "sitting", 3},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(EditDistance(c.a, c.b), c.distance) << c.a << " " << c.b;
    EXPECT_EQ(EditDistance(c.b, c.a), c.distance) << c.b << " " << c.a;
  }
}

TEST(NearestNameTest, FindsWhatWasMeantUpToTwoEditsAway) {
  EXPECT_EQ(NearestName("WSTunServr", kNames), "WSTunServer");
  EXPECT_EQ(NearestName("wstunsever", kNames), "WSTunServer");
  EXPECT_EQ(NearestName("WSTunServerPrt", kNames), "WSTunServerPort");
  EXPECT_EQ(NearestName("WSTunServerPahth", kNames), "WSTunServerPath");
  EXPECT_EQ(NearestName("WSTunMTUs", kNames), "WSTunMtu");
  EXPECT_EQ(NearestName("WSTunSercued", kNames), "WSTunSecured");
}

TEST(NearestNameTest, FindsNothingThreeEditsAway) {
  EXPECT_EQ(NearestName("WSServe", kNames), "");
  EXPECT_EQ(NearestName("Gateway", kNames), "");
  EXPECT_EQ(NearestName("", kNames), "");
}

TEST(NearestNameTest, TakesTheFirstOfEquallyNearNames) {
  // One edit from "Port" (P-rt) and two from "Path".
  EXPECT_EQ(NearestName("WSTunServerPart", kNames), "WSTunServerPort");
  constexpr absl::string_view kTwins[] = {"ab", "ac"};
  EXPECT_EQ(NearestName("ad", kTwins), "ab");
}

TEST(NearestNameTest, DoesNoWorkForOverlongNames) {
  const std::string name(kMaxNearNameBytes + 1, 'x');
  const absl::string_view names[] = {name};
  EXPECT_EQ(NearestName(name, names), "");
  EXPECT_EQ(NearestName(name.substr(1), names), name);
}

}  // namespace
}  // namespace ovoc::tunnel
