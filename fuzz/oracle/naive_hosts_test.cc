// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_hosts.h"

#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

using Words = std::vector<std::string>;

TEST(NaiveHostsTest, FindsTheFirstWordOfEachLineWithTheName) {
  EXPECT_EQ(NaiveFind("1 a\n2 b A\r\n3 c\n", "a"), (Words{"1", "2"}));
  EXPECT_EQ(NaiveFind("\t1\t a b", "b"), Words{"1"});
  EXPECT_EQ(NaiveFind("\xEF\xBB\xBF"
                      "1 a",
                      "a"),
            Words{"1"});
}

TEST(NaiveHostsTest, LeavesCommentsAndAddressesOut) {
  EXPECT_EQ(NaiveFind("# 1 a\n1 b # a\n2 a#b\na\na c\n\n", "a"), Words{"2"});
}

}  // namespace
}  // namespace ovoc::fuzz
