// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/near_name.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

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

// The definition of the distance, as it stands in textbooks.
size_t ByDefinition(absl::string_view a, absl::string_view b) {
  if (a.empty() || b.empty()) {
    return std::max(a.size(), b.size());
  }
  const size_t replaced = ByDefinition(a.substr(1), b.substr(1));
  return a[0] == b[0] ? replaced
                      : 1 + std::min({replaced, ByDefinition(a.substr(1), b),
                                      ByDefinition(a, b.substr(1))});
}

// All texts of at most `longest` of the letters a, b and c.
std::vector<std::string> AllTexts(size_t longest) {
  std::vector<std::string> texts = {""};
  for (size_t i = 0; texts[i].size() < longest; ++i) {
    for (const char letter : {'a', 'b', 'c'}) {
      texts.push_back(texts[i] + letter);
    }
  }
  return texts;
}

TEST(EditDistanceTest, IsTheOneOfItsDefinitionForAllShortTexts) {
  const std::vector<std::string> texts = AllTexts(4);
  EXPECT_EQ(texts.size(), 121u);  // 1 + 3 + 9 + 27 + 81
  for (const std::string& a : texts) {
    for (const std::string& b : texts) {
      EXPECT_EQ(EditDistance(a, b), ByDefinition(a, b)) << a << " " << b;
    }
  }
}

TEST(NearestNameTest, IsNeverFartherThanTheLimitNorThanAnotherName) {
  for (const std::string& typed : AllTexts(4)) {
    constexpr absl::string_view kShort[] = {"ab", "bca", "ccc", "abab"};
    const absl::string_view nearest = NearestName(typed, kShort);
    size_t least = kMaxNearDistance + 1;
    for (const absl::string_view name : kShort) {
      least = std::min(least, ByDefinition(typed, name));
    }
    ASSERT_EQ(nearest.empty(), least > kMaxNearDistance) << typed;
    if (!nearest.empty()) {
      EXPECT_EQ(ByDefinition(typed, nearest), least) << typed;
    }
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
