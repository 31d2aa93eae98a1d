// SPDX-License-Identifier: Apache-2.0
#include "conformance/websocket/case_paths.h"

#include <cstddef>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "auth/upgrade_request.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

TEST(CasePathsTest, NamesCasesAndReportsAsAutobahnDoes) {
  EXPECT_EQ(kGetCaseCountPath, "/getCaseCount");
  EXPECT_EQ(RunCasePath(1, "ovoc"), "/runCase?case=1&agent=ovoc");
  EXPECT_EQ(RunCasePath(301, "ovoc-1.0_x~"),
            "/runCase?case=301&agent=ovoc-1.0_x~");
  EXPECT_EQ(UpdateReportsPath("ovoc"), "/updateReports?agent=ovoc");
}

TEST(CasePathsTest, EncodesWhatAQueryMayNotHold) {
  EXPECT_EQ(UpdateReportsPath("a b&c=d"), "/updateReports?agent=a%20b%26c%3Dd");
  EXPECT_EQ(RunCasePath(7, "%\xC3\xA9/\r\n"),
            "/runCase?case=7&agent=%25%C3%A9%2F%0D%0A");
}

// RFC 3986 2.1, the other way.
std::string PercentDecoded(absl::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      absl::StrAppend(&out, absl::HexStringToBytes(text.substr(i + 1, 2)));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

TEST(CasePathsTest, EveryByteOfANameArrivesAsItIs) {
  constexpr absl::string_view kPrefix = "/updateReports?agent=";
  for (int byte = 0; byte <= 0xFF; ++byte) {
    const std::string agent = {'a', static_cast<char>(byte), 'f'};
    const std::string path = UpdateReportsPath(agent);
    ASSERT_TRUE(absl::StartsWith(path, kPrefix)) << path;
    const absl::string_view value =
        absl::string_view(path).substr(kPrefix.size());
    EXPECT_EQ(PercentDecoded(value), agent) << byte;
    for (const char c : value) {
      // RFC 3986 2.3 and the sign of an encoded byte.
      EXPECT_TRUE(absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                  absl::StrContains("-._~%", c))
          << path;
    }
    EXPECT_EQ(RunCasePath(9, agent),
              absl::StrCat("/runCase?case=9&agent=", value));
  }
}

TEST(CasePathsTest, TheLongestAgentMakesAPathThatARequestTakes) {
  const std::string agent(kMaxAgentBytes, '\xFF');
  EXPECT_TRUE(CheckAgent(agent).ok());
  auth::UpgradeRequestOptions options;
  options.host = "h";
  const std::string path = RunCasePath(kMaxCaseCount, agent);
  options.path = path;
  EXPECT_TRUE(auth::UpgradeRequest::Create(options).ok());
  EXPECT_TRUE(absl::StrContains(CheckAgent(agent + "x").message(),
                                "1 to 256 bytes, found 257"));
  EXPECT_TRUE(absl::StrContains(CheckAgent("").message(), "found 0"));
}

TEST(CasePathsTest, ReadsTheNumberOfCases) {
  struct Row {
    absl::string_view text;
    int count;  // -1: refused
  };
  const Row kRows[] = {
      {"301", 301},
      {"0", 0},
      {" 517\n", 517},
      {"007", 7},
      {"100000", 100000},
      {"100001", -1},
      {"", -1},
      {" ", -1},
      {"-1", -1},
      {"+1", -1},
      {"1.0", -1},
      {"1e3", -1},
      {"0x10", -1},
      {"\"301\"", -1},
      {"301 302", -1},
      {"0000001", -1},
      {"99999999999999999999", -1},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.text);
    const absl::StatusOr<int> count = ParseCaseCount(row.text);
    EXPECT_EQ(count.ok() ? *count : -1, row.count);
    if (!count.ok()) {
      EXPECT_EQ(count.status().code(), absl::StatusCode::kInvalidArgument);
    }
  }
}

}  // namespace
}  // namespace ovoc::conformance
