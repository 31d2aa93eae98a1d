// SPDX-License-Identifier: Apache-2.0
#include "tunnel/status_target.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "tunnel/sandbox/file_root.h"

namespace ovoc::tunnel {
namespace {

class StatusTargetTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/status_target_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    settings_ = folder_ + "/a.ini";
    named_ = folder_ + "/named";
    other_ = folder_ + "/other";
    Write(named_, "named");
  }
  void TearDown() override {
    for (const std::string& path : {settings_, named_, other_}) {
      unlink(path.c_str());
    }
    rmdir(folder_.c_str());
  }

  static void Write(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
    EXPECT_EQ(chmod(path.c_str(), 0600), 0);
  }

  absl::Status Named(const std::string& status_file) const {
    return CheckNotNamedFile(FileRoot::Own(), status_file, settings_);
  }

  std::string folder_;
  std::string settings_;
  std::string named_;
  std::string other_;
};

std::string Refusal(const std::string& status_file, const std::string& what) {
  return absl::StrCat("--status_file: '", status_file, "' is ", what,
                      "; choose another path");
}

TEST_F(StatusTargetTest, TheDefaultIsInAFolderThatIsThere) {
  const DefaultStatusFile found = FindDefaultStatusFile(folder_);
  EXPECT_EQ(found.path, folder_ + "/status.json");
  EXPECT_EQ(found.refused, "");
  const DefaultStatusFile missing = FindDefaultStatusFile(other_);
  EXPECT_EQ(missing.path, "");
  EXPECT_EQ(missing.refused, "") << "nobody has asked for one";
}

TEST_F(StatusTargetTest, AFolderThatOthersCanChangeIsNoDefault) {
  struct Case {
    mode_t mode;
    bool used;
  };
  constexpr Case kCases[] = {
      {0700, true}, {0755, true}, {0775, false}, {0777, false}, {01777, false}};
  for (const Case& c : kCases) {
    ASSERT_EQ(chmod(folder_.c_str(), c.mode), 0);
    const DefaultStatusFile found = FindDefaultStatusFile(folder_);
    EXPECT_EQ(!found.path.empty(), c.used) << c.mode;
    EXPECT_EQ(found.refused,
              c.used ? ""
                     : absl::StrCat("no status file is kept in ", folder_,
                                    ": others than its owner may write into "
                                    "it; put that right or use --status_file"));
  }
}

TEST_F(StatusTargetTest, ALinkOrAFileIsNoDefault) {
  EXPECT_EQ(FindDefaultStatusFile(named_).path, "");
  EXPECT_NE(FindDefaultStatusFile(named_).refused, "");
  ASSERT_EQ(symlink(folder_.c_str(), other_.c_str()), 0);
  EXPECT_EQ(FindDefaultStatusFile(other_).path, "");
  EXPECT_EQ(FindDefaultStatusFile(other_).refused,
            absl::StrCat("no status file is kept in ", other_,
                         ": it is no folder; put that right or use "
                         "--status_file"));
}

// Only root can give a folder away.
TEST_F(StatusTargetTest, AFolderOfAnotherUserIsNoDefault) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "not root";
  }
  ASSERT_EQ(chown(folder_.c_str(), 12345, 12345), 0);
  EXPECT_EQ(FindDefaultStatusFile(folder_).path, "");
  EXPECT_EQ(FindDefaultStatusFile(folder_).refused,
            absl::StrCat("no status file is kept in ", folder_,
                         ": it belongs to another user; put that right or use "
                         "--status_file"));
}

TEST_F(StatusTargetTest, TheSettingsFileIsRefusedByItsPath) {
  const absl::Status missing =
      CheckNotSettingsFile(FileRoot::Own(), "no.ini", "no.ini");
  EXPECT_TRUE(absl::IsInvalidArgument(missing));
  EXPECT_EQ(missing.message(), Refusal("no.ini", "the settings file"));
  EXPECT_TRUE(CheckNotSettingsFile(FileRoot::Own(), "", "").ok());
}

TEST_F(StatusTargetTest, TheSettingsFileIsRefusedByWhichFileItIs) {
  Write(settings_, "WSTunServer = a.example\n");
  const std::string same[] = {folder_ + "/./a.ini", other_};
  for (int (*const make)(const char*, const char*) : {link, symlink}) {
    ASSERT_EQ(make(settings_.c_str(), other_.c_str()), 0);
    for (const std::string& path : same) {
      EXPECT_FALSE(CheckNotSettingsFile(FileRoot::Own(), path, settings_).ok())
          << path;
    }
    unlink(other_.c_str());
  }
  EXPECT_TRUE(CheckNotSettingsFile(FileRoot::Own(), named_, settings_).ok());
  EXPECT_TRUE(CheckNotSettingsFile(FileRoot::Own(), other_, settings_).ok())
      << "a file that is yet to be made";
}

// The keeper's root is empty and its working folder is the machine's root.
TEST_F(StatusTargetTest, PathsBeginWhereTheClientWasStarted) {
  Write(settings_, "WSTunServer = a.example\n");
  const FileRoot files = FileRoot::WorkingFolder(folder_);
  EXPECT_FALSE(CheckNotSettingsFile(files, "a.ini", settings_).ok());
  EXPECT_TRUE(CheckNotSettingsFile(files, "b.ini", settings_).ok());
}

TEST_F(StatusTargetTest, EachFileThatTheSettingsNameIsRefused) {
  for (const char* const name :
       {"WSTunPasswordFile", "TLSTrustedRoots", "TLSCertificate",
        "TLSPrivateKey", "WSTunProxyRoots"}) {
    const bool pair = absl::string_view(name) == "TLSCertificate" ||
                      absl::string_view(name) == "TLSPrivateKey";
    // Good settings, and some with an error of another setting.
    for (const char* const more : {"", "WSTunMtu = 1\n"}) {
      std::string text = absl::StrCat("WSTunServer = a.example\n", more, name,
                                      " = ", named_, "\n");
      if (absl::string_view(name) != "WSTunPasswordFile") {
        absl::StrAppend(&text, "WSTunPassword = 'x'\n");
      }
      if (pair) {
        absl::StrAppend(&text,
                        absl::string_view(name) == "TLSCertificate"
                            ? "TLSPrivateKey"
                            : "TLSCertificate",
                        " = /another.pem\n");
      }
      Write(settings_, text);
      const absl::Status refused = Named(named_);
      EXPECT_TRUE(absl::IsInvalidArgument(refused)) << text;
      EXPECT_EQ(refused.message(),
                Refusal(named_, absl::StrCat("the file of ", name)));
      EXPECT_TRUE(Named(other_).ok()) << text;
      EXPECT_TRUE(Named("").ok());
    }
  }
}

TEST_F(StatusTargetTest, ALinkToANamedFileIsRefused) {
  Write(settings_, absl::StrCat("TLSTrustedRoots = ", named_, "\n"));
  ASSERT_EQ(link(named_.c_str(), other_.c_str()), 0);
  EXPECT_EQ(Named(other_).message(),
            Refusal(other_, "the file of TLSTrustedRoots"));
}

TEST_F(StatusTargetTest, WithoutSettingsNothingIsNamed) {
  EXPECT_TRUE(Named(named_).ok());
}

}  // namespace
}  // namespace ovoc::tunnel
