// SPDX-License-Identifier: Apache-2.0
#include "tunnel/exit_code.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

TEST(ExitCodeTest, EachHasItsOwnWord) {
  std::set<std::string> words;
  for (int code = 0; code <= 12; ++code) {
    words.emplace(Word(static_cast<ExitCode>(code)));
  }
  EXPECT_EQ(words.size(), 13u);
  EXPECT_EQ(words.count("unknown"), 0u);
}

TEST(ExitCodeTest, TheWordsOfTheStatusAndTheLogStay) {
  EXPECT_EQ(Word(ExitCode::kInternal), "internal");
  EXPECT_EQ(Word(ExitCode::kUsage), "command_line");
  EXPECT_EQ(Word(ExitCode::kSettings), "settings");
  EXPECT_EQ(Word(ExitCode::kInterface), "interface");
  EXPECT_EQ(Word(ExitCode::kSandbox), "sandbox");
  EXPECT_EQ(Word(ExitCode::kOutput), "output");
}

}  // namespace
}  // namespace ovoc::tunnel
