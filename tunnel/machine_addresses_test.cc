// SPDX-License-Identifier: Apache-2.0
#include "tunnel/machine_addresses.h"

#include <net/if.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using netif::IpAddress;

std::string Texts(const std::vector<IpAddress>& addresses) {
  return absl::StrJoin(addresses, " ",
                       [](std::string* out, const IpAddress& address) {
                         absl::StrAppend(out, address.ToString());
                       });
}

// What files have is in tunnel_config_test: a process needs another root.
TEST(MachineAddressesTest, HaveZonesAsNumbersAndEachAddressOnce) {
  const std::string index = absl::StrCat(if_nametoindex("lo"));
  Settings settings;
  settings.server = "fe80::1%lo";
  settings.server_address = IpAddress::ParseZoned("fe80::1%lo");
  EXPECT_EQ(Texts(KnownAddresses(FileRoot::Own(), settings)),
            absl::StrCat("fe80::1%", index));
  EXPECT_EQ(Texts(NameServersInUse(FileRoot::Own(), settings)), "")
      << "nothing is looked up";
  settings.dns_primary = IpAddress::ParseZoned("fe80::53%lo");
  settings.dns_secondary =
      IpAddress::ParseZoned(absl::StrCat("fe80::53%0", index));
  EXPECT_EQ(Texts(NameServersInUse(FileRoot::Own(), settings)),
            absl::StrCat("fe80::53%", index));
}

TEST(MachineAddressesTest, ANameThatTheHostsFileDoesNotHaveIsNotKnown) {
  Settings settings;
  settings.server = "name-that-nobody-has.example";
  EXPECT_EQ(Texts(KnownAddresses(FileRoot::Own(), settings)), "");
}

TEST(MachineAddressesTest, SayWhichInterfaceDoesNotExist) {
  Settings settings;
  settings.file = "f.ini";
  settings.lines = {{"WSTunServer", 2}};
  settings.server_address = IpAddress::ParseZoned("fe80::1%nobody-has-it");
  settings.dns_primary = IpAddress::ParseZoned("fe80::53%lo");
  settings.dns_secondary = IpAddress::Parse("192.0.2.53");
  EXPECT_THAT(MissingZones(settings),
              testing::ElementsAre(
                  "f.ini:2: WSTunServer: 'fe80::1%nobody-has-it' names an "
                  "interface that does not exist yet; check the name after the "
                  "%"));
}

}  // namespace
}  // namespace ovoc::tunnel
