// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/file_root.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <unistd.h>

#include "gtest/gtest.h"
#include "tunnel/sandbox/capabilities.h"
#include "tunnel/sandbox/testing/in_process.h"
#include "tunnel/sandbox/testing/refused_call.h"

namespace ovoc::tunnel {
namespace {

TEST(FileRootTest, OnesOwnPathsStayAsTheyAre) {
  EXPECT_EQ(FileRoot::Own().Path("/etc/x"), "/etc/x");
  EXPECT_EQ(FileRoot::Own().Path("x"), "x");
}

TEST(FileRootTest, OfTheWorkingFolderHaveNoLeadingSlash) {
  const FileRoot root = FileRoot::WorkingFolder("/home/a");
  EXPECT_EQ(root.Path("/etc/x"), "etc/x");
  EXPECT_EQ(root.Path("//etc/x"), "etc/x");
  EXPECT_EQ(root.Path("x/y"), "home/a/x/y");
  EXPECT_EQ(root.Path("/"), ".");
}

// A tree with an absolute link in it, as /var/run is one.
class LinkedFileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/file_root_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    const int fd = creat((folder_ + "/file").c_str(), 0600);
    ASSERT_GE(fd, 0);
    close(fd);
    ASSERT_EQ(symlink("/file", (folder_ + "/link").c_str()), 0);
    ASSERT_EQ(symlink("/../file", (folder_ + "/up").c_str()), 0);
  }
  void TearDown() override {
    for (const char* name : {"/file", "/link", "/up"}) {
      unlink((folder_ + name).c_str());
    }
    rmdir(folder_.c_str());
  }
  bool Opens(const char* path) const {
    return HoldsInProcess([this, path] {
      return chdir(folder_.c_str()) == 0 &&
             FileRoot::WorkingFolder("/").Open(path, O_CLOEXEC) >= 0;
    });
  }

  std::string folder_;
};

TEST_F(LinkedFileTest, LinksAreFollowedWithinTheWorkingFolder) {
  EXPECT_TRUE(Opens("/file"));
  EXPECT_TRUE(Opens("/link"));
  EXPECT_TRUE(Opens("/up"));
  EXPECT_FALSE(Opens("/none"));
}

TEST_F(LinkedFileTest, WithoutOpenat2FilesAreOpenedAllTheSame) {
  for (const int error : {ENOSYS, EPERM, EOPNOTSUPP, E2BIG, EINVAL}) {
    EXPECT_TRUE(HoldsInProcess([this, error] {
      return ForbidNewPrivileges().ok() &&
             RefuseCall(SCMP_SYS(openat2), error) && Opens("/file") &&
             !Opens("/none");
    })) << error;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
