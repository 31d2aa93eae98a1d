// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/files/settings_file.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "auth/secret.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kWriteOneLine =
    "; write one line of 1 to 255 bytes without control characters";

class SettingsFileTest : public testing::Test {
 protected:
  void SetUp() override {
    // In /tmp, so that the paths fit into the error's 64 bytes.
    folder_ = "/tmp/ovoc_set_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    path_ = folder_ + "/f.ini";
    password_path_ = folder_ + "/password";
  }

  void TearDown() override {
    unlink(path_.c_str());
    unlink(password_path_.c_str());
    unlink((folder_ + "/link").c_str());
    rmdir(folder_.c_str());
  }

  static void Make(const std::string& path, absl::string_view text,
                   mode_t mode) {
    std::ofstream(path, std::ios::binary) << text;
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
  }

  void MakeWithPasswordFile(const std::string& password_path) {
    Make(path_,
         absl::StrCat("WSTunServer = a\nWSTunPasswordFile = '", password_path,
                      "'\n"),
         0644);
  }

  std::string Error() const {
    const absl::StatusOr<LoadedSettings> loaded =
        LoadSettings(path_, IniDialect::kStrict);
    if (loaded.ok()) {
      return "no error";
    }
    const std::string message(loaded.status().message());
    EXPECT_FALSE(absl::StrContains(message, "s3cret")) << message;
    return message;
  }

  std::string Password() const {
    const absl::StatusOr<LoadedSettings> loaded =
        LoadSettings(path_, IniDialect::kStrict);
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    return loaded.ok() ? std::string(loaded->settings.password.Reveal(
                             auth::InsecureSecretAccess::Get()))
                       : "";
  }

  // InPasswordFile is how an error about the password's file begins.
  std::string InPasswordFile(absl::string_view problem) const {
    return absl::StrCat(path_, ":2: WSTunPasswordFile: '", password_path_, "' ",
                        problem);
  }

  // The warnings of settings that are right.
  std::vector<std::string> Warnings(IniDialect dialect) const {
    const absl::StatusOr<LoadedSettings> loaded = LoadSettings(path_, dialect);
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    return loaded.ok() ? loaded->warnings : std::vector<std::string>();
  }

  std::string folder_;
  std::string path_;
  std::string password_path_;
};

TEST_F(SettingsFileTest, ReadsThePasswordFromTheSettings) {
  Make(path_, "WSTunServer = a\nWSTunPassword = 's3cret'\n", 0600);
  const absl::StatusOr<LoadedSettings> loaded =
      LoadSettings(path_, IniDialect::kStrict);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(ServerListText(loaded->settings.servers), "a");
  EXPECT_EQ(loaded->settings.file, path_);
  EXPECT_TRUE(loaded->warnings.empty());
  EXPECT_EQ(Password(), "s3cret");
}

TEST_F(SettingsFileTest, WarnsOfAProxysPasswordThatOthersCanRead) {
  MakeWithPasswordFile(password_path_);
  Make(password_path_, "s3cret\n", 0600);
  const std::string file = absl::StrCat(
      "WSTunServer = a\nWSTunPasswordFile = '", password_path_, "'\n");
  Make(path_, absl::StrCat(file, "WSTunProxy = 'http://u:s3cret@proxy:1'\n"),
       0644);
  const absl::StatusOr<LoadedSettings> loaded =
      LoadSettings(path_, IniDialect::kStrict);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->warnings,
            std::vector<std::string>{absl::StrCat(
                path_,
                ":3: WSTunProxy: file is readable by others (mode 0644); "
                "run chmod 600")});
  Make(path_, absl::StrCat(file, "WSTunProxy = http://proxy:1\n"), 0644);
  const absl::StatusOr<LoadedSettings> open =
      LoadSettings(path_, IniDialect::kStrict);
  ASSERT_TRUE(open.ok()) << open.status();
  EXPECT_TRUE(open->warnings.empty()) << "no secret is in it";
}

TEST_F(SettingsFileTest, WarnsOfAPasswordThatOthersCanRead) {
  Make(path_, "WSTunServer = a\nWSTunPassword = 's3cret'\n", 0644);
  const absl::StatusOr<LoadedSettings> loaded =
      LoadSettings(path_, IniDialect::kStrict);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->warnings,
            std::vector<std::string>{absl::StrCat(
                path_,
                ":2: WSTunPassword: file is readable by others (mode 0644); "
                "run chmod 600 or use WSTunPasswordFile")});
  EXPECT_EQ(Password(), "s3cret");
}

TEST_F(SettingsFileTest, DoesNotWarnWhenThePasswordIsInItsOwnFile) {
  Make(password_path_, "s3cret\n", 0600);
  MakeWithPasswordFile(password_path_);
  const absl::StatusOr<LoadedSettings> loaded =
      LoadSettings(path_, IniDialect::kStrict);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_TRUE(loaded->warnings.empty());
}

TEST_F(SettingsFileTest, TakesOneLineEndOffThePassword) {
  struct Case {
    absl::string_view text;
    absl::string_view password;
  };
  const Case kCases[] = {
      {"s3cret", "s3cret"},       {"s3cret\n", "s3cret"},
      {"s3cret\r\n", "s3cret"},   {" s3cret \n", " s3cret "},
      {"'s3cret'\n", "'s3cret'"},  // quotes belong to it: this is no ini file
      {"\xc3\xa9\n", "\xc3\xa9"}, {"\xef\xbb\xbfs3cret\r\n", "s3cret"},
  };
  MakeWithPasswordFile(password_path_);
  for (const Case& c : kCases) {
    Make(password_path_, c.text, 0600);
    EXPECT_EQ(Password(), c.password);
  }
  const std::string longest(255, 'x');
  Make(password_path_, longest + "\r\n", 0400);
  EXPECT_EQ(Password(), longest);
}

TEST_F(SettingsFileTest, RefusesWhatIsNoPassword) {
  struct Case {
    std::string text;
    absl::string_view bytes;
  };
  const Case kCases[] = {
      {"", "0"},
      {"\n", "0"},
      {"\r\n", "0"},
      {std::string(256, 'x'), "256"},
      {std::string(1024, 'x'), "1024"},
  };
  MakeWithPasswordFile(password_path_);
  for (const Case& c : kCases) {
    Make(password_path_, c.text, 0600);
    EXPECT_EQ(Error(), absl::StrCat(InPasswordFile("has a password of "),
                                    c.bytes, " bytes", kWriteOneLine));
  }
}

TEST_F(SettingsFileTest, SaysWhenThePasswordsFileHasSeveralLines) {
  MakeWithPasswordFile(password_path_);
  for (const absl::string_view text :
       {"s3cret\n\n", "s3cret\nx", "\ns3cret", "VPN\r\ns3cret"}) {
    Make(password_path_, text, 0600);
    EXPECT_EQ(Error(), absl::StrCat(InPasswordFile("has more than one line"),
                                    kWriteOneLine));
  }
}

// Of a NUL only the length was told, and of a CR that it is a second line.
TEST_F(SettingsFileTest, NamesTheByteThatNoPasswordHas) {
  struct Case {
    std::string text;
    absl::string_view problem;
  };
  const Case kCases[] = {
      {std::string("s3cret\0", 7), "has the control byte 0x00"},
      {"s3cret\x7f\n", "has the control byte 0x7f"},
      {"s3cret\r", "has a CR that no LF follows"},
  };
  MakeWithPasswordFile(password_path_);
  for (const Case& c : kCases) {
    Make(password_path_, c.text, 0600);
    EXPECT_EQ(Error(), absl::StrCat(InPasswordFile(c.problem), kWriteOneLine));
  }
}

// It was part of the password, and OVOC answered 401.
TEST_F(SettingsFileTest, RefusesANoBreakSpaceBesideThePassword) {
  MakeWithPasswordFile(password_path_);
  for (const absl::string_view text : {"\u00a0s3cret\n", "s3cret\u00a0"}) {
    Make(password_path_, text, 0600);
    EXPECT_EQ(Error(),
              InPasswordFile("has a no-break space (U+00A0) at one end of the "
                             "password; remove it"));
  }
  Make(password_path_, "s3cret\u00a0s\n", 0600);
  EXPECT_EQ(Password(), "s3cret\u00a0s");
}

TEST_F(SettingsFileTest, RefusesAPasswordFileThatOthersCanUse) {
  MakeWithPasswordFile(password_path_);
  for (const mode_t mode : {0640u, 0604u, 0620u, 0602u, 0644u, 0666u}) {
    Make(password_path_, "s3cret\n", mode);
    EXPECT_TRUE(absl::EndsWith(
        Error(),
        absl::StrFormat("able by others (owner %d, mode %04o); run chmod 600",
                        getuid(), mode)))
        << mode;
  }
  Make(password_path_, "s3cret\n", 0640);
  EXPECT_EQ(Error(), InPasswordFile(
                         absl::StrCat("is readable by others (owner ", getuid(),
                                      ", mode 0640); run chmod 600")));
}

TEST_F(SettingsFileTest, ChecksThePasswordFileBehindALink) {
  const std::string link = folder_ + "/link";
  ASSERT_EQ(symlink(password_path_.c_str(), link.c_str()), 0);
  MakeWithPasswordFile(link);
  Make(password_path_, "s3cret\n", 0600);
  EXPECT_EQ(Password(), "s3cret");
  Make(password_path_, "s3cret\n", 0644);
  EXPECT_EQ(Error(), absl::StrCat(path_, ":2: WSTunPasswordFile: '", link,
                                  "' is readable by others (owner ", getuid(),
                                  ", mode 0644); run chmod 600"));
}

TEST_F(SettingsFileTest, RefusesPasswordFilesThatCannotBeRead) {
  MakeWithPasswordFile(password_path_);
  EXPECT_EQ(Error(),
            InPasswordFile("cannot be read: No such file or directory; check "
                           "the path"));
  Make(password_path_, std::string(1025, 'x'), 0600);
  EXPECT_EQ(Error(),
            InPasswordFile("has more than 1024 bytes; make it smaller"));
  unlink(password_path_.c_str());
  ASSERT_EQ(mkfifo(password_path_.c_str(), 0600), 0);
  EXPECT_EQ(Error(),
            InPasswordFile("is not a regular file; use the path of a regular "
                           "file"));
}

TEST_F(SettingsFileTest, RefusesSettingsThatCannotBeRead) {
  EXPECT_EQ(Error(), absl::StrCat(path_,
                                  ": file cannot be read: No such file or "
                                  "directory; check the path"));
  Make(path_, std::string(65537, '\n'), 0600);
  EXPECT_EQ(Error(), absl::StrCat(path_,
                                  ": file has more than 65536 bytes; make it "
                                  "smaller"));
  EXPECT_EQ(LoadSettings(folder_, IniDialect::kStrict).status().message(),
            absl::StrCat(folder_,
                         ": file is a directory; use the path of a regular "
                         "file"));
}

TEST_F(SettingsFileTest, PassesOnWhatIsWrongInTheSettings) {
  Make(path_, "WSTunServer = a\nWSTunPasword = 's3cret'\n", 0600);
  EXPECT_EQ(Error(), absl::StrCat(path_,
                                  ":2: WSTunPasword: unknown setting; did you "
                                  "mean WSTunPassword?"));
}

TEST_F(SettingsFileTest, ReadsAPasswordBehindAByteOrderMark) {
  std::ifstream file("testdata/settings/password_with_mark.txt");
  ASSERT_TRUE(file.good());
  Make(password_path_, std::string(std::istreambuf_iterator<char>(file), {}),
       0600);
  MakeWithPasswordFile(password_path_);
  EXPECT_EQ(Password(), "secretsecret1");
}

TEST_F(SettingsFileTest, RefusesSettingsThatOthersMayWrite) {
  Make(path_, "WSTunServer = a\nWSTunPassword = 's3cret'\n", 0664);
  EXPECT_EQ(Error(), absl::StrCat(path_, ": file is writable by others (owner ",
                                  getuid(), ", mode 0664); run chmod go-w"));
}

TEST_F(SettingsFileTest, RefusesSettingsOfAnotherUser) {
  Make(path_, "WSTunServer = a\nWSTunPassword = 's3cret'\n", 0600);
  if (chown(path_.c_str(), 12345, 12345) != 0) {
    GTEST_SKIP() << "only root can give a file away";
  }
  EXPECT_EQ(Error(), absl::StrCat(path_,
                                  ": file belongs to uid 12345, neither root "
                                  "nor the client's user (owner 12345, mode "
                                  "0600); run chown root"));
}

TEST_F(SettingsFileTest, SaysInOneLineWhatItPassedOver) {
  Make(path_,
       "WSTunServer = a\nWSTunPassword = 's3cret'\nA = 1\n[ B ]\n"
       "FORMAT B_Index = B_C;\nB 0 = 1;\nB 1 = 2;\n[ \\B ]\nC\n",
       0600);
  EXPECT_EQ(Warnings(IniDialect::kDevice),
            std::vector<std::string>{absl::StrCat(
                path_,
                ": skipped what is not meant for this client: 1 parameter, 1 "
                "table with 2 lines, 1 other line; parameters: A (line 3)")});
  Make(path_, "WSTunServer = a\nWSTunPassword = 's3cret'\nWSTunOther = 1\n",
       0600);
  EXPECT_EQ(Warnings(IniDialect::kDevice),
            (std::vector<std::string>{
                absl::StrCat(path_,
                             ": skipped what is not meant for this client: 1 "
                             "parameter"),
                absl::StrCat(path_,
                             ":3: WSTunOther: skipped, because this client has "
                             "no such setting; check the name (--help lists "
                             "all settings)")}));
}

// A name of ours that is misspelt beyond recognition can be found by it.
TEST_F(SettingsFileTest, NamesTheFirstThreeParametersThatItPassedOver) {
  constexpr absl::string_view kGood =
      "WSTunServer = a\nWSTunPassword = 's3cret'\n";
  const std::string skipped =
      absl::StrCat(path_, ": skipped what is not meant for this client: ");
  struct Case {
    std::string lines;
    std::string said;
  };
  const Case kCases[] = {
      {"VerifyPeer = 0\nProxy = http://u:p4ss@proxy\n",
       "2 parameters; parameters: VerifyPeer (line 3), Proxy (line 4)"},
      {"A = 1\nB = 1\nC = 1\n",
       "3 parameters; parameters: A (line 3), B (line 4), C (line 5)"},
      {"A = 1\n\n[ X ]\nB = 1\nC = 1\nD = 1\nE = 1\n",
       "5 parameters; parameters: A (line 3), B (line 6), C (line 7), ..."},
      {"c2VjcmV0a2V5==\nc2VjcmV0=\nA = 1\n",  // the end of a key
       "3 parameters; parameters: A (line 5), ..."},
      {"c2VjcmV0=\n", "1 parameter"},
      {absl::StrCat(std::string(5000, 'n'), " = 1\n"),
       absl::StrCat("1 parameter; parameters: ",
                    std::string(kMaxIniNameBytes, 'n'), " (line 3)")},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.said);
    Make(path_, absl::StrCat(kGood, c.lines), 0600);
    EXPECT_EQ(Warnings(IniDialect::kDevice),
              std::vector<std::string>{absl::StrCat(skipped, c.said)});
  }
  // What begins like one of ours has a line of its own.
  Make(path_, absl::StrCat(kGood, "A = 1\nWSTunOther = 1\n"), 0600);
  EXPECT_EQ(Warnings(IniDialect::kDevice)[0],
            absl::StrCat(skipped, "2 parameters; parameters: A (line 3)"));
}

TEST_F(SettingsFileTest, TakesAPasswordInItsFileAsItIsAndSaysSo) {
  MakeWithPasswordFile(password_path_);
  struct Case {
    absl::string_view password;
    absl::string_view problem;
  };
  const Case kCases[] = {
      {"$1$s3cret!", "looks obfuscated by a device ($1$...)"},
      {"$1$c2VjcmV0", "looks obfuscated by a device ($1$...)"},
      {"\xe2\x80\x98s3cret\xe2\x80\x99", "has typographic quotes"},
      {"\"s3cret\"", "has double quotes (\")"},
      {"s3cret ", "has a space at one end"},
      {" s3cret", "has a space at one end"},
  };
  for (const Case& c : kCases) {
    Make(password_path_, c.password, 0600);
    EXPECT_EQ(Password(), c.password);
    EXPECT_EQ(Warnings(IniDialect::kStrict),
              std::vector<std::string>{absl::StrCat(
                  path_, ":2: WSTunPasswordFile: the password ", c.problem,
                  ", but is used as it is; make sure that OVOC has the same "
                  "password")});
  }
}

// For a keeper, whose root is empty: its working folder is the machine's root.
TEST_F(SettingsFileTest, ReadsBothFilesBelowTheWorkingFolder) {
  ASSERT_EQ(symlink("/password", (folder_ + "/link").c_str()), 0);
  Make(path_, "WSTunServer = a\nWSTunPasswordFile = '/link'\n", 0600);
  Make(password_path_, "s3cret\n", 0600);
  const pid_t child = fork();
  if (child == 0) {
    if (chdir(folder_.c_str()) != 0) {
      _exit(2);
    }
    const auto loaded = LoadSettings("f.ini", IniDialect::kStrict,
                                     FileRoot::WorkingFolder("/"));
    const auto outside =
        LoadSettings(path_, IniDialect::kStrict, FileRoot::WorkingFolder("/"));
    _exit(loaded.ok() && !outside.ok() &&
                  loaded->settings.password ==
                      auth::Secret::FromString("s3cret")
              ? 0
              : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace ovoc::tunnel
