// SPDX-License-Identifier: Apache-2.0
#include "tunnel/settings/named_errors.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tunnel/settings/setting_error.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {
namespace {

TEST(NamedErrorsTest, KeepsTheOrderOfTheSettings) {
  Settings settings;
  settings.lines = {{"TLSCertificate", 7}, {"WSTunVrf", 3}};
  NamedErrors errors(settings);
  EXPECT_TRUE(errors.Take("WSTunVrf", absl::OkStatus()));
  EXPECT_TRUE(errors.ToStatus().ok());
  EXPECT_FALSE(errors.Take("TLSCertificate", absl::UnknownError("c")));
  EXPECT_FALSE(errors.Take("WSTunVrf", absl::UnknownError("b")));
  EXPECT_FALSE(errors.Take("TLSTrustedRoots", absl::UnknownError("a")));
  EXPECT_EQ(errors.ToStatus(), absl::InvalidArgumentError("a\nb\nc"));
}

TEST(NamedErrorsTest, PutsTheErrorsOfOthersBetweenItsOwn) {
  Settings settings;
  settings.lines = {{"TLSCertificate", 7}, {"WSTunVrf", 3}};
  SettingErrors others;
  others.Add(5, absl::InvalidArgumentError("five"));
  others.Add(9, absl::InvalidArgumentError("nine"));
  NamedErrors errors(settings);
  errors.Take("TLSCertificate", absl::UnknownError("seven"));
  errors.Take(others);
  errors.Take("WSTunVrf", absl::UnknownError("three"));
  EXPECT_EQ(errors.ToStatus(),
            absl::InvalidArgumentError("three\nfive\nseven\nnine"));
  errors.Take(SettingErrors());
  EXPECT_EQ(errors.ToStatus(),
            absl::InvalidArgumentError("three\nfive\nseven\nnine"));
}

TEST(NamedErrorsTest, KeepsTheErrorsOfTheFirstTwentyLines) {
  Settings settings;
  NamedErrors errors(settings);
  for (int line = 30; line > 0; --line) {
    const std::string name = absl::StrCat("Name", line);
    settings.lines[name] = line;
    EXPECT_FALSE(
        errors.Take(name, absl::UnknownError(absl::StrCat("line ", line))));
  }
  const std::vector<std::string> lines =
      absl::StrSplit(errors.ToStatus().message(), '\n');
  ASSERT_EQ(lines.size(), kMaxSettingErrors + 1);
  EXPECT_EQ(lines.front(), "line 1");
  EXPECT_EQ(lines[kMaxSettingErrors - 1], "line 20");
  EXPECT_EQ(lines.back(), "there are more errors; fix these first");
}

}  // namespace
}  // namespace ovoc::tunnel
