// SPDX-License-Identifier: Apache-2.0
#include "conformance/callers_folder.h"

#include <cstdlib>
#include <filesystem>
#include <string>

#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

using std::filesystem::current_path;

TEST(CallersFolderTest, StaysWhereItIsWithoutBazel) {
  ASSERT_EQ(unsetenv("BUILD_WORKING_DIRECTORY"), 0);
  const std::filesystem::path before = current_path();
  EXPECT_TRUE(EnterCallersFolder().ok());
  EXPECT_EQ(current_path(), before);
}

TEST(CallersFolderTest, GoesWhereBazelWasCalled) {
  const std::filesystem::path folder =
      std::filesystem::canonical(testing::TempDir());
  ASSERT_EQ(setenv("BUILD_WORKING_DIRECTORY", folder.c_str(), 1), 0);
  EXPECT_TRUE(EnterCallersFolder().ok());
  EXPECT_EQ(current_path(), folder);
}

TEST(CallersFolderTest, NamesAFolderThatIsNotThere) {
  ASSERT_EQ(setenv("BUILD_WORKING_DIRECTORY", "/nonexistent/folder", 1), 0);
  const absl::Status status = EnterCallersFolder();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "/nonexistent/folder"));
}

}  // namespace
}  // namespace ovoc::conformance
