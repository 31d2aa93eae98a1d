// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/other_json.h"

#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "tunnel/status_view/json_reader.h"

namespace ovoc::fuzz {
namespace {

TEST(OtherJsonTest, TracesEachValueInItsOrder) {
  const OtherJson read =
      ReadOther(R"( {"a":[1,-2.5,true,false,null],"b":{"":"\u00e9"}} )");
  EXPECT_TRUE(read.is_json);
  EXPECT_FALSE(read.repeats_a_name);
  EXPECT_EQ(read.depth, 2u);
  EXPECT_EQ(read.values, 9u);
  EXPECT_EQ(read.trace, "{k1:a;[#1;#-2.5;tfn]k1:b;{k0:;s2:\xc3\xa9;}}");
}

TEST(OtherJsonTest, SeesANameThatIsThereTwice) {
  EXPECT_TRUE(ReadOther(R"({"a":1,"\u0061":2})").repeats_a_name);
  EXPECT_FALSE(ReadOther(R"([{"a":1},{"a":2}])").repeats_a_name);
  EXPECT_FALSE(ReadOther(R"({"a":{"a":1}})").repeats_a_name);
}

TEST(OtherJsonTest, KnowsWhatIsNoJson) {
  for (const absl::string_view text :
       {"", "[1,]", "{a:1}", "01", "\"\t\"", "\"\xff\"", "1e999", "1 2",
        "\"\\ud800\"", "\xef\xbb\xbf{}", "// c\n1"}) {
    EXPECT_FALSE(ReadOther(text).is_json) << text;
  }
  EXPECT_FALSE(ReadOther(absl::string_view("{}\0", 3)).is_json);
}

TEST(OtherJsonTest, OurReadersTraceIsTheSame) {
  for (const absl::string_view text :
       {"null", "-0", "18446744073709551615", "18446744073709551616", "1e-400",
        "\"\\ud834\\udd1e\"", "[[],{}]", R"({"a":[true,false,{"b":"c"}]})"}) {
    const auto value = tunnel::ReadJson(text);
    ASSERT_TRUE(value.ok()) << text;
    const OtherJson read = ReadOther(text);
    EXPECT_TRUE(read.is_json) << text;
    EXPECT_EQ(TraceOf(*value), read.trace) << text;
  }
}

TEST(OtherJsonTest, DifferentValuesHaveDifferentTraces) {
  EXPECT_NE(ReadOther("[1]").trace, ReadOther("[\"1\"]").trace);
  EXPECT_NE(ReadOther("[\"a\",\"b\"]").trace, ReadOther("[\"a;s1:b\"]").trace);
  EXPECT_NE(ReadOther("[[1],2]").trace, ReadOther("[[1,2]]").trace);
  EXPECT_NE(ReadOther("0.1").trace, ReadOther("0.10000000000000002").trace);
}

}  // namespace
}  // namespace ovoc::fuzz
