// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/durable_file.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

class DurableFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/durableXXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    path_ = absl::StrCat(folder_, "/file");
  }

  static std::string TextOf(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

  std::string folder_;
  std::string path_;
};

TEST_F(DurableFileTest, AFileIsMadeAndReplaced) {
  for (const absl::string_view text : {"one\n", "", "a longer text\n"}) {
    ASSERT_TRUE(WriteDurably(path_, text).ok());
    EXPECT_EQ(TextOf(path_), text);
    EXPECT_NE(access((path_ + ".new").c_str(), F_OK), 0);
  }
}

TEST_F(DurableFileTest, OnlyTheOwnerCanReadIt) {
  std::ofstream(path_) << "old";
  ASSERT_EQ(chmod(path_.c_str(), 0644), 0);
  ASSERT_TRUE(WriteDurably(path_, "secret").ok());
  struct stat info = {};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600U);
}

TEST_F(DurableFileTest, ALinkLeadsToTheFileThatIsReplaced) {
  const std::string target = absl::StrCat(folder_, "/target");
  std::ofstream(target) << "old";
  ASSERT_EQ(symlink("target", path_.c_str()), 0);
  ASSERT_TRUE(WriteDurably(path_, "new").ok());
  EXPECT_EQ(TextOf(target), "new");
  struct stat info = {};
  ASSERT_EQ(lstat(path_.c_str(), &info), 0);
  EXPECT_TRUE(S_ISLNK(info.st_mode));
}

TEST_F(DurableFileTest, WhatACrashHasLeftIsNoObstacle) {
  const std::string other = absl::StrCat(folder_, "/other");
  std::ofstream(other) << "not ours";
  ASSERT_EQ(symlink(other.c_str(), (path_ + ".new").c_str()), 0);
  ASSERT_TRUE(WriteDurably(path_, "new").ok());
  EXPECT_EQ(TextOf(path_), "new");
  EXPECT_EQ(TextOf(other), "not ours");
}

TEST_F(DurableFileTest, AnErrorNamesTheFileAndKeepsTheOldText) {
  const absl::Status missing = WriteDurably(folder_ + "/none/file", "x");
  EXPECT_TRUE(absl::StrContains(missing.message(), "/none/file.new: open: "))
      << missing;
  EXPECT_TRUE(absl::StrContains(missing.message(), "; let the agent write"));
  std::ofstream(path_) << "old";
  ASSERT_EQ(mkdir((path_ + ".new").c_str(), 0700), 0);
  EXPECT_FALSE(WriteDurably(path_, "new").ok());
  EXPECT_EQ(TextOf(path_), "old");
}

TEST_F(DurableFileTest, ARemovedFileMayBeMissing) {
  std::ofstream(path_) << "x";
  EXPECT_TRUE(RemoveDurably(path_).ok());
  EXPECT_NE(access(path_.c_str(), F_OK), 0);
  EXPECT_TRUE(RemoveDurably(path_).ok());
  EXPECT_FALSE(RemoveDurably(folder_).ok()) << "a folder is no file";
}

}  // namespace
}  // namespace ovoc::tunnel
