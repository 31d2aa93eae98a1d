// SPDX-License-Identifier: Apache-2.0
#include "auth/peer_match.h"

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

// The whole of it, through certificates: certificate_verifier_name_test.
TEST(MatchesDnsNameTest, WholeNamesAndOneWholeLabel) {
  const struct {
    absl::string_view presented;
    absl::string_view name;
    bool expected;
  } cases[] = {
      {"a.b.c", "a.b.c", true},
      {"A.b.C", "a.B.c", true},
      {"_a.b.c", "_a.b.c", true},
      {"a.b.c", "b.c", false},
      {"a.b.c.", "a.b.c", false},
      {absl::string_view("a.b.c\0", 6), "a.b.c", false},
      {"", "a", false},
      {"*.b.c", "a.b.c", true},
      {"*.B.c", "A.b.C", true},
      {"*.b.c", "-a.b.c", true},
      {"*.b.c", "_a.b.c", false},
      {"*.b.c", ".b.c", false},
      {"*.b.c", "b.c", false},
      {"*.b.c", "a.a.b.c", false},
      {"*.c", "b.c", false},
      {"*", "a", false},
      {"*.", "a.", false},
      {"a*.b.c", "aa.b.c", false},
      {"*a.b.c", "aa.b.c", false},
      {"a.*.c", "a.b.c", false},
      {"*.*.c", "a.b.c", false},
      {"*.-b.c", "a.-b.c", false},
      {"*.b-.c", "a.b-.c", false},
      {"*.b_.c", "a.b_.c", false},
      {"*..c", "a..c", false},
      {"*.b.c", "*.b.c", true},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(MatchesDnsName(c.presented, c.name), c.expected)
        << c.presented << " " << c.name;
  }
}

}  // namespace
}  // namespace ovoc::auth
