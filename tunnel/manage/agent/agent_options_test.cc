// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/agent_options.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

absl::StatusOr<AgentOptions> Parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "settings_agent");
  return ParseAgentOptions(arguments);
}

TEST(AgentOptionsTest, OnlyTheSettingsAreRequired) {
  const absl::StatusOr<AgentOptions> options = Parse({"--settings=/a.ini"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->settings, "/a.ini");
  EXPECT_EQ(options->socket, "/run/ovoc-tunnel/agent.sock");
  EXPECT_EQ(options->admin_group, "ovoc-admin");
  EXPECT_EQ(options->view_group, "ovoc-view");
}

TEST(AgentOptionsTest, EachOptionIsTaken) {
  const absl::StatusOr<AgentOptions> options =
      Parse({"--settings=a", "--socket=b", "--state=c", "--status_file=d",
             "--client=e=f", "--admin_group=g", "--view_group=h"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->socket, "b");
  EXPECT_EQ(options->state, "c");
  EXPECT_EQ(options->status_file, "d");
  EXPECT_EQ(options->client, "e=f");
  EXPECT_EQ(options->admin_group, "g");
  EXPECT_EQ(options->view_group, "h");
}

TEST(AgentOptionsTest, WhatIsWrongIsSaid) {
  EXPECT_EQ(Parse({}).status().message(),
            "--settings=FILE is required (see --help)");
  EXPECT_EQ(Parse({"a.ini"}).status().message(),
            "a.ini: is no option; use --NAME=VALUE (see --help)");
  EXPECT_EQ(Parse({"--socket"}).status().message(),
            "--socket: is no option; use --NAME=VALUE (see --help)");
  EXPECT_EQ(Parse({"--sock=a"}).status().message(),
            "--sock: there is no such option; see --help");
  EXPECT_EQ(Parse({"--settings="}).status().message(),
            "--settings: the value is empty; write --settings=FILE");
}

TEST(AgentOptionsTest, HelpNamesEachOption) {
  ASSERT_TRUE(Parse({"--help"}).ok());
  EXPECT_TRUE(Parse({"--help"})->help);
  const std::string help = AgentHelp();
  for (const absl::string_view option :
       {"--settings=FILE", "--socket=PATH", "--state=FOLDER",
        "--status_file=FILE", "--client=PROGRAM", "--admin_group=NAME",
        "--view_group=NAME", "[/var/lib/ovoc-tunnel]"}) {
    EXPECT_TRUE(absl::StrContains(help, option)) << option;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
