// SPDX-License-Identifier: Apache-2.0
#include "tunnel/settings/build_policy.h"

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

// The first argument of the test.
absl::string_view expected_word;

TEST(BuildPolicyTest, IsThePolicyThatWasAskedForWhenBuilding) {
  EXPECT_EQ(Word(BuildPolicy()), expected_word);
}

}  // namespace
}  // namespace ovoc::tunnel

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc != 2) {
    return 2;
  }
  ovoc::tunnel::expected_word = argv[1];
  return RUN_ALL_TESTS();
}
