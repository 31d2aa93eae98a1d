// SPDX-License-Identifier: Apache-2.0
#include "tunnel/system/insecure_surroundings.h"

#include <string>

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

}  // namespace
}  // namespace ovoc::tunnel
