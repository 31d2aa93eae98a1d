// SPDX-License-Identifier: Apache-2.0
#include "tunnel/command_line/exit_code.h"

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

TEST(ExitCodeTest, EachHasItsOwnWord) {
  std::set<std::string> words;
  for (int code = 0; code <= 15; ++code) {
    words.emplace(Word(static_cast<ExitCode>(code)));
  }
  EXPECT_EQ(words.size(), 16u);
  EXPECT_EQ(words.count("unknown"), 0u);
}

// The numbers and the words are part of the client's interface:
// docs/operating.md has them, and scripts look for them.
TEST(ExitCodeTest, TheNumbersAndTheirWordsStay) {
  struct Case {
    ExitCode code;
    int number;
    absl::string_view word;
  };
  constexpr Case kCases[] = {
      {ExitCode::kDone, 0, "done"},
      {ExitCode::kInternal, 1, "internal"},
      {ExitCode::kUsage, 2, "command_line"},
      {ExitCode::kSettings, 3, "settings"},
      {ExitCode::kResolution, 4, "resolution"},
      {ExitCode::kConnection, 5, "connection"},
      {ExitCode::kCertificate, 6, "certificate"},
      {ExitCode::kLogin, 7, "login"},
      {ExitCode::kNoFreeAddress, 8, "no_free_address"},
      {ExitCode::kProtocol, 9, "protocol"},
      {ExitCode::kInterface, 10, "interface"},
      {ExitCode::kSandbox, 11, "sandbox"},
      {ExitCode::kOutput, 12, "output"},
      {ExitCode::kNotUp, 13, "not_up"},
      {ExitCode::kStale, 14, "stale"},
      {ExitCode::kStatusFile, 15, "status_file"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(static_cast<int>(c.code), c.number) << c.word;
    EXPECT_EQ(Word(c.code), c.word);
  }
  EXPECT_EQ(Word(static_cast<ExitCode>(16)), "unknown");
}

}  // namespace
}  // namespace ovoc::tunnel
