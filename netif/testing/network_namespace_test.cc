// SPDX-License-Identifier: Apache-2.0

#include "netif/testing/network_namespace.h"

#include <net/if.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace ovoc::netif {
namespace {

std::vector<std::string> InterfaceNames() {
  std::vector<std::string> names;
  struct if_nameindex* const list = if_nameindex();
  for (const struct if_nameindex* entry = list;
       entry != nullptr && entry->if_index != 0; ++entry) {
    names.emplace_back(entry->if_name);
  }
  if_freenameindex(list);
  return names;
}

TEST(NetworkNamespaceTest, HoldsNoInterfaceOfTheMachine) {
  const absl::Status status = EnterNewNetworkNamespace();
  if (!status.ok()) {
    GTEST_SKIP() << status;
  }
  // Some kernels put unused tunnel devices into each new namespace; what is
  // never there is a device that leads out of it.
  for (const std::string& name : InterfaceNames()) {
    EXPECT_NE(name, "eth0");
  }
  EXPECT_NE(if_nametoindex("lo"), 0u);
}

}  // namespace
}  // namespace ovoc::netif
