// SPDX-License-Identifier: Apache-2.0
#include "conformance/websocket/echo_arguments.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

absl::StatusOr<EchoArguments> Parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "echo_client");
  return ParseEchoArguments(arguments);
}

TEST(EchoArgumentsTest, ReadsWhatTheContractSays) {
  const auto plain = Parse({"--server=ws://127.0.0.1:9001", "--agent=ovoc"});
  ASSERT_TRUE(plain.ok()) << plain.status();
  EXPECT_EQ(plain->action, EchoArguments::Action::kRun);
  EXPECT_EQ(plain->server.host, "127.0.0.1");
  EXPECT_EQ(plain->server.port, 9001);
  EXPECT_EQ(plain->server.security, Security::kPlain);
  EXPECT_EQ(plain->agent, "ovoc");
  EXPECT_EQ(plain->ca_file, "");
  EXPECT_EQ(plain->limits.silence, EchoSession::Limits().silence);
  const auto tls =
      Parse({"--agent", "a=b c", "--ca=/x/ca.pem", "--server",
             "wss://[::1]:9002", "--silence_limit=5", "--case_limit=86400"});
  ASSERT_TRUE(tls.ok()) << tls.status();
  EXPECT_EQ(tls->server.security, Security::kTls);
  EXPECT_EQ(tls->server.host, "::1");
  EXPECT_EQ(tls->agent, "a=b c");
  EXPECT_EQ(tls->ca_file, "/x/ca.pem");
  EXPECT_EQ(tls->limits.silence, absl::Seconds(5));
  EXPECT_EQ(tls->limits.whole, absl::Hours(24));
}

TEST(EchoArgumentsTest, AValueMayFollowItsArgument) {
  const std::vector<const char*> together = {"--server=wss://h:1", "--agent=x",
                                             "--ca=f", "--silence_limit=1",
                                             "--case_limit=2"};
  const std::vector<const char*> apart = {
      "--server",        "wss://h:1", "--agent",      "x", "--ca", "f",
      "--silence_limit", "1",         "--case_limit", "2"};
  for (const auto& arguments : {together, apart}) {
    const auto parsed = Parse(arguments);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(parsed->server.host_header, "h");
    EXPECT_EQ(parsed->server.port, 1);
    EXPECT_EQ(parsed->agent, "x");
    EXPECT_EQ(parsed->ca_file, "f");
    EXPECT_EQ(parsed->limits.silence, absl::Seconds(1));
    EXPECT_EQ(parsed->limits.whole, absl::Seconds(2));
  }
}

TEST(EchoArgumentsTest, NoArgumentGoesWithoutItsValue) {
  for (const char* name :
       {"--server", "--agent", "--ca", "--silence_limit", "--case_limit"}) {
    EXPECT_EQ(Parse({name}).status().message(),
              absl::StrCat(name, ": needs a value (see --help)"));
  }
}

TEST(EchoArgumentsTest, LimitsAreFromASecondToADay) {
  for (const char* name : {"--silence_limit=", "--case_limit="}) {
    for (const char* value : {"1", "60", "86400"}) {
      const std::string limit = absl::StrCat(name, value);
      EXPECT_TRUE(Parse({"--server=ws://h", "--agent=x", limit.c_str()}).ok())
          << limit;
    }
    for (const char* value :
         {"0", "86401", "-1", "+1", " 1", "1 ", "1.5", "0x10", "1e3", "",
          "4294967297", "99999999999999999999"}) {
      const std::string limit = absl::StrCat(name, value);
      EXPECT_FALSE(Parse({"--server=ws://h", "--agent=x", limit.c_str()}).ok())
          << limit;
    }
  }
}

TEST(EchoArgumentsTest, HelpWinsAndNamesEveryArgument) {
  const auto help = Parse({"--agent=x", "--help", "--nonsense"});
  ASSERT_TRUE(help.ok()) << help.status();
  EXPECT_EQ(help->action, EchoArguments::Action::kHelp);
  for (const char* name : {"--server=", "--agent=", "--ca=", "--silence_limit=",
                           "--case_limit=", "--help", "Exit codes"}) {
    EXPECT_TRUE(absl::StrContains(kEchoClientHelp, name)) << name;
  }
}

TEST(EchoArgumentsTest, RefusesAllElseInOneClearLine) {
  struct Row {
    std::vector<const char*> arguments;
    absl::string_view message;
  };
  const std::string long_agent = "--agent=" + std::string(257, 'a');
  const Row kRows[] = {
      {{}, "--server: is required"},
      {{"--agent=x"}, "--server: is required"},
      {{"--server=ws://h"}, "--agent: is required"},
      {{"--server=http://h", "--agent=x"}, "--server: give ws://HOST:PORT"},
      {{"--server=ws://a_b c", "--agent=x"},
       "--server: host: byte 0x20 is not allowed"},
      {{"--server=ws://h", "--agent="}, "--agent: the name must have 1 to 256"},
      {{"--server=ws://h", long_agent.c_str()}, "found 257"},
      {{"--server=ws://h", "--agent=x", "--ca=f"},
       "--ca: is only for wss:// servers"},
      {{"--server=wss://h", "--agent=x", "--ca="}, "--ca: give the path"},
      {{"--server=ws://h", "--agent=x", "more"}, "unknown argument 'more'"},
      {{"-server=ws://h"}, "unknown argument '-server=ws://h'"},
      {{"--servers=ws://h"}, "unknown argument '--servers=ws://h'"},
      {{"--"}, "unknown argument '--'"},
      {{"--server"}, "--server: needs a value"},
      {{"--silence_limit=0"}, "--silence_limit: give a number of seconds"},
      {{"--silence_limit=-1"}, "--silence_limit: give a number"},
      {{"--silence_limit="}, "--silence_limit: give a number"},
      {{"--case_limit=1s"}, "--case_limit: give a number"},
      {{"--case_limit=86401"}, "from 1 to 86400"},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.message);
    const auto parsed = Parse(row.arguments);
    ASSERT_FALSE(parsed.ok());
    EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(absl::StrContains(parsed.status().message(), row.message))
        << parsed.status();
    EXPECT_FALSE(absl::StrContains(parsed.status().message(), "\n"));
  }
}

}  // namespace
}  // namespace ovoc::conformance
