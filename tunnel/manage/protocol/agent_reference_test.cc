// SPDX-License-Identifier: Apache-2.0
//
// docs/agent.md describes the requests that the agent takes.
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tunnel/manage/protocol/agent_request.h"

namespace ovoc::tunnel {
namespace {

std::string Document() {
  std::ifstream file("docs/agent.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The part below a heading.
std::string Part(absl::string_view heading) {
  const std::string text = Document();
  const size_t begin = text.find(absl::StrCat("\n## ", heading, "\n"));
  if (begin == std::string::npos) {
    return "";
  }
  const size_t end = text.find("\n## ", begin + 4);
  return text.substr(begin, end == std::string::npos ? end : end - begin);
}

// The rows of a part's table that begin with a name between backquotes, without
// their last cell.
std::vector<std::string> Rows(absl::string_view heading) {
  std::vector<std::string> rows;
  for (absl::string_view line : absl::StrSplit(Part(heading), '\n')) {
    if (absl::StartsWith(line, "| `")) {
      std::vector<std::string> cells = absl::StrSplit(line, '|');
      cells.resize(4);
      for (std::string& cell : cells) {
        cell = std::string(absl::StripAsciiWhitespace(cell));
      }
      rows.push_back(absl::StrJoin(cells, "|"));
    }
  }
  return rows;
}

std::string RowOf(const AgentRule& rule) {
  std::vector<std::string> keys;
  for (const AgentKey& key : rule.keys) {
    keys.push_back(key.required ? absl::StrCat("`", key.name, "`")
                                : absl::StrCat("[`", key.name, "`]"));
  }
  return absl::StrCat("|`", rule.name, "`|", rule.changes ? "change" : "view",
                      "|", absl::StrJoin(keys, " "));
}

TEST(AgentReferenceTest, EachRequestIsDescribedWithItsKeysInTheirOrder) {
  std::vector<std::string> rows;
  for (const AgentRule& rule : AgentRules()) {
    rows.push_back(RowOf(rule));
  }
  EXPECT_EQ(Rows("Requests"), rows);
}

TEST(AgentReferenceTest, TheLimitOfALineIsNamed) {
  EXPECT_TRUE(absl::StrContains(
      Part("Lines"), absl::StrCat("at most ", kMaxRequestBytes, " bytes")));
}

}  // namespace
}  // namespace ovoc::tunnel
