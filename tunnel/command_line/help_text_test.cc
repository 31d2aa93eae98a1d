// SPDX-License-Identifier: Apache-2.0
#include "tunnel/command_line/help_text.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

TEST(HelpTextTest, HelpHasEachOptionAndEachExitCodeInEightyColumns) {
  const absl::string_view help = kCommandLineHelp;
  for (const absl::string_view option :
       {"--settings=", "--status_file=", "--log=", "--log_level=",
        "--worker_uid=", "--tun_offload=", "--wait_up=", "--check",
        "--status[=FILE]", "--json", "--prometheus", "--help, -h, --version",
        "--settings FILE"}) {
    EXPECT_TRUE(absl::StrContains(help, option)) << option;
  }
  for (const absl::string_view line : absl::StrSplit(help, '\n')) {
    EXPECT_LE(line.size(), 80u) << line;
  }
  std::vector<int> codes;
  const absl::string_view listed = help.substr(help.find("Exit codes:"));
  for (const absl::string_view word :
       absl::StrSplit(listed, absl::ByAnyChar(" \n"))) {
    int code = 0;
    if (absl::SimpleAtoi(word, &code)) {
      codes.push_back(code);
    }
  }
  EXPECT_EQ(codes, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
                                     0, 13, 14, 15}));
}

}  // namespace
}  // namespace ovoc::tunnel
