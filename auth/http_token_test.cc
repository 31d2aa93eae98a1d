// SPDX-License-Identifier: Apache-2.0
#include "auth/http_token.h"

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

TEST(IsTokenTest, TakesTokensOnly) {
  EXPECT_TRUE(IsToken("Upgrade"));
  EXPECT_TRUE(IsToken("x"));
  EXPECT_TRUE(IsToken("!#$%&'*+-.^_`|~"));
  for (absl::string_view text : {"", " ", "a b", "a,b", "a;", "\"a\"", "a/b",
                                 "a@b", "a=b", "(a)", "{a}", "\xC3\xA9"}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(IsToken(text));
  }
  EXPECT_FALSE(IsToken(absl::string_view("a\0", 2)));
}

TEST(IsTokenTest, OfAllBytesTakesThe77OfTheRfc) {
  int count = 0;
  for (int byte = 0; byte < 256; ++byte) {
    count += IsTokenChar(static_cast<char>(byte)) ? 1 : 0;
  }
  EXPECT_EQ(count, 26 + 26 + 10 + 15);
}

}  // namespace
}  // namespace ovoc::auth
