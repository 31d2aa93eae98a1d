// SPDX-License-Identifier: Apache-2.0

#include "netif/linux/linkdown_routes.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"
#include "netif/testing/network_namespace.h"

namespace ovoc::netif {
namespace {

bool Set(const char* which, const char* value) {
  const std::string path = absl::StrCat("/proc/sys/net/ipv4/conf/", which,
                                        "/ignore_routes_with_linkdown");
  const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return fd.valid() && write(fd.get(), value, 1) == 1;
}

TEST(LinkdownRoutesTest, OnlyTheSettingOfAllInterfacesCounts) {
  const absl::Status entered = EnterNewNetworkNamespace();
  if (!entered.ok()) {
    GTEST_SKIP() << entered;
  }
  if (!Set("all", "0")) {
    GTEST_SKIP() << "/proc/sys is read-only here";
  }
  ASSERT_TRUE(Set("lo", "1"));
  absl::StatusOr<bool> ignored = LinkdownRoutesAreIgnored();
  ASSERT_TRUE(ignored.ok()) << ignored.status();
  EXPECT_FALSE(*ignored);
  ASSERT_TRUE(Set("all", "1"));
  ignored = LinkdownRoutesAreIgnored();
  ASSERT_TRUE(ignored.ok()) << ignored.status();
  EXPECT_TRUE(*ignored);
}

}  // namespace
}  // namespace ovoc::netif
