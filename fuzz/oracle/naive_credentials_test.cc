// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_credentials.h"

#include <optional>
#include <string>

#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

TEST(MayBeCredentialsTest, HoldsTheRules) {
  EXPECT_TRUE(MayBeCredentials("", ""));
  EXPECT_TRUE(MayBeCredentials("VPN", "12:34"));
  EXPECT_TRUE(MayBeCredentials("\xC3\xA4", "\xFF"));
  EXPECT_TRUE(MayBeCredentials(std::string(255, 'a'), std::string(255, 'b')));
  EXPECT_FALSE(MayBeCredentials(std::string(256, 'a'), ""));
  EXPECT_FALSE(MayBeCredentials("", std::string(256, 'b')));
  EXPECT_FALSE(MayBeCredentials("V:N", ""));
  EXPECT_FALSE(MayBeCredentials("V\tN", ""));
  EXPECT_FALSE(MayBeCredentials("", "a\x7f"));
  EXPECT_FALSE(MayBeCredentials("", "a\x1f"));
}

// RFC 7617 2 and RFC 4648 10.
TEST(NaiveBasicTest, DecodesTheRfcsExamples) {
  EXPECT_EQ(NaiveBasic("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            "Aladdin:open sesame");
  EXPECT_EQ(NaiveBasic("Basic "), "");
  EXPECT_EQ(NaiveBasic("Basic Zg=="), "f");
  EXPECT_EQ(NaiveBasic("Basic Zm8="), "fo");
  EXPECT_EQ(NaiveBasic("Basic Zm9v"), "foo");
  EXPECT_EQ(NaiveBasic("Basic Zm9vYmFy"), "foobar");
}

TEST(NaiveBasicTest, RefusesWhatIsNotExactlyThat) {
  for (const char* value :
       {"", "Basic", "basic Zm9v", "BasicZm9v", "Basic  Zm9v", "Basic Zm9",
        "Basic Zm9v=", "Basic Zg==Zg==", "Basic Zh==", "Basic Zm9=",
        "Basic Z===", "Basic ====", "Basic Zm9\n", "Basic Zm-v"}) {
    EXPECT_EQ(NaiveBasic(value), std::nullopt) << value;
  }
}

TEST(HiddenTest, KeepsWhatARuleIsAbout) {
  EXPECT_EQ(Hidden("aZ09: \t;'=\x7f\xC3"), "xxxx: \t;'=\x7fx");
}

}  // namespace
}  // namespace ovoc::fuzz
