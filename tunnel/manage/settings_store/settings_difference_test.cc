// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/settings_store/settings_difference.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SettingsDifferenceTest, EqualTextsHaveNone) {
  EXPECT_THAT(SettingsDifference("", ""), IsEmpty());
  EXPECT_THAT(SettingsDifference("WSTunMtu = 1\n", "WSTunMtu = 1\n"),
              IsEmpty());
}

TEST(SettingsDifferenceTest, EachSettingGivesItsOldAndItsNewValue) {
  EXPECT_THAT(SettingsDifference(
                  "WSTunMtu = 1400\nWSTunServer = a\nWSTunVrf = x\n",
                  "WSTunServer = 'a'\nWSTunMtu = 1300\nWSTunServerPort = 8\n"),
              ElementsAre("+WSTunServerPort = 8", "-WSTunVrf = x",
                          "-WSTunMtu = 1400", "+WSTunMtu = 1300"));
}

TEST(SettingsDifferenceTest, ASecretThatDiffersIsNotShown) {
  EXPECT_THAT(
      SettingsDifference("WSTunPassword = one\n", "WSTunPassword = two\n"),
      ElementsAre("-WSTunPassword = (hidden)", "+WSTunPassword = (hidden)"));
  EXPECT_THAT(
      SettingsDifference("", "WSTunProxy = http://u:p@proxy.example:1\n"),
      ElementsAre("+WSTunProxy = http://(hidden)@proxy.example:1"));
}

TEST(SettingsDifferenceTest, OtherLinesAreOneLine) {
  EXPECT_THAT(SettingsDifference("WSTunMtu = 1\n", "; x\nWSTunMtu = 1\n"),
              ElementsAre("lines that are no settings differ"));
  EXPECT_THAT(SettingsDifference("WSTunMtu = 1\n", "WSTunMtu = '1'\n"),
              ElementsAre("lines that are no settings differ"));
}

}  // namespace
}  // namespace ovoc::tunnel
