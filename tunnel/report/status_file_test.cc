// SPDX-License-Identifier: Apache-2.0

#include "tunnel/report/status_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file),
                     std::istreambuf_iterator<char>());
}

void WriteFile(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

bool Exists(const std::string& path) {
  struct stat info = {};
  return lstat(path.c_str(), &info) == 0;
}

mode_t ModeOf(const std::string& path) {
  struct stat info = {};
  EXPECT_EQ(lstat(path.c_str(), &info), 0) << path;
  return info.st_mode & static_cast<mode_t>(~S_IFMT);
}

class StatusFileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/status_file_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    path_ = folder_ + "/status.json";
  }

  void TearDown() override {
    unlink(path_.c_str());
    unlink((path_ + ".tmp").c_str());
    unlink((folder_ + "/other").c_str());
    rmdir(path_.c_str());
    rmdir((path_ + ".tmp").c_str());
    rmdir(folder_.c_str());
  }

  std::string folder_;
  std::string path_;
};

TEST_F(StatusFileTest, MakesAFileAnyoneMayReadWhateverTheUmask) {
  const mode_t before = umask(077);
  EXPECT_TRUE(StatusFile(path_).Write("{}\n").ok());
  umask(before);
  EXPECT_EQ(ReadFile(path_), "{}\n");
  EXPECT_EQ(ModeOf(path_), mode_t{0644});
  EXPECT_FALSE(Exists(path_ + ".tmp"));
}

TEST_F(StatusFileTest, ReplacesTheFileAsAWhole) {
  const StatusFile file(path_);
  ASSERT_TRUE(file.Write(std::string(100000, 'a')).ok());
  const int old = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_GE(old, 0);
  ASSERT_TRUE(file.Write("b").ok());
  EXPECT_EQ(ReadFile(path_), "b");
  // Who had the old file open still reads all of it.
  struct stat info = {};
  EXPECT_EQ(fstat(old, &info), 0);
  EXPECT_EQ(info.st_size, 100000);
  close(old);
}

TEST_F(StatusFileTest, RemovesWhatACrashLeftBehind) {
  WriteFile(path_ + ".tmp", "half a sta");
  EXPECT_TRUE(StatusFile(path_).Write("{}\n").ok());
  EXPECT_EQ(ReadFile(path_), "{}\n");
  EXPECT_FALSE(Exists(path_ + ".tmp"));
}

TEST_F(StatusFileTest, DoesNotWriteThroughALink) {
  const std::string other = folder_ + "/other";
  WriteFile(other, "kept");
  ASSERT_EQ(symlink(other.c_str(), (path_ + ".tmp").c_str()), 0);
  ASSERT_EQ(symlink(other.c_str(), path_.c_str()), 0);
  EXPECT_TRUE(StatusFile(path_).Write("{}\n").ok());
  EXPECT_EQ(ReadFile(other), "kept");
  struct stat info = {};
  ASSERT_EQ(lstat(path_.c_str(), &info), 0);
  EXPECT_TRUE(S_ISREG(info.st_mode));
  EXPECT_EQ(ReadFile(path_), "{}\n");
}

TEST_F(StatusFileTest, NamesThePathOfAFolderThatIsMissing) {
  const absl::Status status = StatusFile(folder_ + "/none/s.json").Write("{}");
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status.message(),
            "open " + folder_ +
                "/none/s.json.tmp: No such file or directory; use a folder "
                "that is there and in which the client's user may make files");
}

// The keeper's working folder is the machine's root.
TEST_F(StatusFileTest, NamesARelativePathFromTheRoot) {
  const absl::Status status = StatusFile("no/such/folder/a").Write("x");
  EXPECT_TRUE(absl::StrContains(status.message(), " /no/such/folder/a"))
      << status;
}

TEST_F(StatusFileTest, ReplacesNothingThatOtherProgramsUse) {
  struct Case {
    const char* name;
    const char* kind;
    int made;
  };
  const std::string path = folder_ + "/x";
  const Case kCases[] = {
      {"pipe", "a pipe", mkfifo(path.c_str(), 0600)},
      {"socket", "a socket", mknod((path + "s").c_str(), S_IFSOCK | 0600, 0)},
      {"folder", "a folder", mkdir((path + "f").c_str(), 0700)}};
  const std::string paths[] = {path, path + "s", path + "f"};
  for (size_t i = 0; i < 3; ++i) {
    ASSERT_EQ(kCases[i].made, 0) << kCases[i].name;
    struct stat before = {};
    ASSERT_EQ(lstat(paths[i].c_str(), &before), 0);
    const StatusFile file(paths[i]);
    EXPECT_EQ(file.CheckTarget().message(),
              paths[i] + " is " + kCases[i].kind +
                  ", which the status file would replace; name a regular file "
                  "or a new one");
    EXPECT_EQ(file.Write("text"), file.CheckTarget());
    struct stat after = {};
    ASSERT_EQ(lstat(paths[i].c_str(), &after), 0);
    EXPECT_EQ(after.st_ino, before.st_ino);
    EXPECT_FALSE(Exists(paths[i] + ".tmp"));
    EXPECT_EQ(remove(paths[i].c_str()), 0);
  }
}

// Nothing is written here: it is the machine's own.
TEST_F(StatusFileTest, KnowsADevice) {
  EXPECT_EQ(
      StatusFile("/dev/null").CheckTarget().message(),
      "/dev/null is a device, which the status file would replace; name a "
      "regular file or a new one");
}

TEST_F(StatusFileTest, MayReplaceAFileALinkAndNothing) {
  EXPECT_TRUE(StatusFile(path_).CheckTarget().ok());
  EXPECT_TRUE(StatusFile(folder_ + "/none/s.json").CheckTarget().ok());
  WriteFile(path_, "old");
  EXPECT_TRUE(StatusFile(path_).CheckTarget().ok());
  unlink(path_.c_str());
  ASSERT_EQ(symlink("/dev/null", path_.c_str()), 0);
  EXPECT_TRUE(StatusFile(path_).CheckTarget().ok());
}

// Nobody can make a file in /proc.
TEST_F(StatusFileTest, SaysWhatToDoAboutAFolderThatIsReadOnly) {
  const absl::Status status = StatusFile("/proc/s.json").Write("{}");
  EXPECT_TRUE(absl::EndsWith(status.message(),
                             "; use a folder that is there and in which the "
                             "client's user may make files"))
      << status;
}

TEST_F(StatusFileTest, FailsWhenTheTemporaryNameIsAFolder) {
  ASSERT_EQ(mkdir((path_ + ".tmp").c_str(), 0700), 0);
  WriteFile(path_, "old");
  EXPECT_FALSE(StatusFile(path_).Write("{}").ok());
  EXPECT_EQ(ReadFile(path_), "old");
}

}  // namespace
}  // namespace ovoc::tunnel
