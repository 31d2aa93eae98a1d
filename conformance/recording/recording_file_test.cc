// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/recording_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

std::string Contents(const std::string& path) {
  std::ifstream in(path);
  return std::string((std::istreambuf_iterator<char>(in)), {});
}

TEST(RecordingFileTest, LaterConnectionsHaveANumberBeforeTheExtension) {
  EXPECT_EQ(NumberedPath("a.rec", 1), "a.rec");
  EXPECT_EQ(NumberedPath("a.rec", 2), "a-2.rec");
  EXPECT_EQ(NumberedPath("x.y/a", 3), "x.y/a-3");
  EXPECT_EQ(NumberedPath("x.y/a.b.rec", 10), "x.y/a.b-10.rec");
  EXPECT_EQ(NumberedPath(".rec", 2), ".rec-2");
  EXPECT_EQ(NumberedPath("a", 2), "a-2");
}

TEST(RecordingFileTest, EachTextIsInTheFileAtOnce) {
  const std::string path = absl::StrCat(testing::TempDir(), "/at_once.rec");
  absl::StatusOr<RecordingFile> file = RecordingFile::Create(path);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(file->Append("one\n").ok());
  EXPECT_EQ(Contents(path), "one\n");
  EXPECT_TRUE(file->Append("two\n").ok());
  EXPECT_EQ(Contents(path), "one\ntwo\n");
  struct stat info = {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST(RecordingFileTest, NoFileIsOverwritten) {
  const std::string path = absl::StrCat(testing::TempDir(), "/there.rec");
  std::ofstream(path) << "precious";
  EXPECT_TRUE(absl::IsAlreadyExists(RecordingFile::Create(path).status()));
  EXPECT_EQ(Contents(path), "precious");
}

// A link that somebody else made must not lead the recording elsewhere.
TEST(RecordingFileTest, NoLinkIsFollowed) {
  const std::string target = absl::StrCat(testing::TempDir(), "/target.rec");
  const std::string link = absl::StrCat(testing::TempDir(), "/link.rec");
  ASSERT_EQ(symlink(target.c_str(), link.c_str()), 0);
  EXPECT_TRUE(absl::IsAlreadyExists(RecordingFile::Create(link).status()));
  EXPECT_NE(access(target.c_str(), F_OK), 0) << "nothing was made";
}

TEST(RecordingFileTest, WhateverTheMaskOnlyTheOwnerReads) {
  const mode_t before = umask(0);
  const std::string path = absl::StrCat(testing::TempDir(), "/mask.rec");
  const absl::StatusOr<RecordingFile> file = RecordingFile::Create(path);
  umask(before);
  ASSERT_TRUE(file.ok()) << file.status();
  struct stat info = {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST(RecordingFileTest, LongAndEmptyTextsAreWhole) {
  const std::string path = absl::StrCat(testing::TempDir(), "/long.rec");
  absl::StatusOr<RecordingFile> file = RecordingFile::Create(path);
  ASSERT_TRUE(file.ok()) << file.status();
  std::string all;
  for (const size_t size : {0u, 1u, 4096u, 3000000u, 0u, 7u}) {
    const std::string text(size, static_cast<char>('a' + size % 26));
    ASSERT_TRUE(file->Append(text).ok()) << size;
    all += text;
  }
  EXPECT_TRUE(Contents(path) == all) << "of " << all.size() << " bytes";
}

TEST(RecordingFileTest, AnErrorNamesTheFile) {
  absl::StatusOr<RecordingFile> missing =
      RecordingFile::Create("/nonexistent/a.rec");
  EXPECT_TRUE(absl::IsNotFound(missing.status()));
  EXPECT_NE(missing.status().message().find("/nonexistent/a.rec"),
            std::string::npos);
}

}  // namespace
}  // namespace ovoc::conformance
