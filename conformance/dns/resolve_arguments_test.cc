// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/resolve_arguments.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "netif/dns/resolver_options.h"

namespace ovoc::conformance {
namespace {

using netif::AddressFamilies;

absl::StatusOr<ResolveArguments> Parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "resolve");
  return ParseResolveArguments(arguments);
}

std::string Servers(const ResolveArguments& arguments) {
  std::string text;
  for (const netif::IpAddress& server : arguments.servers) {
    text += server.ToString() + " ";
  }
  return text + std::to_string(arguments.port);
}

TEST(ResolveArgumentsTest, TakesEveryFormOfAServer) {
  const struct {
    const char* text;
    const char* expected;
  } kCases[] = {
      {"192.0.2.1", "192.0.2.1 53"},
      {"192.0.2.1:5353", "192.0.2.1 5353"},
      {"192.0.2.1:65535", "192.0.2.1 65535"},
      {"::1", "::1 53"},
      {"[::1]", "::1 53"},
      {"[2001:db8::1]:1", "2001:db8::1 1"},
      {"fe80::1%eth0", "fe80::1%eth0 53"},
      {"[fe80::1%eth0]:5353", "fe80::1%eth0 5353"},
      {"192.0.2.1,192.0.2.2,fe80::1%7", "192.0.2.1 192.0.2.2 fe80::1%7 53"},
      {"192.0.2.1,192.0.2.2", "192.0.2.1 192.0.2.2 53"},
      {"192.0.2.1:5300,[::1]:5300", "192.0.2.1 ::1 5300"},
  };
  for (const auto& test : kCases) {
    const std::string option = std::string("--server=") + test.text;
    const auto parsed = Parse({option.c_str(), "--name=ovoc.example"});
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(Servers(*parsed), test.expected);
  }
}

TEST(ResolveArgumentsTest, RefusesWhatIsNoServerAndNamesIt) {
  for (const char* const text : {"",
                                 "name.example",
                                 "192.0.2.1:",
                                 "192.0.2.1:0",
                                 "192.0.2.1:65536",
                                 "192.0.2.1:+53",
                                 "192.0.2.1:53x",
                                 "192.0.2.1:000053",
                                 "192.0.2",
                                 "[192.0.2.1]:53",
                                 "[::1",
                                 "[::1]53",
                                 "[::1]:",
                                 "[]",
                                 "::1]:53",
                                 "192.0.2.1,",
                                 ",192.0.2.1",
                                 "192.0.2.1 ",
                                 "192.0.2.1:53,192.0.2.2:54",
                                 "192.0.2.1,192.0.2.2,192.0.2.3,192.0.2.4"}) {
    const std::string option = std::string("--server=") + text;
    const auto parsed = Parse({option.c_str(), "--name=ovoc.example"});
    ASSERT_TRUE(absl::IsInvalidArgument(parsed.status())) << text;
    EXPECT_TRUE(absl::StartsWith(
        parsed.status().message(),
        "--server: '" + std::string(text) + "' is not valid; give "))
        << parsed.status();
  }
}

TEST(ResolveArgumentsTest, ATypeMeansOneFamily) {
  const struct {
    std::vector<const char*> more;
    AddressFamilies families;
  } kCases[] = {{{}, AddressFamilies::kBoth},
                {{"--type=A"}, AddressFamilies::kIpv4},
                {{"--type", "AAAA"}, AddressFamilies::kIpv6}};
  for (const auto& test : kCases) {
    std::vector<const char*> arguments = {"--server=::1", "--name=a.example"};
    arguments.insert(arguments.end(), test.more.begin(), test.more.end());
    const auto parsed = Parse(arguments);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(parsed->families, test.families);
    EXPECT_EQ(parsed->name, "a.example");
  }
}

TEST(ResolveArgumentsTest, RefusesEverythingElseAndSaysWhat) {
  const struct {
    std::vector<const char*> arguments;
    const char* message;
  } kCases[] = {
      {{}, "--server: it is missing (see --help)"},
      {{"--name=a.example"}, "--server: it is missing (see --help)"},
      {{"--server=::1"}, "--name: it is missing (see --help)"},
      {{"--server=::1", "--name="},
       "--name: '' is not valid; give a host name"},
      {{"--server=::1", "--name"}, "--name: '' is not valid; give a host name"},
      {{"--type=MX"}, "--type: 'MX' is not valid; give A or AAAA"},
      {{"--type=a"}, "--type: 'a' is not valid; give A or AAAA"},
      {{"--type="}, "--type: '' is not valid; give A or AAAA"},
      {{"--type=A", "--type=A"}, "--type: it is given more than once"},
      {{"--server=::1", "--server=::2"},
       "--server: it is given more than once"},
      {{"--name=a", "--name=b"}, "--name: it is given more than once"},
      {{"--nmae=a"},
       "unknown option '--nmae'; the options are --server, --name and --type"},
      {{"--=a"},
       "unknown option '--'; the options are --server, --name and --type"},
      {{"ovoc.example"},
       "unexpected argument 'ovoc.example'; use --OPTION=VALUE"},
      {{"-h"}, "unexpected argument '-h'; use --OPTION=VALUE"},
  };
  for (const auto& test : kCases) {
    const auto parsed = Parse(test.arguments);
    EXPECT_EQ(parsed.status(), absl::InvalidArgumentError(test.message));
  }
}

TEST(ResolveArgumentsTest, HelpWinsOverWhatIsMissing) {
  const auto parsed = Parse({"--name=a.example", "--help"});
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_TRUE(parsed->help);
  EXPECT_TRUE(parsed->name.empty());
  EXPECT_TRUE(absl::StrContains(kResolveHelp, "13  unreachable"));
}

}  // namespace
}  // namespace ovoc::conformance
