// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_hosts.h"

#include <string>
#include <vector>

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

struct Case {
  const char* name;
  std::string text;
  Words found;
};

// hosts(5), with what glibc takes for a blank.
const Case kCases[] = {
    {"nothing", "", {}},
    {"an address alone", "1\n", {}},
    {"no line end", "1 a", {"1"}},
    {"only blanks", " \t\n\n \n", {}},
    {"tabs", "1\t\ta\n", {"1"}},
    {"vertical tab and form feed", "1\va\f\n", {"1"}},
    {"CR is a blank", "1 b\ra\n", {"1"}},
    {"CR LF", "1 a\r\n2 a\r\n", {"1", "2"}},
    {"the last of many names", "1 b c d e a\n", {"1"}},
    {"twice in a line", "1 a a A\n", {"1"}},
    {"in two lines", "1 a\n1 a\n", {"1", "1"}},
    {"any case", "1 A\n", {"1"}},
    {"a longer name", "1 ab\n", {}},
    {"a name with a dot", "1 a.\n", {}},
    {"a name in another", "1 b.a a.b\n", {}},
    {"the address is no name", "a b\n", {}},
    {"a comment", "#1 a\n", {}},
    {"a comment behind a name", "1 a#b\n", {"1"}},
    {"a comment behind the address", "1#a\n", {}},
    {"a comment between names", "1 b # a\n2 a\n", {"2"}},
    {"a comment does not go on", "#\n1 a\n", {"1"}},
    {"two comments", "# b # a\n1 a # c\n", {"1"}},
    {"a mark in front of a comment", "\ufeff#1 a\n", {}},
    {"a mark in front of a line",
     "\n\ufeff1 a\n",
     {"\ufeff"
      "1"}},
    {"a mark alone", "\ufeff", {}},
    {"a zero is no blank", std::string("1 a\0b\n", 6), {}},
    {"any word may be an address", "not_one a\n", {"not_one"}},
    {"IPv6", "2001:db8::1 a\n::1 b a\n", {"2001:db8::1", "::1"}},
};

TEST(NaiveHostsTest, ReadsTheEdgesOfALine) {
  for (const Case& c : kCases) {
    EXPECT_EQ(NaiveFind(c.text, "a"), c.found) << c.name;
  }
}

TEST(NaiveHostsTest, OnlyAsciiHasTwoCases) {
  EXPECT_EQ(NaiveFind("1 A.Example\n", "a.EXAMPLE"), Words{"1"});
  EXPECT_EQ(NaiveFind("1 [\n", "{"), Words());
  EXPECT_EQ(NaiveFind("1 \u00c4\n", "\u00e4"), Words());
  EXPECT_EQ(NaiveFind("1 \u00e4\n", "\u00e4"), Words{"1"});
}

// RFC 4291 2.5.5.2: ::ffff:0:0/96.
TEST(NaiveHostsTest, KnowsAMappedAddressInEachForm) {
  for (const char* mapped : {"::ffff:192.0.2.1", "::FFFF:c000:201",
                             "0:0:0:0:0:ffff:0:0", "::ffff:255.255.255.255"}) {
    EXPECT_TRUE(IsMappedText(mapped)) << mapped;
  }
  for (const char* other :
       {"", "192.0.2.1", "::", "::1", "::192.0.2.1", "::fffe:ffff:ffff",
        "::1:0:0:0", "1::ffff:192.0.2.1", "::ffff:0:192.0.2.1", "::ffff:192"}) {
    EXPECT_FALSE(IsMappedText(other)) << other;
  }
}

}  // namespace
}  // namespace ovoc::fuzz
