// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/protocol/access_rule.h"

#include <string>

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

constexpr AccessGroups kGroups = {.admin = 20, .view = 30};

TEST(AccessRuleTest, TheGroupsDecide) {
  EXPECT_EQ(AccessOf(0, {}, {}), Access::kChange);
  EXPECT_EQ(AccessOf(0, {30}, kGroups), Access::kChange);
  EXPECT_EQ(AccessOf(1000, {5, 20}, kGroups), Access::kChange);
  EXPECT_EQ(AccessOf(1000, {30, 20}, kGroups), Access::kChange);
  EXPECT_EQ(AccessOf(1000, {5, 30}, kGroups), Access::kView);
  EXPECT_EQ(AccessOf(1000, {5}, kGroups), Access::kNone);
  EXPECT_EQ(AccessOf(1000, {}, kGroups), Access::kNone);
  EXPECT_EQ(AccessOf(20, {0}, kGroups), Access::kNone);
}

TEST(AccessRuleTest, AGroupThatIsNotThereHasNoMembers) {
  EXPECT_EQ(AccessOf(1000, {0, 20, 30}, {}), Access::kNone);
  EXPECT_EQ(AccessOf(1000, {20}, {.admin = {}, .view = 20}), Access::kView);
}

TEST(AccessRuleTest, EachAccessHasAWord) {
  EXPECT_EQ(Word(Access::kNone), "none");
  EXPECT_EQ(Word(Access::kView), "view");
  EXPECT_EQ(Word(Access::kChange), "change");
}

TEST(AccessRuleTest, AGroupIsFoundByItsName) {
  constexpr absl::string_view kFile =
      "root:x:0:\novoc-adm:x:19:\novoc-admin:x:20:a,b\nbad:x:-1:\n"
      "large:x:4294967296:\nshort:x\n\novoc-view:x:30:";
  EXPECT_EQ(GroupNumber(kFile, "ovoc-admin"), 20U);
  EXPECT_EQ(GroupNumber(kFile, "ovoc-view"), 30U);
  EXPECT_EQ(GroupNumber(kFile, "root"), 0U);
  for (const absl::string_view name :
       {"", "a", "bad", "large", "short", "ovoc", "ovoc-admin:x"}) {
    EXPECT_FALSE(GroupNumber(kFile, name).has_value()) << name;
  }
}

TEST(AccessRuleTest, AUserHasANameOrANumber) {
  constexpr absl::string_view kFile =
      "root:x:0:0:root:/root:/bin/sh\neve:x:1000:1000::/:/bin/sh\n"
      "a\x1b[0m:x:7:7::/:\nshort:x\n:x:8:8::/:";
  EXPECT_EQ(UserName(kFile, 0), "root (uid 0)");
  EXPECT_EQ(UserName(kFile, 1000), "eve (uid 1000)");
  EXPECT_EQ(UserName(kFile, 100), "uid 100");
  EXPECT_EQ(UserName(kFile, 7), "uid 7");
  EXPECT_EQ(UserName(kFile, 8), "uid 8");
  EXPECT_EQ(UserName("", 4294967295U), "uid 4294967295");
}

}  // namespace
}  // namespace ovoc::tunnel
