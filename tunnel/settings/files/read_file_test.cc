// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/files/read_file.h"

#include <linux/capability.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "auth/secret.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

class ReadFileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/read_file_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    path_ = folder_ + "/file";
  }

  void TearDown() override {
    unlink(path_.c_str());
    unlink((folder_ + "/link").c_str());
    rmdir(folder_.c_str());
  }

  void Make(const std::string& text, mode_t mode) {
    std::ofstream(path_, std::ios::binary) << text;
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
  }

  // Read is the file's text, or "error: " and what is wrong.
  std::string Read(const std::string& path, size_t max_bytes,
                   FilePrivacy privacy) {
    const absl::StatusOr<FileContents> contents =
        ReadSmallFile(path, max_bytes, privacy);
    if (!contents.ok()) {
      return "error: " + std::string(contents.status().message());
    }
    return std::string(
        contents->bytes.Reveal(auth::InsecureSecretAccess::Get()));
  }

  // How a file of this user is refused that others may use in this way.
  static std::string ByOthers(absl::string_view access, mode_t mode) {
    return absl::StrFormat("error: is %s by others (owner %d, mode %04o)",
                           access, getuid(), mode);
  }

  std::string folder_;
  std::string path_;
};

TEST_F(ReadFileTest, ReadsAllBytesUpToTheLimit) {
  const std::string text("a\0b\r\n\xff", 6);
  Make(text, 0600);
  EXPECT_EQ(Read(path_, 6, FilePrivacy::kAny), text);
  EXPECT_EQ(Read(path_, 100, FilePrivacy::kAny), text);
  EXPECT_EQ(Read(path_, 5, FilePrivacy::kAny), "error: has more than 5 bytes");
}

TEST_F(ReadFileTest, ReadsAnEmptyFile) {
  Make("", 0600);
  EXPECT_EQ(Read(path_, 0, FilePrivacy::kAny), "");
  EXPECT_EQ(Read(path_, 10, FilePrivacy::kOwnReads), "");
}

TEST_F(ReadFileTest, ReadsMoreThanOneReadMayGive) {
  const std::string text(1 << 20, 'x');
  Make(text, 0600);
  EXPECT_EQ(Read(path_, text.size(), FilePrivacy::kAny), text);
}

// Of files in /proc fstat says that they are empty.
TEST_F(ReadFileTest, ReadsWhatIsThereWhateverTheSizeWasSaidToBe) {
  EXPECT_EQ(Read("/proc/sys/kernel/ostype", 1 << 20, FilePrivacy::kAny),
            "Linux\n");
  EXPECT_EQ(Read("/proc/sys/kernel/ostype", 5, FilePrivacy::kAny),
            "error: has more than 5 bytes");
  EXPECT_EQ(Read("/proc/self/smaps", 1 << 24, FilePrivacy::kAny),
            "error: grew while it was read")
      << "nothing is cut off";
}

TEST_F(ReadFileTest, ReportsTheMode) {
  Make("x", 0640);
  const absl::StatusOr<FileContents> contents =
      ReadSmallFile(path_, 10, FilePrivacy::kAny);
  ASSERT_TRUE(contents.ok()) << contents.status();
  EXPECT_EQ(contents->mode, mode_t{0640});
}

TEST_F(ReadFileTest, RefusesEveryPermissionOfGroupAndOthersWhenPrivate) {
  for (const mode_t bit : {040u, 020u, 010u, 04u, 02u, 01u}) {
    Make("x", 0600 | bit);
    const absl::StatusOr<FileContents> contents =
        ReadSmallFile(path_, 10, FilePrivacy::kOwnReads);
    EXPECT_EQ(contents.status().code(), absl::StatusCode::kPermissionDenied)
        << bit;
    EXPECT_EQ(Read(path_, 10, FilePrivacy::kAny), "x") << bit;
  }
  Make("x", 0644);
  EXPECT_EQ(Read(path_, 10, FilePrivacy::kOwnReads),
            ByOthers("readable", 0644));
  ASSERT_EQ(chmod(path_.c_str(), 0620), 0);
  EXPECT_EQ(Read(path_, 10, FilePrivacy::kOwnReads),
            ByOthers("writable", 0620));
  ASSERT_EQ(chmod(path_.c_str(), 0611), 0);
  EXPECT_EQ(Read(path_, 10, FilePrivacy::kOwnReads),
            ByOthers("executable", 0611));

  for (const mode_t mode : {0400u, 0600u, 0700u}) {
    Make("x", mode);
    EXPECT_EQ(Read(path_, 10, FilePrivacy::kOwnReads), "x") << mode;
    ASSERT_EQ(chmod(path_.c_str(), 0600), 0);
  }
}

TEST_F(ReadFileTest, ChecksTheFileBehindALink) {
  const std::string link = folder_ + "/link";
  ASSERT_EQ(symlink(path_.c_str(), link.c_str()), 0);
  EXPECT_EQ(Read(link, 10, FilePrivacy::kOwnReads),
            "error: cannot be read: No such file or directory");
  Make("x", 0600);
  EXPECT_EQ(Read(link, 10, FilePrivacy::kOwnReads), "x");
  Make("x", 0604);
  EXPECT_EQ(Read(link, 10, FilePrivacy::kOwnReads), ByOthers("readable", 0604));
}

TEST_F(ReadFileTest, RefusesWhatIsNoRegularFile) {
  EXPECT_EQ(Read(folder_, 10, FilePrivacy::kAny), "error: is a directory");
  EXPECT_EQ(Read("/dev/null", 10, FilePrivacy::kAny),
            "error: is not a regular file");
}

TEST_F(ReadFileTest, DoesNotWaitForAPipe) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_EQ(Read(path_, 10, FilePrivacy::kOwnReads),
            "error: is not a regular file");
}

TEST_F(ReadFileTest, SaysWhyAFileCannotBeOpened) {
  const absl::StatusOr<FileContents> contents =
      ReadSmallFile(path_, 10, FilePrivacy::kAny);
  EXPECT_EQ(contents.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(contents.status().message(),
            "cannot be read: No such file or directory");
  EXPECT_EQ(Read(path_ + "/x", 10, FilePrivacy::kAny),
            "error: cannot be read: No such file or directory");
  Make("x", 0600);
  EXPECT_EQ(Read(path_ + "/x", 10, FilePrivacy::kAny),
            "error: cannot be read: Not a directory");
}

TEST_F(ReadFileTest, RefusesWhatOthersMayWrite) {
  for (const mode_t mode : {0620u, 0602u, 0664u, 0646u, 0666u, 0777u}) {
    Make("x", mode);
    EXPECT_EQ(Read(path_, 10, FilePrivacy::kOwnWrites),
              ByOthers("writable", mode));
    EXPECT_EQ(Read(path_, 10, FilePrivacy::kAny), "x");
  }
  for (const mode_t mode : {0600u, 0644u, 0755u, 0444u}) {
    Make("x", mode);
    EXPECT_EQ(Read(path_, 10, FilePrivacy::kOwnWrites), "x");
    ASSERT_EQ(chmod(path_.c_str(), 0600), 0);
  }
}

constexpr uid_t kAnotherUser = 12345;
constexpr absl::string_view kForeign =
    "belongs to uid 12345, neither root nor the client's user";

TEST_F(ReadFileTest, RefusesTheFileOfAnotherUser) {
  Make("x", 0600);
  if (chown(path_.c_str(), kAnotherUser, kAnotherUser) != 0) {
    GTEST_SKIP() << "only root can give a file away";
  }
  for (const FilePrivacy privacy :
       {FilePrivacy::kOwnWrites, FilePrivacy::kOwnReads}) {
    EXPECT_EQ(Read(path_, 10, privacy),
              absl::StrCat("error: ", kForeign, " (owner 12345, mode 0600)"));
  }
  EXPECT_EQ(Read(path_, 10, FilePrivacy::kAny), "x");
  // A link does not hide whose it is.
  const std::string link = folder_ + "/link";
  ASSERT_EQ(symlink(path_.c_str(), link.c_str()), 0);
  EXPECT_EQ(Read(link, 10, FilePrivacy::kOwnWrites),
            absl::StrCat("error: ", kForeign, " (owner 12345, mode 0600)"));
}

// Reads without any capability, as the keeper does that is root. The error.
std::string ReadWithoutCapabilities(const std::string& path) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
    std::string text = "capset";
    if (syscall(SYS_capset, &header, none) == 0) {
      const absl::Status status =
          ReadSmallFile(path, 10, FilePrivacy::kOwnReads).status();
      text = absl::StrFormat("%s; %s", status.message(), FileRemedy(status));
    }
    _exit(write(ends[1], text.data(), text.size()) > 0 ? 0 : 1);
  }
  close(ends[1]);
  std::string text(500, '\0');
  const ssize_t size = read(ends[0], text.data(), text.size());
  text.resize(static_cast<size_t>(std::max<ssize_t>(size, 0)));
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return text;
}

// It said no more than "Permission denied".
TEST_F(ReadFileTest, TellsOwnerAndModeOfAFileThatItCannotOpen) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root can give a file away";
  }
  Make("x", 0);
  EXPECT_EQ(ReadWithoutCapabilities(path_),
            "cannot be read by the client's user, uid 0 (owner 0, mode 0000); "
            "give that user the permission to read it");
  Make("x", 0600);
  ASSERT_EQ(chown(path_.c_str(), kAnotherUser, kAnotherUser), 0);
  EXPECT_EQ(
      ReadWithoutCapabilities(path_),
      absl::StrCat(kForeign, " (owner 12345, mode 0600); run chown root"));
  // What stands in a folder that it may not enter has no owner to be told.
  ASSERT_EQ(chown(folder_.c_str(), kAnotherUser, kAnotherUser), 0);
  EXPECT_TRUE(absl::StartsWith(ReadWithoutCapabilities(path_),
                               "cannot be read: Permission denied; "));
}

// In such a namespace the machine's own root files belong to a number that the
// map does not have. 0: read; 1: refused; 2: no user namespace to be had.
int ReadInUserNamespace(const std::string& path) {
  const std::string map = absl::StrFormat("0 %d 1\n", geteuid());
  if (unshare(CLONE_NEWUSER) != 0) {
    return 2;
  }
  std::ofstream("/proc/self/uid_map") << map;
  if (geteuid() != 0) {
    return 2;
  }
  return ReadSmallFile(path, 10, FilePrivacy::kOwnWrites).ok() ? 0 : 1;
}

TEST_F(ReadFileTest, TakesAnOwnerWhomTheUserNamespaceDoesNotKnow) {
  Make("x", 0644);
  if (chown(path_.c_str(), kAnotherUser, kAnotherUser) != 0) {
    GTEST_SKIP() << "only root can give a file away";
  }
  ASSERT_EQ(chmod(folder_.c_str(), 0755), 0);
  const pid_t child = fork();
  if (child == 0) {
    _exit(ReadInUserNamespace(path_));
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  if (WEXITSTATUS(status) == 2) {
    GTEST_SKIP() << "no user namespaces here";
  }
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

// What is right is not asked for.
TEST_F(ReadFileTest, AsksForNoMoreThanWhatIsMissing) {
  const auto remedy = [this](FilePrivacy privacy) {
    return FileRemedy(ReadSmallFile(path_, 10, privacy).status());
  };
  EXPECT_EQ(remedy(FilePrivacy::kAny), "check the path");
  Make("x", 0666);
  EXPECT_EQ(remedy(FilePrivacy::kOwnWrites), "run chmod go-w");
  EXPECT_EQ(remedy(FilePrivacy::kOwnReads), "run chmod 600");
  Make(std::string(11, 'x'), 0600);
  EXPECT_EQ(remedy(FilePrivacy::kOwnReads), "make it smaller");
  Make("\xff\xfe", 0600);
  EXPECT_EQ(remedy(FilePrivacy::kAny), "save it as UTF-8");
  if (chown(path_.c_str(), kAnotherUser, kAnotherUser) != 0) {
    GTEST_SKIP() << "only root can give a file away";
  }
  EXPECT_EQ(remedy(FilePrivacy::kOwnReads), "run chown root");
  ASSERT_EQ(chmod(path_.c_str(), 0666), 0);
  EXPECT_EQ(remedy(FilePrivacy::kOwnWrites), "run chown root and chmod go-w");
  EXPECT_EQ(Read(path_, 10, FilePrivacy::kOwnWrites),
            absl::StrCat("error: ", kForeign,
                         ", and is writable by others "
                         "(owner 12345, mode 0666)"));
  EXPECT_EQ(FileRemedy(absl::InternalError("another")),
            "use a readable regular file");
}

TEST_F(ReadFileTest, LeavesAByteOrderMarkOutOfTheText) {
  Make("\xef\xbb\xbfx\n", 0600);
  const absl::StatusOr<FileContents> contents =
      ReadSmallFile(path_, 10, FilePrivacy::kAny);
  ASSERT_TRUE(contents.ok());
  EXPECT_EQ(contents->Text(), "x\n");
  EXPECT_EQ(contents->bytes.size(), 5u);
}

TEST_F(ReadFileTest, RefusesUtf16WithAndWithoutItsMark) {
  for (const std::string& text :
       {std::string("\xff\xfe"),
        std::string("\xff\xfe"
                    "a\0",
                    4),
        std::string("\xfe\xff\0a", 4), std::string("a\0b\0", 4),
        std::string("\0a\0b", 4)}) {
    Make(text, 0600);
    EXPECT_EQ(Read(path_, 10, FilePrivacy::kAny), "error: is UTF-16 text");
  }
}

// A process whose working folder is the machine's root: here the test's folder
// plays it, in a child.
class ReadFileFromWorkingFolderTest : public ReadFileTest {
 protected:
  void SetUp() override {
    ReadFileTest::SetUp();
    ASSERT_EQ(mkdir((folder_ + "/etc").c_str(), 0700), 0);
    std::ofstream(folder_ + "/etc/a") << "whole";
  }
  void TearDown() override {
    unlink((folder_ + "/etc/a").c_str());
    unlink((folder_ + "/etc/link").c_str());
    rmdir((folder_ + "/etc").c_str());
    ReadFileTest::TearDown();
  }

  // Whether a process in the folder reads "whole" there.
  bool Reads(const std::string& path, const std::string& start) {
    const pid_t child = fork();
    if (child == 0) {
      if (chdir(folder_.c_str()) != 0) {
        _exit(2);
      }
      const absl::StatusOr<FileContents> contents = ReadSmallFile(
          path, 10, FilePrivacy::kAny, FileRoot::WorkingFolder(start));
      _exit(contents.ok() &&
                    contents->bytes == auth::Secret::FromString("whole")
                ? 0
                : 1);
    }
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) != 2);
    return status == 0;
  }
  void Link(const std::string& target) {
    unlink((folder_ + "/etc/link").c_str());
    ASSERT_EQ(symlink(target.c_str(), (folder_ + "/etc/link").c_str()), 0);
  }
};

TEST_F(ReadFileFromWorkingFolderTest, TakesItForTheRoot) {
  EXPECT_TRUE(Reads("/etc/a", "/"));
  EXPECT_TRUE(Reads("//etc/a", "/"));
  EXPECT_FALSE(Reads("/etc/b", "/"));
  EXPECT_FALSE(Reads(folder_ + "/etc/a", "/")) << "that is outside";
}

TEST_F(ReadFileFromWorkingFolderTest, BeginsRelativePathsWhereItWasStarted) {
  EXPECT_TRUE(Reads("a", "/etc"));
  EXPECT_TRUE(Reads("etc/a", "/"));
  EXPECT_TRUE(Reads("../etc/a", "/etc"));
  EXPECT_FALSE(Reads("a", "/"));
}

TEST_F(ReadFileFromWorkingFolderTest, FollowsLinksAsTheMachineDoes) {
  for (const char* target : {"/etc/a", "a", "../etc/a", "../../../etc/a"}) {
    Link(target);
    EXPECT_TRUE(Reads("/etc/link", "/")) << target;
  }
  Link(folder_ + "/etc/a");
  EXPECT_FALSE(Reads("/etc/link", "/")) << "nothing leads outside";
}

}  // namespace
}  // namespace ovoc::tunnel
