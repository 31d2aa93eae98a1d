// SPDX-License-Identifier: Apache-2.0
#include "tunnel/command_line.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "tunnel/log_level.h"

namespace ovoc::tunnel {
namespace {

absl::StatusOr<CommandLine> Parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "client");
  return ParseCommandLine(arguments);
}

TEST(CommandLineTest, RunsWithASettingsFile) {
  const auto line = Parse({"--settings=/etc/ovoc.ini"});
  ASSERT_TRUE(line.ok());
  EXPECT_EQ(line->action, CommandLine::Action::kRun);
  EXPECT_EQ(line->settings, "/etc/ovoc.ini");
  EXPECT_EQ(line->status_file, "");
  EXPECT_EQ(line->log, CommandLine::LogTarget::kStderr);
  EXPECT_EQ(line->log_level, LogLevel::kInfo);
  EXPECT_EQ(line->worker_uid, "");
}

TEST(CommandLineTest, TakesEveryOption) {
  const auto line =
      Parse({"--settings=a", "--status_file=b", "--log=syslog",
             "--log_level=debug", "--worker_uid=1234", "--tun_offload=none"});
  ASSERT_TRUE(line.ok());
  EXPECT_EQ(line->action, CommandLine::Action::kRun);
  EXPECT_EQ(line->status_file, "b");
  EXPECT_EQ(line->log, CommandLine::LogTarget::kSyslog);
  EXPECT_EQ(line->log_level, LogLevel::kDebug);
  EXPECT_EQ(line->worker_uid, "1234");
  EXPECT_EQ(line->tun_offload, netif::TunOffload::kNone);
}

TEST(CommandLineTest, ChecksWithTheOptionsThatMatterToIt) {
  const auto line = Parse({"--check", "--settings=a", "--log=stderr",
                           "--log_level=debug", "--worker_uid=1234"});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->action, CommandLine::Action::kCheck);
  EXPECT_EQ(line->worker_uid, "1234");
}

// They were ignored without a word.
TEST(CommandLineTest, RefusesOptionsThatACheckHasNoUseFor) {
  for (const char* option :
       {"--status_file=b", "--log=syslog", "--tun_offload=none"}) {
    for (const auto& line : {Parse({"--check", "--settings=a", option}),
                             Parse({option, "--settings=a", "--check"})}) {
      ASSERT_FALSE(line.ok()) << option;
      const absl::string_view message = line.status().message();
      EXPECT_TRUE(absl::StrContains(message, " cannot be used with --check"));
      EXPECT_TRUE(
          absl::StrContains(message, absl::string_view(option).substr(0, 5)))
          << message;
    }
  }
}

TEST(CommandLineTest, TakesAllOfTheDevicesOffloadUnlessToldOtherwise) {
  EXPECT_EQ(Parse({"--settings=a"})->tun_offload,
            netif::TunOffload::kTcpAndUdp);
  EXPECT_EQ(Parse({"--settings=a", "--tun_offload=udp"})->tun_offload,
            netif::TunOffload::kTcpAndUdp);
  EXPECT_EQ(Parse({"--settings=a", "--tun_offload=tcp"})->tun_offload,
            netif::TunOffload::kTcp);
  const auto line = Parse({"--settings=a", "--tun_offload=off"});
  ASSERT_FALSE(line.ok());
  EXPECT_EQ(line.status().message(),
            "--tun_offload: 'off' is not valid; use udp, tcp or none");
}

TEST(CommandLineTest, LeavesTheWorkersUserToWhoKnowsUsers) {
  for (const char* user : {"0", "1234", "ovoc-tunnel"}) {
    EXPECT_EQ(Parse({"--settings=a", "--worker_uid", user})->worker_uid, user);
  }
  const auto line = Parse({"--settings=a", "--worker_uid="});
  ASSERT_FALSE(line.ok());
  EXPECT_TRUE(absl::StrContains(line.status().message(), "--worker_uid: ''"))
      << line.status();
}

TEST(CommandLineTest, TakesAValueAsTheNextArgumentToo) {
  const auto line = Parse({"--settings", "a=b"});
  ASSERT_TRUE(line.ok());
  EXPECT_EQ(line->settings, "a=b");
  // With '=' any path is one.
  EXPECT_EQ(Parse({"--settings=--check"})->settings, "--check");
}

// The second one was taken for the path of the settings.
TEST(CommandLineTest, TakesNoOptionForAValue) {
  const auto line = Parse({"--settings", "--status_file=X"});
  ASSERT_FALSE(line.ok());
  EXPECT_EQ(line.status().message(),
            "--settings needs a value, but '--status_file=X' follows (see "
            "--help)");
  const CommandLine told = WhereToReport(std::vector<const char*>{
      "client", "--settings", "--status_file=X", "--log", "--status_file"});
  EXPECT_EQ(told.status_file, "X");
  EXPECT_EQ(told.settings, "");
  EXPECT_EQ(WhereToReport(std::vector<const char*>{"client", "--bogus",
                                                   "--settings", "a.ini"})
                .settings,
            "a.ini");
  EXPECT_EQ(WhereToReport(std::vector<const char*>{"client", "--status_file",
                                                   "--log=syslog"})
                .status_file,
            "");
}

TEST(CommandLineTest, HelpAndVersionNeedNoSettings) {
  EXPECT_EQ(Parse({"--help"})->action, CommandLine::Action::kHelp);
  EXPECT_EQ(Parse({"--version"})->action, CommandLine::Action::kVersion);
  EXPECT_EQ(Parse({"--check", "--help", "--nonsense"})->action,
            CommandLine::Action::kHelp);
}

struct RefusedCase {
  std::vector<const char*> arguments;
  const char* message;  // a part of it
};

TEST(CommandLineTest, NamesWhatItRefuses) {
  const RefusedCase kCases[] = {
      {{}, "--settings=FILE is required"},
      {{"--check"}, "--settings=FILE is required"},
      {{"--settings"}, "--settings needs a value"},
      {{"--settings="}, "--settings: '' is not valid"},
      {{"file.ini"}, "unexpected argument 'file.ini'"},
      {{"--"}, "unexpected argument '--'"},
      {{"-h"}, "unexpected argument '-h'"},
      {{"--setings=a"}, "unknown argument '--setings=a'"},
      {{"--check=1", "--settings=a"}, "unknown argument '--check=1'"},
      {{"--settings=a", "--log=file"},
       "--log: 'file' is not valid; use stderr"},
      {{"--settings=a", "--log_level=loud"},
       "--log_level: 'loud' is not valid"},
  };
  for (const RefusedCase& c : kCases) {
    const auto line = Parse(c.arguments);
    ASSERT_FALSE(line.ok()) << c.message;
    EXPECT_TRUE(absl::StrContains(line.status().message(), c.message))
        << line.status().message();
  }
}

TEST(CommandLineTest, ReportsWhereTheRestOfAWrongLineSays) {
  for (const std::vector<const char*>& arguments :
       {std::vector<const char*>{"client", "--bogus", "--log=syslog",
                                 "--status_file=/run/s.json"},
        {"client", "--log", "syslog", "--status_file", "/run/s.json",
         "--log_level=loud"},
        {"client", "--status_file=/run/s.json", "--log=syslog", "--log=x"}}) {
    ASSERT_FALSE(ParseCommandLine(arguments).ok());
    const CommandLine line = WhereToReport(arguments);
    EXPECT_EQ(line.log, CommandLine::LogTarget::kSyslog);
    EXPECT_EQ(line.status_file, "/run/s.json");
  }
  const CommandLine check = WhereToReport(std::vector<const char*>{
      "client", "--log=syslog", "--status_file=/run/s.json", "--check"});
  EXPECT_EQ(check.log, CommandLine::LogTarget::kStderr);
  EXPECT_EQ(check.status_file, "") << "it may be that of a client that runs";
  const CommandLine nothing = WhereToReport(std::vector<const char*>{
      "client", "--log_level=debug", "--log", "--status_file="});
  EXPECT_EQ(nothing.log, CommandLine::LogTarget::kStderr);
  EXPECT_EQ(nothing.status_file, "");
}

constexpr absl::string_view kValueOptions[] = {
    "settings", "status_file", "log", "log_level", "worker_uid", "tun_offload"};

// All that a line says, in one text.
std::string Show(const absl::StatusOr<CommandLine>& line) {
  return line.ok() ? absl::StrCat(line->settings, " ", line->status_file, " ",
                                  line->log == CommandLine::LogTarget::kSyslog,
                                  " ", LogLevelName(line->log_level), " ",
                                  line->worker_uid, " ",
                                  static_cast<int>(line->tun_offload))
                   : std::string(line.status().message());
}

TEST(CommandLineTest, TakesEachValueInBothFormsAndTheLastOfSeveral) {
  struct Case {
    std::string option;
    std::string before;
    std::string value;
  };
  const Case kCases[] = {
      {"--settings", "a", "b"},      {"--status_file", "a", "b"},
      {"--log", "stderr", "syslog"}, {"--log_level", "error", "debug"},
      {"--worker_uid", "1", "2"},    {"--tun_offload", "none", "tcp"},
  };
  for (const Case& c : kCases) {
    const std::string joined = absl::StrCat(c.option, "=", c.value);
    const std::string overruled = absl::StrCat(c.option, "=", c.before);
    const std::string shown = Show(Parse({"--settings=s", joined.c_str()}));
    EXPECT_NE(shown, Show(Parse({"--settings=s"}))) << c.option;
    EXPECT_EQ(Show(Parse({"--settings=s", c.option.c_str(), c.value.c_str()})),
              shown);
    EXPECT_EQ(Show(Parse({"--settings=s", overruled.c_str(), joined.c_str()})),
              shown);
  }
}

TEST(CommandLineTest, SaysOfEachOptionThatItsValueIsMissing) {
  for (const absl::string_view name : kValueOptions) {
    const std::string option = absl::StrCat("--", name);
    EXPECT_EQ(Parse({option.c_str()}).status().message(),
              absl::StrCat(option, " needs a value (see --help)"));
    EXPECT_EQ(Parse({option.c_str(), "--check"}).status().message(),
              absl::StrCat(option,
                           " needs a value, but '--check' follows (see "
                           "--help)"));
    const std::string empty = absl::StrCat(option, "=");
    EXPECT_TRUE(
        absl::StartsWith(Parse({empty.c_str()}).status().message(),
                         absl::StrCat(option, ": '' is not valid; use ")));
  }
}

TEST(CommandLineTest, TakesNothingThatIsOnlyLikeAnOption) {
  for (const char* const argument :
       {"--setting=a", "--settingss=a", "---settings=a", "--Settings=a",
        "--log-level=info", "--status-file=a", "--checks", "--CHECK",
        "--help=1", "--version=1", "--check=", "--=a", "-settings=a",
        "settings=a", ""}) {
    const auto line = Parse({"--settings=s", argument});
    ASSERT_FALSE(line.ok()) << argument;
    EXPECT_TRUE(absl::IsInvalidArgument(line.status()));
    EXPECT_TRUE(
        absl::EndsWith(line.status().message(),
                       absl::StrCat(" argument '", argument, "' (see --help)")))
        << line.status();
  }
}

TEST(CommandLineTest, HelpHasEachOptionAndEachExitCodeInEightyColumns) {
  const absl::string_view help = kCommandLineHelp;
  for (const absl::string_view name : kValueOptions) {
    EXPECT_TRUE(absl::StrContains(help, absl::StrCat("--", name, "="))) << name;
  }
  for (const absl::string_view name : {"--check", "--help", "--version"}) {
    EXPECT_TRUE(absl::StrContains(help, name));
  }
  for (const absl::string_view line : absl::StrSplit(help, '\n')) {
    EXPECT_LE(line.size(), 80u) << line;
  }
  std::vector<int> codes;
  const absl::string_view listed = help.substr(help.find("Exit codes:"));
  for (const absl::string_view word :
       absl::StrSplit(listed, absl::ByAnyChar(" \n"))) {
    int code = 0;
    if (absl::SimpleAtoi(word, &code)) {
      codes.push_back(code);
    }
  }
  EXPECT_EQ(codes,
            (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
}

}  // namespace
}  // namespace ovoc::tunnel
