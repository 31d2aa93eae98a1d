// SPDX-License-Identifier: Apache-2.0
#include "tunnel/config/machine_addresses.h"

#include <fcntl.h>
#include <net/if.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/sandbox/file_root.h"
#include "tunnel/settings/proxy_url.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {
namespace {

using netif::IpAddress;

std::string Texts(const std::vector<IpAddress>& addresses) {
  return absl::StrJoin(addresses, " ",
                       [](std::string* out, const IpAddress& address) {
                         absl::StrAppend(out, address.ToString());
                       });
}

// The addresses of each server, with " | " between the servers.
std::string Known(const FileRoot& files, const Settings& settings) {
  return absl::StrJoin(
      KnownAddresses(files, settings), " | ",
      [](std::string* out, const std::vector<IpAddress>& addresses) {
        absl::StrAppend(out, Texts(addresses));
      });
}

TEST(MachineAddressesTest, HaveZonesAsNumbersAndEachAddressOnce) {
  const std::string index = absl::StrCat(if_nametoindex("lo"));
  Settings settings;
  settings.servers = {{"fe80::1%lo", IpAddress::ParseZoned("fe80::1%lo")}};
  EXPECT_EQ(Known(FileRoot::Own(), settings), absl::StrCat("fe80::1%", index));
  settings.dns_primary = IpAddress::ParseZoned("fe80::53%lo");
  settings.dns_secondary =
      IpAddress::ParseZoned(absl::StrCat("fe80::53%0", index));
  EXPECT_EQ(Texts(NameServersInUse(FileRoot::Own(), settings)),
            absl::StrCat("fe80::53%", index));
}

TEST(MachineAddressesTest, ANameThatTheHostsFileDoesNotHaveIsNotKnown) {
  Settings settings;
  settings.servers = {{"name-that-nobody-has.example"}};
  EXPECT_EQ(Known(FileRoot::Own(), settings), "");
}

TEST(MachineAddressesTest, SayWhichInterfaceDoesNotExist) {
  Settings settings;
  settings.file = "f.ini";
  settings.lines = {{"WSTunServer", 2}};
  settings.servers = {{"fe80::1%nobody-has-it",
                       IpAddress::ParseZoned("fe80::1%nobody-has-it")}};
  settings.dns_primary = IpAddress::ParseZoned("fe80::53%lo");
  settings.dns_secondary = IpAddress::Parse("192.0.2.53");
  EXPECT_THAT(MissingZones(settings),
              testing::ElementsAre(
                  "f.ini:2: WSTunServer: 'fe80::1%nobody-has-it' names an "
                  "interface that does not exist yet; check the name after the "
                  "%"));
}

// The files of a machine whose root is the working folder, as it is for a
// confined keeper.
class MachineFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/machine_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    ASSERT_TRUE(before_.valid());
    ASSERT_EQ(chdir(folder_.c_str()), 0);
    ASSERT_EQ(mkdir("etc", 0700), 0);
    settings_.servers = {{"ovoc.example"}};
  }
  void TearDown() override {
    for (const char* const name : {"etc/hosts", "etc/resolv.conf"}) {
      unlink(name);
      rmdir(name);
    }
    rmdir("etc");
    EXPECT_EQ(fchdir(before_.get()), 0);
    rmdir(folder_.c_str());
  }

  static void Make(const std::string& path, absl::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
  }
  std::string NameServers() const {
    return Texts(NameServersInUse(files_, settings_));
  }
  std::string Known() const { return tunnel::Known(files_, settings_); }

  const netif::UniqueFd before_{open(".", O_PATH | O_CLOEXEC)};
  const std::string lo_ = absl::StrCat(if_nametoindex("lo"));
  const FileRoot files_ = FileRoot::WorkingFolder("/");
  std::string folder_;
  Settings settings_;
};

TEST_F(MachineFilesTest, NameServersAreThoseOfResolvConfOrThisMachine) {
  EXPECT_EQ(NameServers(), "127.0.0.1") << "there is no file";
  struct Case {
    std::string text;
    std::string servers;
  };
  const Case kCases[] = {
      {"", "127.0.0.1"},  // resolv.conf(5)
      {"search example\noptions rotate\n", "127.0.0.1"},
      {"nameserver 192.0.2.1\nnameserver 2001:db8::1\n",
       "192.0.2.1 2001:db8::1"},
      // One interface by its name and by its number.
      {absl::StrCat("nameserver fe80::1%lo\nnameserver fe80::1%", lo_, "\n"),
       absl::StrCat("fe80::1%", lo_)},
      {std::string("\xff\xfen\0", 4), "127.0.0.1"},  // UTF-16
  };
  for (const Case& c : kCases) {
    Make("etc/resolv.conf", c.text);
    EXPECT_EQ(NameServers(), c.servers) << c.text;
  }
}

TEST_F(MachineFilesTest, NameServersOfTheSettingsAreTheOnlyOnes) {
  Make("etc/resolv.conf", "nameserver 192.0.2.1\n");
  settings_.dns_secondary = IpAddress::Parse("192.0.2.54");
  EXPECT_EQ(NameServers(), "192.0.2.54");
  settings_.dns_primary = IpAddress::Parse("192.0.2.53");
  EXPECT_EQ(NameServers(), "192.0.2.53 192.0.2.54");
  settings_.dns_secondary = settings_.dns_primary;
  EXPECT_EQ(NameServers(), "192.0.2.53");
}

TEST_F(MachineFilesTest, KnownAreTheAddressesThatTheHostsFileHas) {
  EXPECT_EQ(Known(), "") << "there is no file";
  Make("etc/hosts", absl::StrCat("192.0.2.7 other OVOC.example\n"
                                 "2001:db8::7 ovoc.example # the new one\n"
                                 "192.0.2.8 ovoc.example.net\n"
                                 "192.0.2.7 ovoc.example\n"
                                 "fe80::7%lo ovoc.example\nfe80::7%",
                                 lo_, " ovoc.example\n"));
  EXPECT_EQ(Known(), absl::StrCat("192.0.2.7 2001:db8::7 fe80::7%", lo_));
  settings_.servers = {{"another.example"}};
  EXPECT_EQ(Known(), "");
}

TEST_F(MachineFilesTest, AnAddressIsKnownWithoutAnyFile) {
  Make("etc/hosts", "192.0.2.7 192.0.2.9\n");
  Make("etc/resolv.conf", "nameserver 192.0.2.1\n");
  settings_.servers = {{"192.0.2.9", IpAddress::Parse("192.0.2.9")}};
  EXPECT_EQ(Known(), "192.0.2.9");
  ASSERT_EQ(truncate("etc/resolv.conf", 65537), 0);
  EXPECT_THAT(UnreadFiles(files_, settings_), testing::IsEmpty());
}

// A proxy looks the server up.
TEST_F(MachineFilesTest, WithAProxyOnlyItsNameIsLookedFor) {
  Make("etc/hosts", "192.0.2.8 proxy.example\n192.0.2.1 ovoc.example\n");
  EXPECT_TRUE(KnownProxyAddresses(files_, settings_).empty());
  settings_.proxy = ParseProxyUrl("http://proxy.example:3128").url;
  EXPECT_EQ(Texts(KnownProxyAddresses(files_, settings_)), "192.0.2.8");
  settings_.proxy = ParseProxyUrl("http://192.0.2.9:3128").url;
  EXPECT_EQ(Texts(KnownProxyAddresses(files_, settings_)), "192.0.2.9");
  EXPECT_EQ(NameServers(), "") << "nothing is looked up";
  settings_.no_proxy = "example";
  EXPECT_EQ(NameServers(), "127.0.0.1") << "the server goes without the proxy";
  settings_.no_proxy = "";
  settings_.proxy_fallback = true;
  EXPECT_EQ(NameServers(), "127.0.0.1");
}

TEST_F(MachineFilesTest, EachServerHasItsOwnAddresses) {
  Make("etc/hosts", "192.0.2.7 two.example\n192.0.2.8 three.example\n");
  settings_.servers = {{"192.0.2.9", IpAddress::Parse("192.0.2.9")},
                       {"two.example"},
                       {"one.example"}};
  EXPECT_EQ(Known(), "192.0.2.9 | 192.0.2.7 | ");
  EXPECT_EQ(NameServers(), "127.0.0.1") << "two of them are looked up";
  ASSERT_EQ(truncate("etc/hosts", 4194305), 0);
  EXPECT_EQ(Known(), "192.0.2.9 |  | ");
  EXPECT_EQ(UnreadFiles(files_, settings_).size(), 1u);
}

// The tunnel must not lead to them, though nothing is looked up.
TEST_F(MachineFilesTest, NameServersBesideAnAddressAreThoseThatThereAre) {
  settings_.servers = {{"192.0.2.9", IpAddress::Parse("192.0.2.9")}};
  EXPECT_EQ(NameServers(), "") << "there is no file";
  Make("etc/resolv.conf", "nameserver 169.254.20.10\n");
  EXPECT_EQ(NameServers(), "169.254.20.10");
  ASSERT_EQ(truncate("etc/resolv.conf", 65537), 0);
  EXPECT_EQ(NameServers(), "") << "the file is too large";
}

TEST_F(MachineFilesTest, FilesThatCannotBeReadAreNamedIfTheyAreNeeded) {
  EXPECT_THAT(UnreadFiles(files_, settings_), testing::IsEmpty())
      << "files that are not there are in order";
  Make("etc/hosts", absl::string_view("\xff\xfe"
                                      "1\0",
                                      4));
  Make("etc/resolv.conf", "");
  ASSERT_EQ(truncate("etc/resolv.conf", 65536), 0);
  constexpr char kHosts[] =
      "/etc/hosts: file is UTF-16 text, so it counts as empty; save it as "
      "UTF-8";
  EXPECT_THAT(UnreadFiles(files_, settings_), testing::ElementsAre(kHosts));
  ASSERT_EQ(truncate("etc/resolv.conf", 65537), 0);
  EXPECT_THAT(UnreadFiles(files_, settings_),
              testing::ElementsAre(
                  kHosts,
                  "/etc/resolv.conf: file has more than 65536 bytes, so it "
                  "counts as empty; make it smaller"));
  settings_.dns_primary = IpAddress::Parse("192.0.2.53");
  EXPECT_THAT(UnreadFiles(files_, settings_), testing::ElementsAre(kHosts));
  unlink("etc/hosts");
  ASSERT_EQ(mkdir("etc/hosts", 0700), 0);
  EXPECT_THAT(UnreadFiles(files_, settings_),
              testing::ElementsAre("/etc/hosts: file is a directory, so it "
                                   "counts as empty; use the path of a regular "
                                   "file"));
}

}  // namespace
}  // namespace ovoc::tunnel
