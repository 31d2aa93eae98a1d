// SPDX-License-Identifier: Apache-2.0
#include "tunnel/system/insecure_surroundings.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "netif/linux/linkdown_routes.h"
#include "netif/linux/reverse_path_filter.h"

namespace ovoc::tunnel {
namespace {

// Which they are is the machine's affair; reverse_path_filter_test has a table.
TEST(InsecureSurroundingsTest, NamesTheSysctlOfEachOpenInterface) {
  const auto open = netif::FindOpenInterfaces("ovoc0");
  ASSERT_TRUE(open.ok()) << open.status();
  const std::vector<std::string> found = InsecureSurroundings("ovoc0");
  const bool ignored = netif::LinkdownRoutesAreIgnored().value_or(false);
  ASSERT_EQ(found.size(), open->size() + (ignored ? 1 : 0));
  for (size_t i = 0; i < open->size(); ++i) {
    EXPECT_TRUE(absl::StartsWith(
        found[i], "net.ipv4.conf." + (*open)[i].name + ".rp_filter="))
        << found[i];
  }
}

TEST(InsecureSurroundingsTest, EachKindOfSettingHasOneRemedy) {
  EXPECT_TRUE(SurroundingsRemedies({}).empty());
  const std::string filter =
      "set rp_filter of these interfaces and of net.ipv4.conf.all to 1 with "
      "sysctl, or load the nftables file that comes with the client";
  const std::string linkdown =
      "set net.ipv4.conf.all.ignore_routes_with_linkdown to 0 with sysctl";
  const std::string more = "rp_filter is not 1 on 4 more interfaces";
  const std::string ignored = "net.ipv4.conf.all.ignore_routes_with_linkdown=1";
  using Texts = std::vector<std::string>;
  EXPECT_EQ(SurroundingsRemedies(Texts{"net.ipv4.conf.eth0.rp_filter=0",
                                       "net.ipv4.conf.eth1.rp_filter=2", more}),
            Texts{filter});
  EXPECT_EQ(SurroundingsRemedies(Texts{ignored}), Texts{linkdown});
  EXPECT_EQ(SurroundingsRemedies(Texts{more, ignored}),
            (Texts{filter, linkdown}));
}

// A setting without one would leave its reader alone.
TEST(InsecureSurroundingsTest, WhatIsFoundHasARemedy) {
  const std::vector<std::string> found = InsecureSurroundings("ovoc0");
  EXPECT_EQ(SurroundingsRemedies(found).empty(), found.empty());
}

}  // namespace
}  // namespace ovoc::tunnel
