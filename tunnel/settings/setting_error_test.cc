// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/setting_error.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

TEST(SettingErrorTest, SaysFileLineNameProblemAndRemedy) {
  const SettingError error = {.file = "/etc/ovoc.ini",
                              .line = 7,
                              .name = "WSTunMtu",
                              .problem = "'9000' is not valid",
                              .remedy = "use 576 to 1500",
                              .meant = ""};
  EXPECT_EQ(DescribeSettingError(error),
            "/etc/ovoc.ini:7: WSTunMtu: '9000' is not valid; use 576 to 1500");
}

TEST(SettingErrorTest, AsksForTheNameThatWasMeant) {
  const SettingError error = {.file = "a.ini",
                              .line = 1,
                              .name = "WSTunSever",
                              .problem = "unknown setting",
                              .remedy = "",
                              .meant = "WSTunServer"};
  EXPECT_EQ(DescribeSettingError(error),
            "a.ini:1: WSTunSever: unknown setting; did you mean WSTunServer?");
}

TEST(SettingErrorTest, LeavesOutTheLineAndTheNameOfAWholeFile) {
  const SettingError error = {.file = "a.ini",
                              .line = 0,
                              .name = "",
                              .problem = "file is a directory",
                              .remedy = "use the path of a regular file",
                              .meant = ""};
  EXPECT_EQ(DescribeSettingError(error),
            "a.ini: file is a directory; use the path of a regular file");
}

TEST(SettingErrorTest, StaysOneLineOfPrintableAsciiWhateverItIsGiven) {
  // A line end, an escape sequence for terminals, NUL, DEL and UTF-8.
  constexpr absl::string_view kHostile("x\ny\x1b[2J\0\x7f\xc3\xa9", 11);
  const SettingError error = {.file = kHostile,
                              .line = 2,
                              .name = kHostile,
                              .problem = kHostile,
                              .remedy = kHostile,
                              .meant = kHostile};
  const std::string text = DescribeSettingError(error);
  constexpr absl::string_view kShown = "x\\x0ay\\x1b[2J\\x00\\x7f\\xc3\\xa9";
  EXPECT_EQ(text.substr(0, kShown.size()), kShown);
  for (const char c : text) {
    EXPECT_GE(c, 0x20);
    EXPECT_LT(c, 0x7f);
  }
}

TEST(SettingErrorTest, IsAnInvalidArgumentWithTheSameText) {
  const SettingError error = {.file = "a.ini",
                              .line = 3,
                              .name = "WSTunVrf",
                              .problem = "'' is not valid",
                              .remedy = "use a device name",
                              .meant = ""};
  const absl::Status status = SettingStatus(error);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), DescribeSettingError(error));
}

TEST(QuoteValueTest, QuotesAndShortensAtSixtyFourBytes) {
  EXPECT_EQ(QuoteValue(""), "''");
  EXPECT_EQ(QuoteValue("a b"), "'a b'");
  EXPECT_EQ(QuoteValue(std::string(64, 'x')), "'" + std::string(64, 'x') + "'");
  EXPECT_EQ(QuoteValue(std::string(65, 'x')),
            "'" + std::string(64, 'x') + "...' (65 bytes)");
}

TEST(SettingErrorsTest, AreOneLineEachInTheOrderOfTheFile) {
  SettingErrors errors;
  EXPECT_TRUE(errors.empty());
  EXPECT_TRUE(errors.ToStatus().ok());
  errors.Add(7, absl::InvalidArgumentError("seven"));
  errors.Add(2, absl::InvalidArgumentError("two"));
  errors.Add(7, absl::InvalidArgumentError("seven again"));
  EXPECT_FALSE(errors.empty());
  EXPECT_EQ(errors.ToStatus().message(), "two\nseven\nseven again");
  EXPECT_TRUE(absl::IsInvalidArgument(errors.ToStatus()));
}

TEST(SettingErrorsTest, KeepTheFirstTwentyLines) {
  SettingErrors errors;
  std::string expected;
  for (int line = 100; line > 0; --line) {
    errors.Add(line, absl::InvalidArgumentError(absl::StrCat("line ", line)));
  }
  for (int line = 1; line <= 20; ++line) {
    absl::StrAppend(&expected, "line ", line, "\n");
  }
  EXPECT_EQ(errors.ToStatus().message(),
            absl::StrCat(expected, "there are more errors; fix these first"));
}

TEST(SettingErrorsTest, AreSummarizedForALog) {
  EXPECT_EQ(SummarizeErrors("one"), "one");
  EXPECT_EQ(SummarizeErrors("one\ntwo"), "one (and 1 other error)");
  EXPECT_EQ(SummarizeErrors("one\ntwo\nthree"), "one (and 2 other errors)");
  SettingErrors errors;
  for (int line = 1; line <= 30; ++line) {
    errors.Add(line, absl::InvalidArgumentError("wrong"));
  }
  EXPECT_EQ(SummarizeErrors(errors.ToStatus().message()),
            "wrong (and 20 or more other errors)");
}

}  // namespace
}  // namespace ovoc::tunnel
