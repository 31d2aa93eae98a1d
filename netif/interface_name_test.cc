// SPDX-License-Identifier: Apache-2.0

#include "netif/interface_name.h"

#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::netif {
namespace {

TEST(InterfaceNameTest, TakesNamesThatLinuxTakes) {
  for (const absl::string_view name :
       {"ovoc0", "main-vrf", "eth0.100", "a", "...", "br_lan", "wlan0@x",
        "123456789012345"}) {
    EXPECT_TRUE(IsValidInterfaceName(name)) << name;
  }
}

TEST(InterfaceNameTest, RefusesNamesThatLinuxRefusesOrTakesForSomethingElse) {
  const absl::string_view kCases[] = {
      "",
      ".",
      "..",
      "1234567890123456",  // 16 bytes: no room for the NUL
      "../lo",
      "a/b",
      "eth0:1",  // an alias
      "ovoc%d",  // a pattern
      "ovoc 0",
      "ovoc\t",
      "ovoc\n",
      "ovoc\x7F",
      "ovoc\xC3\xA9",
      absl::string_view("ovoc\0", 5),
  };
  for (const absl::string_view name : kCases) {
    EXPECT_FALSE(IsValidInterfaceName(name)) << name;
  }
}

TEST(InterfaceNameTest, JudgesEveryByteValue) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string name = std::string("a") + static_cast<char>(byte);
    const bool expected =
        byte > 0x20 && byte < 0x7F && byte != '/' && byte != ':' && byte != '%';
    EXPECT_EQ(IsValidInterfaceName(name), expected) << byte;
  }
}

}  // namespace
}  // namespace ovoc::netif
