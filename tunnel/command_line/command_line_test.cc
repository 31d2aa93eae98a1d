// SPDX-License-Identifier: Apache-2.0
#include "tunnel/command_line/command_line.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tunnel/command_line/log_level.h"

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

TEST(CommandLineTest, ACheckCanBeForProgramsToo) {
  EXPECT_EQ(Parse({"--check", "--settings=a"})->form, CommandLine::Form::kText);
  for (const auto& line : {Parse({"--check", "--settings=a", "--json"}),
                           Parse({"--json", "--settings", "a", "--check"})}) {
    ASSERT_TRUE(line.ok()) << line.status();
    EXPECT_EQ(line->action, CommandLine::Action::kCheck);
    EXPECT_EQ(line->form, CommandLine::Form::kJson);
  }
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
  EXPECT_EQ(Parse({"--settings", "-h"}).status().message(),
            "--settings needs a value, but '-h' follows (see --help)");
  EXPECT_EQ(Parse({"--settings=-h"})->settings, "-h");
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
  EXPECT_EQ(Parse({"-h"})->action, CommandLine::Action::kHelp);
  EXPECT_EQ(Parse({"--settings=a", "-h"})->action, CommandLine::Action::kHelp);
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
      {{"-s"}, "unexpected argument '-s'"},
      {{"--json", "--settings=a"}, "--json is only for --check"},
      {{"--check", "--settings=a", "--json=1"},
       "--json takes no value; leave out '=1'"},
      {{"--setings=a"}, "unknown argument '--setings=a'"},
      {{"--check=1", "--settings=a"}, "--check takes no value; leave out '=1'"},
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

TEST(CommandLineTest, ShowsTheStatusOfTheUsualFileOrAnother) {
  const auto usual = Parse({"--status"});
  ASSERT_TRUE(usual.ok()) << usual.status();
  EXPECT_EQ(usual->action, CommandLine::Action::kStatus);
  EXPECT_EQ(usual->shown_status, "/run/ovoc-tunnel/status.json");
  EXPECT_EQ(usual->form, CommandLine::Form::kText);
  EXPECT_EQ(usual->wait_up, absl::ZeroDuration());
  const auto other = Parse({"--status=a=b", "--prometheus", "--wait_up=86400"});
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_EQ(other->action, CommandLine::Action::kStatus);
  EXPECT_EQ(other->shown_status, "a=b");
  EXPECT_EQ(other->form, CommandLine::Form::kPrometheus);
  EXPECT_EQ(other->wait_up, absl::Hours(24));
  EXPECT_EQ(Parse({"--json", "--status"})->form, CommandLine::Form::kJson);
  EXPECT_EQ(Parse({"--status", "--wait_up", "1"})->wait_up, absl::Seconds(1));
  // The same twice; help wins.
  EXPECT_TRUE(Parse({"--status", "--status=a", "--json", "--json"}).ok());
  EXPECT_EQ(Parse({"--status", "--help"})->action, CommandLine::Action::kHelp);
}

TEST(CommandLineTest, RefusesWhatTheStatusHasNoUseForAndTheReverse) {
  const RefusedCase kCases[] = {
      {{"--status", "--settings=a"}, "--settings cannot be used with --status"},
      {{"--status", "--status_file=a"},
       "--status_file cannot be used with --status; name the file with "
       "--status=FILE"},
      {{"--log=syslog", "--status"}, "--log=syslog cannot be used with"},
      {{"--status=a", "--tun_offload=tcp"}, "--tun_offload cannot be used"},
      {{"--settings=a", "--json"}, "--json is only for --check and --status; "},
      {{"--settings=a", "--prometheus"},
       "--prometheus is only for --status; add"},
      {{"--settings=a", "--wait_up=1"}, "--wait_up is only for --status; add"},
      {{"--settings=a", "--check", "--wait_up=1"}, "--wait_up is only for"},
      {{"--status="}, "--status: the name of the file is empty; use"},
      {{"--status", "--check", "--settings=a"},
       "--check cannot be used with --status"},
      {{"--check", "--settings=a", "--status=a"},
       "--check cannot be used with --status"},
      {{"--status", "--json", "--prometheus"},
       "--json cannot be used with --prometheus"},
      {{"--status", "--prometheus", "--json"},
       "--json cannot be used with --prometheus"},
      {{"--status", "a"}, "unexpected argument 'a'"},
      {{"--status", "--json=1"}, "--json takes no value"},
      {{"--status", "--wait_up=0"},
       "--wait_up: '0' is not valid; use a number"},
      {{"--status", "--wait_up=86401"}, "--wait_up: '86401' is not valid"},
      {{"--status", "--wait_up=-1"}, "--wait_up: '-1' is not valid"},
      {{"--status", "--wait_up=1s"}, "--wait_up: '1s' is not valid"},
  };
  for (const RefusedCase& c : kCases) {
    const auto line = Parse(c.arguments);
    ASSERT_FALSE(line.ok()) << c.message;
    EXPECT_TRUE(absl::StrContains(line.status().message(), c.message))
        << line.status().message();
  }
}

// The file may be that of a client that runs.
TEST(CommandLineTest, AWrongLineWithStatusReportsToItsCallerAlone) {
  for (const char* const status : {"--status", "--status=/run/s.json"}) {
    const CommandLine line = WhereToReport(std::vector<const char*>{
        "client", "--status_file=/run/s.json", "--log=syslog", status});
    EXPECT_EQ(line.status_file, "");
    EXPECT_EQ(line.log, CommandLine::LogTarget::kStderr);
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
    "settings",   "status_file", "log",    "log_level",
    "worker_uid", "tun_offload", "wait_up"};

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

TEST(CommandLineTest, AFlagTakesNoValue) {
  for (const char* const argument :
       {"--help=1", "--version=", "--check=yes", "--prometheus=x"}) {
    const absl::string_view text = argument;
    const size_t equals = text.find('=');
    EXPECT_EQ(
        Parse({argument}).status().message(),
        absl::StrCat(text.substr(0, equals), " takes no value; leave out '",
                     text.substr(equals), "' (see --help)"));
  }
}

TEST(CommandLineTest, TakesNothingThatIsOnlyLikeAnOption) {
  for (const char* const argument :
       {"--setting=a", "--settingss=a", "---settings=a", "--Settings=a",
        "--log-level=info", "--status-file=a", "--checks", "--CHECK", "--=a",
        "-settings=a", "settings=a", ""}) {
    const auto line = Parse({"--settings=s", argument});
    ASSERT_FALSE(line.ok()) << argument;
    EXPECT_TRUE(absl::IsInvalidArgument(line.status()));
    EXPECT_TRUE(
        absl::EndsWith(line.status().message(),
                       absl::StrCat(" argument '", argument, "' (see --help)")))
        << line.status();
  }
}

}  // namespace
}  // namespace ovoc::tunnel
