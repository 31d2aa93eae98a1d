// SPDX-License-Identifier: Apache-2.0
#include "tunnel/config/tunnel_config.h"

#include <net/if.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "auth/secret.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "tunnel/config/tunnel_sockets.h"
#include "tunnel/sandbox/file_root.h"
#include "tunnel/settings/insecure_settings.h"
#include "tunnel/transport/testing/test_identity.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kPlain =
    "WSTunServer = 192.0.2.1\n"
    "WSTunPassword = s3cret\n"
    "WSTunSecured = 0\n";
constexpr absl::string_view kSecured =
    "WSTunServer = ovoc.example\n"
    "WSTunPassword = s3cret\n"
    "DNSPriServerIP = 192.0.2.53\n"
    "TLSTrustedRoots = 'DIR/roots.pem'\n";
constexpr absl::string_view kOwnCertificate =
    "TLSCertificate = 'DIR/own.pem'\n"
    "TLSPrivateKey = 'DIR/own.key'\n";

class TunnelConfigTest : public testing::Test {
 protected:
  TunnelConfigTest()
      : root_(TestIdentity::Root("test root")),
        own_(root_.Issue("DNS:device.example")) {}

  void SetUp() override {
    folder_ = testing::TempDir() + "/config_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    Make("roots.pem", root_.certificate_pem());
    Make("own.pem", own_.certificate_pem());
    Make("own.key", own_.private_key_pem());
  }
  void TearDown() override {
    for (const std::string& name : made_) {
      unlink(name.c_str());
    }
    rmdir(folder_.c_str());
  }

  void Make(absl::string_view name, absl::string_view text,
            mode_t mode = 0600) {
    made_.push_back(absl::StrCat(folder_, "/", name));
    std::ofstream(made_.back(), std::ios::binary) << text;
    ASSERT_EQ(chmod(made_.back().c_str(), mode), 0);
  }

  // Loads a settings file of this text, DIR in it being the folder.
  absl::StatusOr<std::unique_ptr<TunnelConfig>> Load(
      absl::string_view text, Policy policy = Policy::kCompat) {
    Make("f.ini", absl::StrReplaceAll(text, {{"DIR", folder_}}));
    return LoadTunnelConfig(made_.back(), policy);
  }

  void ExpectError(absl::string_view text,
                   const std::vector<std::string>& parts) {
    const auto config = Load(text);
    ASSERT_FALSE(config.ok()) << text;
    const std::string message(config.status().message());
    EXPECT_TRUE(absl::IsInvalidArgument(config.status())) << config.status();
    EXPECT_TRUE(absl::StrContains(message, "f.ini:")) << message;
    EXPECT_FALSE(absl::StrContains(message, "\n")) << message;
    EXPECT_FALSE(absl::StrContains(message, "s3cret")) << message;
    for (const std::string& part : parts) {
      EXPECT_TRUE(absl::StrContains(message, part))
          << "no '" << part << "' in: " << message;
    }
  }

  // The settings that the lines of the error name, in their order.
  std::string Refused(absl::string_view text, Policy policy = Policy::kCompat) {
    const auto config = Load(text, policy);
    std::string names;
    for (const absl::string_view error :
         absl::StrSplit(config.status().message(), '\n', absl::SkipEmpty())) {
      const std::vector<std::string> parts = absl::StrSplit(error, ": ");
      absl::StrAppend(&names, names.empty() ? "" : " ",
                      parts.size() > 2 ? parts[1] : "-");
    }
    return names;
  }

  TestIdentity root_;
  TestIdentity own_;
  std::string folder_;
  std::vector<std::string> made_;
};

TEST_F(TunnelConfigTest, MakesAnAttemptOfTheSettings) {
  const auto loaded = Load(absl::StrCat(
      kPlain,
      "WSTunServerPath = other\nWSTunUsername = me\nWSTunMtu = 1400\n"
      "WSTunKeepAlive = 11\nWSTunDeadAfter = 44\nWSTunOverlay = "
      "169.254.0.0/18\n"));
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const TunnelConfig& config = **loaded;
  EXPECT_EQ(config.tls, nullptr);
  EXPECT_EQ(config.attempt.tls, nullptr);
  EXPECT_EQ(config.attempt.server, "192.0.2.1");
  EXPECT_EQ(config.attempt.address, netif::IpAddress::Parse("192.0.2.1"));
  EXPECT_EQ(config.attempt.port, 80);
  EXPECT_TRUE(AttemptSocketRules(config)[0].name_servers.empty())
      << "nothing is looked up";
  const Session::Options& session = config.attempt.session;
  EXPECT_EQ(session.host, "192.0.2.1");
  EXPECT_EQ(session.shown_port, 0) << "the scheme's own is not shown";
  EXPECT_EQ(session.path, "other");
  EXPECT_EQ(session.authorization, nullptr) << "asked for with each request";
  ASSERT_TRUE(config.attempt.authorization != nullptr);
  EXPECT_EQ(config.attempt.authorization().value(),
            auth::Secret::FromString("Basic bWU6czNjcmV0"));  // me:s3cret
  EXPECT_EQ(session.mtu_bytes, 1400u);
  EXPECT_EQ(session.keep_alive.ping_after, absl::Seconds(11));
  EXPECT_EQ(session.keep_alive.dead_after, absl::Seconds(44));
  EXPECT_EQ(session.overlay.range.ToString(), "169.254.0.0/18");
  EXPECT_EQ(session.overlay.ovoc_address.ToString(), "169.254.0.1");
  EXPECT_EQ(session.overlay.reach, netif::OverlayReach::kOvocOnly);
}

TEST_F(TunnelConfigTest, KeepsThePasswordInTheCredentialsOnly) {
  const auto config = Load(kPlain);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_TRUE((*config)->settings.password.empty());
  ASSERT_NE((*config)->credentials, nullptr);
  EXPECT_EQ((*config)->credentials->user(), "VPN");
}

TEST_F(TunnelConfigTest, GoesThroughTheProxyOfTheSettings) {
  const auto config = Load(
      absl::StrCat(kPlain, "WSTunProxy = 'http://u:s3cret2@192.0.2.8:3128'\n"));
  ASSERT_TRUE(config.ok()) << config.status();
  const auto& proxy = (*config)->attempt.proxy;
  ASSERT_TRUE(proxy.has_value());
  EXPECT_EQ(proxy->endpoint, "192.0.2.8:3128");
  EXPECT_EQ((*config)->sockets.proxy_port, 3128);
  EXPECT_TRUE((*config)->settings.proxy->password.empty());
  EXPECT_TRUE(proxy->authorization().ok());
  EXPECT_EQ(proxy->hop.known, std::vector<netif::IpAddress>{
                                  *netif::IpAddress::Parse("192.0.2.8")});
}

// OVOC's own is off here.
TEST_F(TunnelConfigTest, HasTlsToAnHttpsProxy) {
  const auto config =
      Load(absl::StrCat(kPlain,
                        "WSTunProxy = 'https://u:s3cret2@192.0.2.8:8443'\n"
                        "WSTunProxyRoots = 'DIR/roots.pem'\n"));
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ((*config)->tls, nullptr);
  ASSERT_NE((*config)->proxy_tls, nullptr);
  EXPECT_EQ((*config)->attempt.proxy->tls, (*config)->proxy_tls.get());
  EXPECT_TRUE((*config)->insecure.size() == 1 &&
              (*config)->insecure[0].name == "WSTunSecured");
  EXPECT_EQ((*config)->file_digests.count("WSTunProxyRoots"), 1u);
}

TEST_F(TunnelConfigTest, TakesTheProxyOfTheEnvironmentIfItIsTold) {
  Make("f.ini", absl::StrCat(kPlain, "WSTunProxy = environment\n"));
  const auto load = [this](absl::string_view proxy,
                           absl::string_view no_proxy) {
    return LoadTunnelConfig(
        made_.back(), Policy::kCompat, FileRoot::Own(),
        {auth::Secret::FromString(proxy), std::string(no_proxy)});
  };
  const auto config = load("192.0.2.8:3128", "");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_TRUE((*config)->attempt.proxy.has_value());
  const auto exempt = load("192.0.2.8:3128", "192.0.2.0/24");
  ASSERT_TRUE(exempt.ok()) << exempt.status();
  EXPECT_FALSE((*exempt)->attempt.proxy.has_value());
  const auto unset = load("", "");
  ASSERT_TRUE(unset.ok()) << unset.status();
  EXPECT_FALSE((*unset)->proxy.has_value());
  EXPECT_TRUE(absl::StrContains(load("socks5://s3cret", "").status().message(),
                                "WSTunProxy: the value of HTTPS_PROXY"));
}

TEST_F(TunnelConfigTest, ShowsAPortThatWasGiven) {
  const auto config = Load(absl::StrCat(kPlain, "WSTunServerPort = 8080\n"));
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ((*config)->attempt.port, 8080);
  EXPECT_EQ((*config)->sockets.server_port, 8080);
  EXPECT_EQ((*config)->attempt.session.shown_port, 8080);
}

// RFC 3986 3.2.2: an IPv6 address stands in brackets in the Host header.
// RFC 6455 4.1 MUST: a Host field with host and port is sent
TEST_F(TunnelConfigTest, PutsAnIpv6AddressInBrackets) {
  const auto config = Load(
      "WSTunServer = 2001:db8::1\nWSTunPassword = s3cret\nWSTunSecured = 0\n");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ((*config)->attempt.session.host, "[2001:db8::1]");
  EXPECT_EQ((*config)->attempt.server, "2001:db8::1");
}

// Each has its own name for the Host field, SNI and its certificate.
TEST_F(TunnelConfigTest, MakesAnAttemptToEachServerOfTheSettings) {
  const auto loaded = Load(
      "WSTunServer = '2001:db8::1, fe80::1%lo, 192.0.2.3'\n"
      "WSTunServerRevert = 1\nWSTunPassword = s3cret\nWSTunSecured = 0\n");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  TunnelConfig& config = **loaded;
  EXPECT_TRUE(config.settings.server_revert);
  struct Case {
    const char* server;
    const char* host;
  };
  constexpr Case kCases[] = {{"2001:db8::1", "[2001:db8::1]"},
                             {"fe80::1", "[fe80::1]"},
                             {"192.0.2.3", "192.0.2.3"}};
  EXPECT_EQ(config.attempt.server, kCases[0].server) << "it begins with it";
  for (size_t i = 0; i < std::size(kCases); ++i) {
    SelectServer(i, &config);
    EXPECT_EQ(config.server, i);
    EXPECT_EQ(config.attempt.server, kCases[i].server);
    EXPECT_EQ(config.attempt.session.host, kCases[i].host);
    EXPECT_EQ(config.attempt.known, config.known[i]);
    ASSERT_TRUE(config.attempt.address.has_value());
    std::vector<netif::IpAddress> all = config.attempt.other_servers;
    all.push_back(*config.attempt.address);
    EXPECT_EQ(all.size(), 3u) << "none of them goes into the tunnel";
  }
  SelectServer(0, &config);
  config.attempt.dns.servers.clear();  // this machine's
  EXPECT_EQ(
      OffOverlay(config.attempt),
      std::vector<netif::Ipv4Address>{*netif::Ipv4Address::Parse("192.0.2.3")});
}

TEST_F(TunnelConfigTest, AllowsSocketsToWhatTheSettingsName) {
  const SocketRequest to_server = {SocketPurpose::kServer,
                                   *netif::IpAddress::Parse("192.0.2.9")};
  const auto address = Load(kPlain);
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_FALSE(
      CheckSocketRequest(to_server, AttemptSocketRules(**address)).ok())
      << "the settings have 192.0.2.1";
  (*address)->attempt.dns.servers = {*netif::IpAddress::Parse("192.0.2.53")};
  EXPECT_FALSE(CheckSocketRequest({SocketPurpose::kDnsUdp,
                                   *netif::IpAddress::Parse("192.0.2.53")},
                                  AttemptSocketRules(**address))
                   .ok())
      << "nothing is looked up";
  const auto name = Load(kSecured);
  ASSERT_TRUE(name.ok()) << name.status();
  const SocketRule rule = AttemptSocketRules(**name)[0];
  EXPECT_TRUE(CheckSocketRequest(to_server, rule).ok());
  EXPECT_TRUE(CheckSocketRequest({SocketPurpose::kDnsUdp,
                                  *netif::IpAddress::Parse("192.0.2.53")},
                                 rule)
                  .ok());
  EXPECT_FALSE(CheckSocketRequest({SocketPurpose::kServer,
                                   *netif::IpAddress::Parse("169.254.0.7")},
                                  rule)
                   .ok());
}

TEST_F(TunnelConfigTest, LoadsRootsCertificateAndKey) {
  const auto config = Load(
      absl::StrCat(kSecured, kOwnCertificate, "DNSSecServerIP = 192.0.2.54\n"));
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_NE((*config)->tls, nullptr);
  EXPECT_EQ((*config)->attempt.tls, (*config)->tls.get());
  EXPECT_EQ((*config)->attempt.port, 443);
  EXPECT_FALSE((*config)->attempt.address.has_value());
  EXPECT_EQ(
      (*config)->attempt.dns.servers,
      (std::vector<netif::IpAddress>{*netif::IpAddress::Parse("192.0.2.53"),
                                     *netif::IpAddress::Parse("192.0.2.54")}));
}

TEST_F(TunnelConfigTest, KnowsTheContentsOfTheFilesThatSettingsName) {
  const std::string text = absl::StrCat(kSecured, kOwnCertificate);
  const auto first = Load(text);
  const auto same = Load(text);
  Make("roots.pem", absl::StrCat(root_.certificate_pem(), "# renewed\n"));
  const auto other = Load(text);
  ASSERT_TRUE(first.ok() && same.ok() && other.ok());
  EXPECT_EQ((*first)->file_digests.size(), 3u);
  EXPECT_EQ((*first)->file_digests, (*same)->file_digests);
  for (const char* const name : {"TLSCertificate", "TLSPrivateKey"}) {
    EXPECT_EQ((*first)->file_digests[name], (*other)->file_digests[name]);
  }
  EXPECT_NE((*first)->file_digests["TLSTrustedRoots"],
            (*other)->file_digests["TLSTrustedRoots"]);
}

TEST_F(TunnelConfigTest, NamesMissingRoots) {
  const std::string text =
      absl::StrReplaceAll(kSecured, {{"roots.pem", "missing.pem"}});
  ExpectError(text,
              {"f.ini:4: TLSTrustedRoots: ", "/missing.pem'", "No such file"});
}

// Only the first was told.
TEST_F(TunnelConfigTest, NamesAllThatIsWrongWithWhatTheSettingsName) {
  const std::string server = "WSTunServer = ovoc.example\n";
  const std::string password = "WSTunPassword = twelve_or_more\n";
  const std::string roots = "TLSTrustedRoots = 'DIR/no.pem'\n";
  const std::string pair =
      "TLSCertificate = 'DIR/no.own'\nTLSPrivateKey = 'DIR/no.key'\n";
  EXPECT_EQ(Refused(server + password + roots + pair),
            "TLSTrustedRoots TLSCertificate TLSPrivateKey");
  EXPECT_EQ(Refused("WSTunVrf = no-such-vrf0\n" + server + password + roots),
            "WSTunVrf TLSTrustedRoots");
  const std::string file = "WSTunPasswordFile = 'DIR/no.password'\n";
  EXPECT_EQ(Refused(server + file + roots),
            "WSTunPasswordFile TLSTrustedRoots");
  EXPECT_EQ(Refused(roots + server + file + "WSTunPeerToPeer = 1\n",
                    Policy::kCertified),
            "TLSTrustedRoots WSTunPasswordFile WSTunPeerToPeer");
}

TEST_F(TunnelConfigTest, LooksAtTheOwnCertificateWithoutRoots) {
  Make("own.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n");
  const std::string text = absl::StrReplaceAll(
      absl::StrCat(kSecured, kOwnCertificate), {{"roots.pem", "missing.pem"}});
  EXPECT_EQ(Refused(text), "TLSTrustedRoots TLSCertificate");
}

TEST_F(TunnelConfigTest, NamesRootsThatAreNoPem) {
  Make("roots.pem", "no certificate at all");
  ExpectError(kSecured, {"f.ini:4: TLSTrustedRoots: ",
                         "no certificate was found; give PEM"});
  const std::string pem = root_.certificate_pem();
  Make("roots.pem", pem.substr(0, pem.size() / 2));  // a block without end
  ExpectError(kSecured, {"f.ini:4: TLSTrustedRoots: '",
                         "roots.pem': ", "copy the whole certificate again"});
}

TEST_F(TunnelConfigTest, NamesABrokenCertificate) {
  Make("own.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n");
  ExpectError(absl::StrCat(kSecured, kOwnCertificate),
              {"f.ini:5: TLSCertificate: '",
               "own.pem': client certificate: certificate 1: has no END "
               "CERTIFICATE line; copy the whole certificate again"});
}

// They were told that one of the two settings is missing.
TEST_F(TunnelConfigTest, NamesEachFileThatIsEmpty) {
  const std::string text = absl::StrCat(kSecured, kOwnCertificate);
  Make("own.key", "");
  ExpectError(text, {"f.ini:6: TLSPrivateKey: '", "own.key' is empty; use"});
  Make("own.pem", "");
  EXPECT_EQ(Refused(text), "TLSCertificate TLSPrivateKey");
  Make("roots.pem", "");
  ExpectError(kSecured,
              {"f.ini:4: TLSTrustedRoots: '", "roots.pem' is empty; use"});
}

TEST_F(TunnelConfigTest, WarnsOfAKeyThatOthersCanRead) {
  Make("own.key", own_.private_key_pem(), 0640);
  const auto config = Load(absl::StrCat(kSecured, kOwnCertificate));
  ASSERT_TRUE(config.ok()) << config.status();
  ASSERT_EQ((*config)->warnings.size(), 1u);
  for (absl::string_view part :
       {"f.ini:6: TLSPrivateKey: ", "mode 0640", "chmod 600"}) {
    EXPECT_TRUE(absl::StrContains((*config)->warnings[0], part)) << part;
  }
}

TEST_F(TunnelConfigTest, RemembersWhatIsInsecureThePasswordIncluded) {
  const auto config = Load(
      "WSTunServer = 192.0.2.1\nWSTunPassword = 123456\n"
      "WSTunSecured = 0\n");
  ASSERT_TRUE(config.ok()) << config.status();
  std::vector<std::string> names;
  for (const InsecureSetting& setting : (*config)->insecure) {
    names.push_back(absl::StrCat(setting.name, "=", setting.value));
  }
  EXPECT_EQ(names, (std::vector<std::string>{"WSTunPassword=default",
                                             "WSTunSecured=0"}));
}

TEST_F(TunnelConfigTest, RefusesTheKeyOfAnotherCertificate) {
  Make("own.key", root_.Issue("DNS:other.example").private_key_pem());
  ExpectError(absl::StrCat(kSecured, kOwnCertificate),
              {"f.ini:6: TLSPrivateKey: '",
               "own.key': the private key does not belong to the first "
               "certificate; use the key"});
}

TEST_F(TunnelConfigTest, RefusesAVrfThatWasNamedButDoesNotExist) {
  ExpectError(absl::StrCat(kPlain, "WSTunVrf = no-such-vrf0\n"),
              {"f.ini:4: WSTunVrf: ", "'no-such-vrf0'", "does not exist"});
}

TEST_F(TunnelConfigTest, GoesWithoutTheDefaultVrfWhereThereIsNone) {
  const auto config = Load(kPlain);
  ASSERT_TRUE(config.ok()) << config.status();
  if (!(*config)->sockets.vrf.empty()) {
    GTEST_SKIP() << "this machine has a main-vrf";
  }
  EXPECT_EQ((*config)->sockets.vrf, "");
}

TEST_F(TunnelConfigTest, TakesAVrfThatExists) {
  // Any device can stand for one; every machine has this.
  const auto config = Load(absl::StrCat(kPlain, "WSTunVrf = lo\n"));
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ((*config)->sockets.vrf, "lo");
}

TEST_F(TunnelConfigTest, TakesTheNameServersOfTheMachineAsTheyAre) {
  const absl::string_view text =
      "WSTunServer = ovoc.example\nWSTunPassword = s3cret\n"
      "WSTunSecured = 0\n";
  // None of this machine is no error: DHCP may bring one later.
  EXPECT_TRUE(Load(text).ok());
}

// A zone is for this machine's sockets: OVOC hears nothing of it.
TEST_F(TunnelConfigTest, KeepsTheZoneOfTheServersAddressToItself) {
  const auto config = Load(
      "WSTunServer = fe80::1%lo\nWSTunPassword = s3cret\n"
      "WSTunSecured = 0\nDNSPriServerIP = fe80::53%lo\n");
  ASSERT_TRUE(config.ok()) << config.status();
  const Attempt::Options& attempt = (*config)->attempt;
  EXPECT_EQ(attempt.session.host, "[fe80::1]");
  EXPECT_EQ(attempt.server, "fe80::1") << "for SNI and the certificate";
  ASSERT_EQ(attempt.known.size(), 1u);
  const std::string index = absl::StrCat(if_nametoindex("lo"));
  EXPECT_EQ(attempt.known[0].ToString(), absl::StrCat("fe80::1%", index));
  ASSERT_EQ(attempt.dns.servers.size(), 1u);
  EXPECT_EQ(attempt.dns.servers[0].ToString(),
            absl::StrCat("fe80::53%", index));
}

TEST_F(TunnelConfigTest, WarnsOfAZoneThatIsNoInterfaceYet) {
  const auto config = Load(
      "WSTunServer = fe80::1%nobody-has-it\nWSTunPassword = s3cret\n"
      "WSTunSecured = 0\n");
  ASSERT_TRUE(config.ok()) << config.status();
  ASSERT_EQ((*config)->warnings.size(), 1u);
  EXPECT_TRUE(absl::StrContains((*config)->warnings[0],
                                "an interface that does not exist yet"));
}

// A process whose working folder is a machine's root, with files of its own.
TEST_F(TunnelConfigTest, AsksTheHostsFileBeforeEachAttempt) {
  ASSERT_EQ(mkdir(absl::StrCat(folder_, "/etc").c_str(), 0700), 0);
  Make("f.ini",
       "WSTunServer = OVOC.example\nWSTunPassword = s3cret\n"
       "WSTunSecured = 0\n");
  Make("etc/hosts", "192.0.2.7 other ovoc.example\r\n2001:db8::7 ovoc.example");
  Make("etc/resolv.conf",
       "nameserver 192.0.2.1\nnameserver 192.0.2.2\n"
       "nameserver fe80::3%lo\n");
  const pid_t child = fork();
  if (child == 0) {
    if (chdir(folder_.c_str()) != 0) {
      _exit(2);
    }
    auto config = LoadTunnelConfig("f.ini", Policy::kCompat,
                                   FileRoot::WorkingFolder("/"));
    if (!config.ok() || (*config)->attempt.known.size() != 2 ||
        (*config)->attempt.known[1].ToString() != "2001:db8::7" ||
        (*config)->attempt.dns.servers.size() != 3) {
      _exit(3);
    }
    std::ofstream("etc/hosts") << "192.0.2.8 ovoc.example\n";
    RefreshSurroundings(config->get());
    _exit((*config)->attempt.known.size() == 1 ? 0 : 4);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  for (const char* name : {"/etc/hosts", "/etc/resolv.conf"}) {
    unlink(absl::StrCat(folder_, name).c_str());
  }
  rmdir(absl::StrCat(folder_, "/etc").c_str());
}

// 0 when a hosts file of `bytes` in the working folder, as the root, is read,
// and nothing is said of it; 1 when it is warned of and counts as empty.
int LoadWithHostsOf(off_t bytes) {
  if (truncate("etc/hosts", bytes) != 0) {
    return 2;
  }
  const auto config =
      LoadTunnelConfig("f.ini", Policy::kCompat, FileRoot::WorkingFolder("/"));
  if (!config.ok()) {
    return 3;
  }
  const std::vector<std::string>& warnings = (*config)->warnings;
  if ((*config)->attempt.known.size() == 1) {
    return warnings.empty() ? 0 : 4;
  }
  const std::vector<std::string> expected = {
      "/etc/hosts: file has more than 4194304 bytes, so it counts as empty; "
      "make it smaller"};
  return warnings == expected ? 1 : 5;
}

TEST_F(TunnelConfigTest, WarnsOfAHostsFileThatIsTooLarge) {
  ASSERT_EQ(mkdir(absl::StrCat(folder_, "/etc").c_str(), 0700), 0);
  Make("f.ini",
       "WSTunServer = ovoc.example\nWSTunPassword = s3cret\n"
       "WSTunSecured = 0\n");
  Make("etc/hosts", "192.0.2.7 ovoc.example\n");
  constexpr off_t kMost = off_t{4} * 1024 * 1024;
  for (const auto& [bytes, expected] :
       {std::pair<off_t, int>{kMost, 0}, {kMost + 1, 1}}) {
    const pid_t child = fork();
    if (child == 0) {
      _exit(chdir(folder_.c_str()) == 0 ? LoadWithHostsOf(bytes) : 6);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(WEXITSTATUS(status), expected) << bytes;
  }
  unlink(absl::StrCat(folder_, "/etc/hosts").c_str());
  rmdir(absl::StrCat(folder_, "/etc").c_str());
}

TEST_F(TunnelConfigTest, HoldsTheSettingsAgainstThePolicyOfTheBuild) {
  const auto refused = Load(kPlain, Policy::kCertified);
  EXPECT_TRUE(absl::StrContains(refused.status().message(),
                                "is not allowed in a certified build"))
      << refused.status();
  EXPECT_EQ((*Load(kPlain))->policy, Policy::kCompat);
}

// They were shown only once the file had no other error.
TEST_F(TunnelConfigTest, ShowsWhatThePolicyRefusesBesideOtherErrors) {
  const std::string text =
      "WSTunSecured = 0\nWSTunServer = a..b\nWSTunPassword = s3cret\n"
      "WSTunMtu = 1\nWSTunPeerToPeer = 1\n";
  EXPECT_EQ(Refused(text, Policy::kCertified),
            "WSTunSecured WSTunServer WSTunPassword WSTunMtu WSTunPeerToPeer");
  EXPECT_EQ(Refused(text), "WSTunServer WSTunMtu");
  // What was not read is not held against the policy.
  EXPECT_EQ(Refused("WSTunServer = a\nWSTunSecured = x\nWSTunPassword = "
                    "'$1$x'\nWSTunPeerToPeer = 2\n",
                    Policy::kCertified),
            "WSTunSecured WSTunPassword WSTunPeerToPeer");
  EXPECT_EQ(Refused("WSTunServer = a\nWSTunPassword = s3cret\n"
                    "WSTunPasswordFile = DIR/none\n",
                    Policy::kCertified),
            "WSTunPassword WSTunPasswordFile");
}

TEST_F(TunnelConfigTest, LoadsADevicesFileUnlessTheBuildIsCertified) {
  const std::string text = absl::StrCat(kPlain, "SyslogServerIP = 1.2.3.4\n");
  const auto config = Load(text);
  ASSERT_TRUE(config.ok()) << config.status();
  ASSERT_EQ((*config)->warnings.size(), 1u);
  EXPECT_TRUE(absl::StrContains((*config)->warnings[0], "1 parameter"));
  const auto refused = Load(text, Policy::kCertified);
  EXPECT_TRUE(absl::StrContains(refused.status().message(),
                                "SyslogServerIP: unknown setting"))
      << refused.status();
}

TEST_F(TunnelConfigTest, SaysWhenCertificateAndKeyAreSwapped) {
  ExpectError(absl::StrCat(kSecured,
                           "TLSCertificate = 'DIR/own.key'\n"
                           "TLSPrivateKey = 'DIR/own.pem'\n"),
              {"f.ini:5: TLSCertificate: '",
               "own.key' has a private key but no certificate; use a PEM file",
               "are swapped"});
}

// Whoever may write the roots says who is OVOC.
TEST_F(TunnelConfigTest, RefusesFilesThatOthersMayWrite) {
  const std::string text = absl::StrCat(kSecured, kOwnCertificate);
  for (const auto& [file, setting] :
       {std::pair<std::string, std::string>{"roots.pem", "TLSTrustedRoots"},
        {"own.pem", "TLSCertificate"},
        {"own.key", "TLSPrivateKey"}}) {
    const std::string path = absl::StrCat(folder_, "/", file);
    ASSERT_EQ(chmod(path.c_str(), 0622), 0);
    ExpectError(text, {absl::StrCat(setting, ": '", path,
                                    "' is writable by others (owner ", getuid(),
                                    ", mode 0622); run chmod go-w")});
    ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  }
}

TEST_F(TunnelConfigTest, PassesOnErrorsAndWarningsOfTheSettingsFile) {
  ExpectError("WSTunServer = ovoc.example\n", {"WSTunPassword"});
  Make("f.ini", kPlain, 0644);
  const auto config = LoadTunnelConfig(made_.back(), Policy::kCompat);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ((*config)->warnings.size(), 1u) << "others can read the password";
}

// For a keeper, whose root is empty: its working folder is the machine's root.
TEST_F(TunnelConfigTest, FindsAllFilesBelowTheWorkingFolderNowAndLater) {
  const std::string etc = folder_ + "/etc";
  ASSERT_EQ(mkdir(etc.c_str(), 0700), 0);
  Make("etc/resolv.conf", "nameserver 192.0.2.1\n");
  Make("f.ini",
       "WSTunServer = ovoc.example\nWSTunPassword = s3cret\n"
       "TLSTrustedRoots = /roots.pem\nTLSCertificate = /own.pem\n"
       "TLSPrivateKey = /own.key\n");
  const pid_t child = fork();
  if (child == 0) {
    const auto servers = [](const TunnelConfig& config) {
      return config.attempt.dns.servers.empty()
                 ? std::string("none")
                 : config.attempt.dns.servers[0].ToString();
    };
    const auto loaded = chdir(folder_.c_str()) != 0
                            ? absl::StatusOr<std::unique_ptr<TunnelConfig>>(
                                  absl::UnknownError("chdir"))
                            : LoadTunnelConfig("/f.ini", Policy::kCompat,
                                               FileRoot::WorkingFolder("/"));
    if (!loaded.ok() || servers(**loaded) != "192.0.2.1") {
      _exit(1);
    }
    std::ofstream("etc/resolv.conf") << "nameserver 192.0.2.2\n";
    RefreshSurroundings(loaded->get());
    if (servers(**loaded) != "192.0.2.2") {
      _exit(2);
    }
    // resolv.conf(5): then this machine is asked, as the C library does.
    std::ofstream("etc/resolv.conf") << "search example\n";
    RefreshSurroundings(loaded->get());
    if (servers(**loaded) != "127.0.0.1") {
      _exit(3);
    }
    unlink("etc/resolv.conf");
    RefreshSurroundings(loaded->get());
    _exit(servers(**loaded) == "127.0.0.1" ? 0 : 4);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  unlink((etc + "/resolv.conf").c_str());
  rmdir(etc.c_str());
}

}  // namespace
}  // namespace ovoc::tunnel
