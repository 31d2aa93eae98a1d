// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/expect.h"

#include <csignal>

#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

TEST(FuzzExpectTest, AConditionIsEvaluatedOnce) {
  int count = 0;
  FUZZ_EXPECT(++count == 1);
  FUZZ_EXPECT(++count == 2, "a message");
  EXPECT_EQ(count, 2);
}

TEST(FuzzExpectDeathTest, ABrokenPromiseIsNamedWithItsPlace) {
  const int size = 7;
  EXPECT_DEATH(FUZZ_EXPECT(size == 8),
               "expect_test\\.cc:[0-9]+: promise broken: size == 8\n");
  EXPECT_DEATH(FUZZ_EXPECT(size == 8, "all is consumed"),
               "promise broken: size == 8: all is consumed\n");
}

// What is compared may be an input, which belongs into a file.
TEST(FuzzExpectDeathTest, NoValueIsShown) {
  const char* const secret = "hunter2";
  EXPECT_DEATH(FUZZ_EXPECT(*secret == 'x'),
               "promise broken: \\*secret == 'x'\n");
}

TEST(FuzzExpectDeathTest, EndsByASignalThatAFuzzerSees) {
  EXPECT_EXIT(PromiseBroken("a.cc", 3, "b"), testing::KilledBySignal(SIGABRT),
              "a\\.cc:3: promise broken: b\n");
}

}  // namespace
}  // namespace ovoc::fuzz
