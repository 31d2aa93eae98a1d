// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/ini_table.h"

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

TEST(IniTableTest, TellsTablesFromSections) {
  for (const absl::string_view heading :
       {"[ InterfaceTable ]", "[InterfaceTable]", "[ a b ]", "[\tA\t]", "[ A",
        "[]", "["}) {
    IniTable table;
    EXPECT_FALSE(table.MayBeTitled()) << heading;
    table.TakeHeading(heading, 3);
    EXPECT_TRUE(table.MayBeTitled()) << heading;
    EXPECT_FALSE(table.is_open()) << heading;
  }
  for (const absl::string_view heading :
       {"[SYSTEM Params]", "[Web Params]", "[WEB\tParams ]", "[\\A]",
        "[ \\A ]"}) {
    IniTable table;
    table.TakeHeading(heading, 3);
    EXPECT_FALSE(table.MayBeTitled()) << heading;
  }
}

TEST(IniTableTest, IsOpenFromFormatToTheNextHeading) {
  IniTable table;
  table.TakeFormat(1);
  EXPECT_TRUE(table.is_open());
  EXPECT_FALSE(table.MayBeTitled());
  table.TakeHeading("[ A ]", 2);
  EXPECT_FALSE(table.is_open());
  table.TakeFormat(4);
  EXPECT_TRUE(table.is_open());
  EXPECT_TRUE(absl::StrContains(table.Problem(), "table [ A ] (line 2)"));
  EXPECT_TRUE(absl::StrContains(table.Remedy(), "[ \\A ]"));
  table.TakeHeading("[ \\A ]", 5);
  EXPECT_FALSE(table.is_open());
}

TEST(IniTableTest, IsClosedByItsOwnTitleOnly) {
  IniTable table;
  EXPECT_FALSE(table.IsClosedBy("[ \\ ]"));
  table.TakeHeading("[ A ]", 1);
  EXPECT_TRUE(table.IsClosedBy("[ \\A ]"));
  EXPECT_TRUE(table.IsClosedBy("[\\a]"));
  EXPECT_FALSE(table.IsClosedBy("[ \\B ]"));
  EXPECT_FALSE(table.IsClosedBy("[ A ]"));
  EXPECT_TRUE(absl::StrContains(table.Problem(), "table [ A ] (line 1)"));
  table.TakeHeading("[WEB Params]", 2);
  EXPECT_FALSE(table.IsClosedBy("[ \\WEB Params ]"));
}

}  // namespace
}  // namespace ovoc::tunnel
