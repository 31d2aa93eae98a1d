// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/allowed_calls.h"

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

// A row of the table, in code or on paper: "call | arguments".
std::string Row(absl::string_view call, absl::string_view arguments) {
  return absl::StrCat(call, " | ", arguments);
}

std::set<std::string> InCode(Confined who) {
  std::set<std::string> rows;
  for (const AllowedCall& call : AllowedCalls(who, 1)) {
    rows.insert(Row(call.name, call.rule));
  }
  return rows;
}

// The rows of SANDBOXING.md's table of system calls that have "yes" in the
// given column.
std::set<std::string> OnPaper(size_t column) {
  std::ifstream file("SANDBOXING.md");
  std::set<std::string> rows;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (absl::StartsWith(line, "## ")) {
      inside = line == "## System calls";
    }
    const std::vector<std::string> cells = absl::StrSplit(line, '|');
    if (!inside || cells.size() != 8) {
      continue;
    }
    std::vector<absl::string_view> texts;
    for (const std::string& cell : cells) {
      texts.push_back(absl::StripAsciiWhitespace(cell));
    }
    EXPECT_NE(texts[6], "") << "no reason: " << line;
    if (texts[column] == "yes") {
      rows.insert(Row(texts[1], texts[2]));
    }
  }
  return rows;
}

TEST(AllowedCallsTest, SandboxingMdShowsTheWorkersListAsItIs) {
  EXPECT_EQ(OnPaper(3), InCode(Confined::kWorker));
}

TEST(AllowedCallsTest, SandboxingMdShowsTheListOfACheckAsItIs) {
  EXPECT_EQ(OnPaper(4), InCode(Confined::kAlone));
}

TEST(AllowedCallsTest, SandboxingMdShowsTheKeepersListAsItIs) {
  EXPECT_EQ(OnPaper(5), InCode(Confined::kKeeper));
}

// What a worker can reach must not hang on Landlock: its list has no call that
// makes, connects, names or passes a socket, in any form.
TEST(AllowedCallsTest, AWorkerCannotMakeOrConnectASocket) {
  for (const AllowedCall& call : AllowedCalls(Confined::kWorker, 1)) {
    for (const char* never :
         {"socket", "socketpair", "connect", "bind", "listen", "accept",
          "accept4", "sendmsg", "sendmmsg", "recvmmsg", "socketcall", "dup",
          "dup2", "dup3", "pidfd_getfd", "io_uring_setup", "ioctl"}) {
      EXPECT_NE(call.name, never);
    }
    if (call.name == "sendto") {
      EXPECT_EQ(call.rule, "no address");
    } else if (call.name == "recvmsg") {
      EXPECT_EQ(call.rule, "the channel's descriptor, 3");
    } else if (call.name == "setsockopt") {
      EXPECT_EQ(call.rule, "TCP_NOTSENT_LOWAT");
    }
  }
}

TEST(AllowedCallsTest, TheWorkerCanDoNothingThatTheKeeperCannot) {
  const std::set<std::string> keeper = InCode(Confined::kKeeper);
  for (const Confined who : {Confined::kWorker, Confined::kAlone}) {
    for (const std::string& row : InCode(who)) {
      EXPECT_TRUE(keeper.contains(row)) << row;
    }
  }
}

TEST(AllowedCallsTest, RulesInWordsAreRulesInCode) {
  for (const AllowedCall& call : AllowedCalls(Confined::kKeeper, 1)) {
    EXPECT_EQ(call.rule.empty(), call.rules.empty()) << call.name;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
