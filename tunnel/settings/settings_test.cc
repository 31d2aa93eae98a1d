// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/settings.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "auth/secret.h"
#include "gtest/gtest.h"
#include "tunnel/settings/parse_settings.h"

namespace ovoc::tunnel {
namespace {

// The least that works; further lines are counted from 3.
constexpr absl::string_view kLeast =
    "WSTunServer = ovoc.example\nWSTunPassword = 's3cret'\n";

// Parse is for texts that are expected to be right.
Settings Parse(absl::string_view text) {
  absl::StatusOr<Settings> settings =
      ParseSettings(text, "f.ini", IniDialect::kStrict);
  EXPECT_TRUE(settings.ok()) << settings.status();
  return settings.ok() ? *std::move(settings) : Settings();
}

// ErrorOf is the first line of the message for texts that are expected to be
// wrong. Whatever is wrong, no password is in it.
std::string ErrorOf(absl::string_view text) {
  const absl::StatusOr<Settings> settings =
      ParseSettings(text, "f.ini", IniDialect::kStrict);
  if (settings.ok()) {
    return "no error";
  }
  EXPECT_EQ(settings.status().code(), absl::StatusCode::kInvalidArgument);
  const std::string message(settings.status().message());
  EXPECT_FALSE(absl::StrContains(message, "s3cret")) << message;
  return message.substr(0, message.find('\n'));
}

std::string WithLeast(absl::string_view text) {
  return absl::StrCat(kLeast, text);
}

absl::string_view Password(const Settings& settings) {
  return settings.password.Reveal(auth::InsecureSecretAccess::Get());
}

// RFC 9525 6.6 MUST NOT: the check is not off by default
TEST(SettingsTest, HaveTheDefaultsOfTheManualAndOurs) {
  const Settings settings = Parse(kLeast);
  ASSERT_EQ(settings.servers.size(), 1u);
  EXPECT_EQ(settings.servers[0].name, "ovoc.example");
  EXPECT_FALSE(settings.servers[0].address.has_value());
  EXPECT_FALSE(settings.server_revert);
  EXPECT_EQ(settings.server_port, 0);
  EXPECT_EQ(ServerPort(settings), 443);
  EXPECT_EQ(settings.server_path, "tun");
  EXPECT_EQ(settings.username, "VPN");
  EXPECT_EQ(Password(settings), "s3cret");
  EXPECT_EQ(settings.password_file, "");
  EXPECT_TRUE(settings.secured);
  EXPECT_TRUE(settings.verify_peer);
  EXPECT_TRUE(settings.verify_host_name);
  EXPECT_EQ(settings.trusted_roots, "");
  EXPECT_EQ(settings.certificate, "");
  EXPECT_EQ(settings.private_key, "");
  EXPECT_FALSE(settings.proxy.has_value());
  EXPECT_FALSE(settings.proxy_fallback);
  EXPECT_FALSE(settings.dns_primary.has_value());
  EXPECT_FALSE(settings.dns_secondary.has_value());
  EXPECT_EQ(settings.vrf, "main-vrf");
  EXPECT_FALSE(settings.IsExplicit("WSTunVrf"));
  EXPECT_EQ(settings.interface, "ovoc0");
  EXPECT_EQ(settings.mtu, 1500);
  EXPECT_EQ(settings.overlay.ToString(), "169.254.0.0/18");
  EXPECT_FALSE(settings.peer_to_peer);
  EXPECT_EQ(settings.keep_alive, absl::Seconds(17));
  EXPECT_EQ(settings.dead_after, absl::Seconds(60));
  EXPECT_EQ(settings.file, "f.ini");
}

constexpr absl::string_view kEverything =
    "[ WSTUN ]\r\n"
    "WSTunServer = '2001:db8::1, ovoc.example'\r\n"
    "WSTunServerRevert = 1\r\n"
    "WSTunServerPort = 8443\r\n"
    "WSTunServerPath = /a/b\r\n"
    "WSTunUsername = 'device 7'\r\n"
    "WSTunPasswordFile = '/etc/ovoc/password'\r\n"
    "WSTunSecured = 0\r\n"
    "WSTunVerifyPeer = 0\r\n"
    "WSTunVerifyHostName = 0\r\n"
    "TLSTrustedRoots = 'roots.pem'\r\n"
    "TLSCertificate = 'device.pem'\r\n"
    "TLSPrivateKey = 'device.key'\r\n"
    "WSTunProxy = 'http://device%207:s3cr%65t;@proxy.example:3128/'\r\n"
    "WSTunProxyRoots = 'proxy.pem'\r\n"
    "WSTunProxyFallback = 1\r\n"
    "DNSPriServerIP = 192.0.2.53\r\n"
    "DNSSecServerIP = 2001:db8::53\r\n"
    "WSTunVrf = main-vrf\r\n"
    "WSTunInterface = tun7\r\n"
    "WSTunMtu = 1400\r\n"
    "WSTunOverlay = 169.254.0.0/18\r\n"
    "WSTunPeerToPeer = 1\r\n"
    "WSTunKeepAlive = 5\r\n"
    "WSTunDeadAfter = 20\r\n"
    "WSTunReconnectSpread = 30\r\n";

void ExpectEverything(const Settings& settings) {
  ASSERT_EQ(settings.servers.size(), 2u);
  EXPECT_EQ(settings.servers[0].name, "2001:db8::1");
  ASSERT_TRUE(settings.servers[0].address.has_value());
  EXPECT_EQ(settings.servers[0].address->ToString(), "2001:db8::1");
  EXPECT_EQ(settings.servers[1].name, "ovoc.example");
  EXPECT_TRUE(settings.server_revert);
  EXPECT_EQ(ServerPort(settings), 8443);
  EXPECT_EQ(settings.server_path, "a/b");
  EXPECT_EQ(settings.username, "device 7");
  EXPECT_TRUE(settings.password.empty());
  EXPECT_EQ(settings.password_file, "/etc/ovoc/password");
  EXPECT_FALSE(settings.secured);
  EXPECT_FALSE(settings.verify_peer);
  EXPECT_FALSE(settings.verify_host_name);
  EXPECT_EQ(settings.trusted_roots, "roots.pem");
  EXPECT_EQ(settings.certificate, "device.pem");
  EXPECT_EQ(settings.private_key, "device.key");
  ASSERT_TRUE(settings.proxy.has_value());
  EXPECT_EQ(settings.proxy->Endpoint(), "proxy.example:3128");
  EXPECT_EQ(settings.proxy->user, "device 7");
  EXPECT_EQ(settings.proxy->password, auth::Secret::FromString("s3cret;"));
  EXPECT_EQ(settings.proxy_roots, "proxy.pem");
  EXPECT_TRUE(settings.proxy_fallback);
  ASSERT_TRUE(settings.dns_primary.has_value());
  EXPECT_EQ(settings.dns_primary->ToString(), "192.0.2.53");
  ASSERT_TRUE(settings.dns_secondary.has_value());
  EXPECT_EQ(settings.dns_secondary->ToString(), "2001:db8::53");
  EXPECT_EQ(settings.vrf, "main-vrf");
  EXPECT_TRUE(settings.IsExplicit("WSTunVrf"));
  EXPECT_EQ(settings.interface, "tun7");
  EXPECT_EQ(settings.mtu, 1400);
  EXPECT_EQ(settings.overlay.ToString(), "169.254.0.0/18");
  EXPECT_TRUE(settings.peer_to_peer);
  EXPECT_EQ(settings.keep_alive, absl::Seconds(5));
  EXPECT_EQ(settings.dead_after, absl::Seconds(20));
  EXPECT_EQ(settings.reconnect_spread, absl::Seconds(30));
  EXPECT_EQ(settings.lines.at("WSTunServer"), 2);
  EXPECT_EQ(settings.lines.at("WSTunDeadAfter"), 25);
}

TEST(SettingsTest, ReadEveryName) {
  const Settings settings = Parse(kEverything);
  ExpectEverything(settings);
  EXPECT_EQ(settings.lines.size(), 25u);
}

TEST(SettingsTest, ReadNamesInAnyCase) {
  std::string text;
  for (const absl::string_view line : absl::StrSplit(kEverything, '\n')) {
    const std::vector<std::string> parts =
        absl::StrSplit(line, absl::MaxSplits('=', 1));
    absl::StrAppend(&text, absl::AsciiStrToLower(parts[0]),
                    parts.size() > 1 ? "=" + parts[1] : "", "\n");
  }
  ExpectEverything(Parse(text));
}

TEST(SettingsTest, TakeNoneForNoProxy) {
  EXPECT_FALSE(Parse(WithLeast("WSTunProxy = none\n")).proxy.has_value());
  EXPECT_FALSE(Parse(WithLeast("WSTunProxy = none\n")).proxy_from_environment);
}

TEST(SettingsTest, TakeAProxyFromTheEnvironmentLater) {
  const Settings settings = Parse(WithLeast("WSTunProxy = environment\n"));
  EXPECT_FALSE(settings.proxy.has_value());
  EXPECT_TRUE(settings.proxy_from_environment);
}

TEST(SettingsTest, SayWhatIsWrongWithAProxyWithoutAByteOfIt) {
  EXPECT_EQ(ErrorOf(WithLeast("WSTunProxy = 'http://u:s3cret@proxy'\n")),
            "f.ini:3: WSTunProxy: a value of 21 bytes has no port; write it as "
            "in http://proxy.example:3128 or "
            "http://user:password@proxy.example:3128");
  EXPECT_EQ(ErrorOf(WithLeast("WSTunProxy = s3cret\n")),
            "f.ini:3: WSTunProxy: a value of 6 bytes has no http:// or "
            "https:// in front; "
            "write it as in http://proxy.example:3128, or use none or "
            "environment, in small letters");
}

TEST(SettingsTest, RefuseAProxyInsideTheTunnel) {
  EXPECT_EQ(ErrorOf(WithLeast("WSTunProxy = http://169.254.7.7:3128\n")),
            "f.ini:3: WSTunProxy: '169.254.7.7' is inside WSTunOverlay; use a "
            "name, or an address outside 169.254.0.0/18");
  EXPECT_EQ(ErrorOf(WithLeast("WSTunProxy = http://169.254.0.1:3128\n")),
            "f.ini:3: WSTunProxy: '169.254.0.1' is OVOC's address inside the "
            "tunnel; use an address outside the tunnel");
}

TEST(SettingsTest, ChooseThePortByTheTransport) {
  EXPECT_EQ(ServerPort(Parse(WithLeast("WSTunSecured = 0\n"))), 80);
  EXPECT_EQ(ServerPort(Parse(WithLeast("WSTunServerPort = 0\n"))), 443);
  EXPECT_EQ(ServerPort(Parse(WithLeast("WSTunServerPort = 65535\n"))), 65535);
}

TEST(SettingsTest, TakeAnUnconfiguredDnsServerForNone) {
  const Settings settings =
      Parse(WithLeast("DNSPriServerIP = 192.0.2.53\n"
                      "DNSSecServerIP = '0.0.0.0'\n"));
  EXPECT_TRUE(settings.dns_primary.has_value());
  EXPECT_FALSE(settings.dns_secondary.has_value());
}

TEST(SettingsTest, TakeAPasswordWithEveryPrintableByte) {
  EXPECT_EQ(Password(Parse("WSTunServer=a\nWSTunPassword = ' ;=\"[#\\ '\n")),
            " ;=\"[#\\ ");
  EXPECT_EQ(Password(Parse("WSTunServer=a\nWSTunPassword = it's;x\n")),
            "it's;x");
}

TEST(SettingsTest, TakeBothEndsOfEachRange) {
  for (const absl::string_view line :
       {"WSTunMtu = 576", "WSTunMtu = 1500", "WSTunKeepAlive = 1",
        "WSTunKeepAlive = 17", "WSTunDeadAfter = 18", "WSTunDeadAfter = 600",
        "WSTunKeepAlive = 1\nWSTunDeadAfter = 5", "WSTunReconnectSpread = 1",
        "WSTunReconnectSpread = 300", "WSTunInterface = fifteen-letters",
        "WSTunOverlay = 169.254.0.0/30"}) {
    EXPECT_EQ(ErrorOf(WithLeast(line)), "no error") << line;
  }
}

TEST(SettingsTest, SayWhatABadValueIsAndWhatIsAllowed) {
  struct Case {
    absl::string_view name;
    absl::string_view allowed;
    std::vector<absl::string_view> values;
  };
  constexpr absl::string_view kDevice =
      "1 to 15 letters, digits, '_', '-' or '.', but not '.', '..', 'all' or "
      "'default'";
  constexpr absl::string_view kDns =
      "an IPv4 or IPv6 unicast address, or 0.0.0.0 for none";
  const Case kCases[] = {
      {"WSTunServerPort",
       "0 to 65535 (0 means 443, or 80 without WSTunSecured)",
       {"65536", "-1", "443x", ""}},
      {"WSTunServerPath",
       "at most 255 characters of a URL path and query (RFC 3986), with at "
       "most one leading '/'",
       {"a b", "a#b", "//tun"}},
      {"WSTunPasswordFile",
       "the path of a file that only its owner can read",
       {""}},
      {"WSTunSecured", "0 or 1", {"2", "", "yes", "true"}},
      {"WSTunVerifyPeer", "0 or 1", {"2", ""}},
      {"WSTunVerifyHostName", "0 or 1", {"2", ""}},
      {"WSTunPeerToPeer", "0 or 1", {"2", ""}},
      {"TLSTrustedRoots", "the path of a PEM file", {""}},
      {"TLSCertificate", "the path of a PEM file", {""}},
      {"TLSPrivateKey", "the path of a PEM file", {""}},
      {"DNSPriServerIP", kDns, {"", "ns.example"}},
      {"DNSSecServerIP", kDns, {"", "ns.example"}},
      {"WSTunVrf", kDevice, {"", "a/b", "sixteen--letters"}},
      {"WSTunInterface", kDevice, {"", "all", "tun%d", "sixteen--letters"}},
      {"WSTunMtu", "576 to 1500", {"575", "1501", "9000", ""}},
      {"WSTunOverlay",
       "a prefix of length 16 to 30 that contains 169.254.0.1, such as "
       "169.254.0.0/18",
       {"10.0.0.0/8", "169.254.0.0/15", "169.254.0.0/31", ""}},
      {"WSTunKeepAlive",
       "a whole number from 1 to 17 (seconds)",
       {"0", "18", "17s", "17 seconds", ""}},
      {"WSTunDeadAfter",
       "a whole number from 5 to 600 (seconds)",
       {"4", "601", ""}},
      {"WSTunReconnectSpread",
       "a whole number from 1 to 300 (seconds)",
       {"0", "301", "-1", "1.5", "10s", ""}},
  };
  for (const Case& c : kCases) {
    for (const absl::string_view value : c.values) {
      EXPECT_EQ(ErrorOf(WithLeast(absl::StrCat(c.name, " = '", value, "'\n"))),
                absl::StrCat("f.ini:3: ", c.name, ": '", value,
                             "' is not valid; use ", c.allowed));
    }
  }
}

TEST(SettingsTest, RefuseABadServer) {
  constexpr absl::string_view kEnd =
      "' is not valid; use one to three IPv4 or IPv6 unicast addresses or host "
      "names, separated by commas";
  for (const absl::string_view value : {"", "-a", "a..b", "a*"}) {
    EXPECT_EQ(ErrorOf(absl::StrCat("WSTunServer = '", value, "'\n")),
              absl::StrCat("f.ini:1: WSTunServer: '", value, kEnd));
  }
  EXPECT_EQ(ErrorOf("WSTunServer = ovoc.example:8443\n"),
            "f.ini:1: WSTunServer: 'ovoc.example:8443' has a port; leave the "
            "port out (OVOC's port goes into WSTunServerPort)");
}

// Nobody can connect to it, or it is asked for by each machine on the link.
TEST(SettingsTest, RefuseALinkLocalAddressWithoutItsInterface) {
  for (const absl::string_view name :
       {"WSTunServer", "DNSPriServerIP", "DNSSecServerIP"}) {
    const std::string error =
        ErrorOf(absl::StrCat("WSTunMtu = 1400\n", name, " = fe80::1\n"));
    EXPECT_TRUE(absl::StartsWith(
        error, absl::StrCat("f.ini:2: ", name,
                            ": 'fe80::1' is a link-local address without an "
                            "interface; add % and the interface, as in "
                            "fe80::1%eth0")))
        << error;
  }
  EXPECT_EQ(Parse("WSTunServer = fe80::1%eth0\nWSTunPassword = s3cret\n"
                  "DNSPriServerIP = fe80::53%eth0\n")
                .servers[0]
                .address->ToString(),
            "fe80::1%eth0");
}

TEST(SettingsTest, RefuseAServerInsideTheTunnel) {
  const auto error = [](absl::string_view server, absl::string_view more) {
    return ErrorOf(absl::StrCat("WSTunServer = ", server,
                                "\nWSTunPassword = s3cret\n", more));
  };
  EXPECT_EQ(error("169.254.0.1", ""),
            "f.ini:1: WSTunServer: '169.254.0.1' is OVOC's address inside the "
            "tunnel; use an address outside the tunnel");
  EXPECT_EQ(error("169.254.63.255", ""),
            "f.ini:1: WSTunServer: '169.254.63.255' is inside WSTunOverlay; "
            "use a name, or an address outside 169.254.0.0/18");
  EXPECT_EQ(error("169.254.64.0", ""), "no error");
  EXPECT_EQ(error("ovoc.example, 169.254.64.0, 169.254.63.255", ""),
            "f.ini:1: WSTunServer: '169.254.63.255' is inside WSTunOverlay; "
            "use a name, or an address outside 169.254.0.0/18");
  EXPECT_EQ(error("192.0.2.1, 169.254.0.1", ""),
            "f.ini:1: WSTunServer: '169.254.0.1' is OVOC's address inside the "
            "tunnel; use an address outside the tunnel");
  EXPECT_EQ(error("169.254.64.0", "WSTunOverlay = 169.254.0.0/16"),
            "f.ini:1: WSTunServer: '169.254.64.0' is inside WSTunOverlay; use "
            "a name, or an address outside 169.254.0.0/16");
  EXPECT_EQ(error("169.254.0.4", "WSTunOverlay = 169.254.0.0/30"), "no error");
}

// 169.254.20.10 is a cluster's own name server: no route of the tunnel has it.
TEST(SettingsTest, RefuseOvocsOwnAddressAsANameServer) {
  for (const absl::string_view name : {"DNSPriServerIP", "DNSSecServerIP"}) {
    EXPECT_EQ(ErrorOf(WithLeast(absl::StrCat(name, " = 169.254.0.1\n"))),
              absl::StrCat("f.ini:3: ", name,
                           ": '169.254.0.1' is OVOC's address inside the "
                           "tunnel; use an address outside the tunnel"));
    EXPECT_EQ(ErrorOf(WithLeast(absl::StrCat(name, " = 169.254.20.10\n"))),
              "no error");
  }
}

TEST(SettingsTest, NeverShowAPassword) {
  constexpr absl::string_view kFront = "f.ini:1: WSTunPassword: a value of ";
  constexpr absl::string_view kEnd =
      " bytes is not valid; use 1 to 255 bytes without control characters";
  const std::string too_long = "s3cret" + std::string(250, 'x');
  EXPECT_EQ(ErrorOf(absl::StrCat("WSTunPassword = ", too_long)),
            absl::StrCat(kFront, 256, kEnd));
  EXPECT_EQ(ErrorOf("WSTunPassword = 's3cret\t'"),
            absl::StrCat(kFront, 7, kEnd));
  EXPECT_EQ(ErrorOf("wstunpassword = ''"), absl::StrCat(kFront, 0, kEnd));
  // Where people put it by mistake.
  EXPECT_EQ(ErrorOf("WSTunUsername = 'VPN:s3cret'"),
            "f.ini:1: WSTunUsername: a value of 10 bytes is not valid; use 1 "
            "to 255 bytes without ':' or control characters");
  EXPECT_EQ(ErrorOf("WSTunServer = https://VPN:s3cret@ovoc.example/tun"),
            "f.ini:1: WSTunServer: a value of 35 bytes is a URL; use its host "
            "alone (the port and the path go into WSTunServerPort and "
            "WSTunServerPath)");
  // Near the name, twice, in a broken line: ErrorOf looks for the password.
  for (const absl::string_view text :
       {"WSTunPasswrd = s3cret", "Password = s3cret", "WSTunPassword s3cret",
        "WSTunPassword = 1\nWSTunPassword = s3cret",
        "WSTunPassword = s3cret\nWSTunPassword = 1", "WSTunPassword = 's3cret",
        "WSTunPassword = s3cret\nWSTunPasswordFile = p",
        "WSTunPassword = s3cret"}) {
    EXPECT_NE(ErrorOf(text), "no error");
  }
}

TEST(SettingsTest, NameBothLinesOfADuplicate) {
  EXPECT_EQ(ErrorOf("WSTunServer = a\n\n; c\nWSTUNSERVER = a\n"),
            "f.ini:4: WSTunServer: already set in line 1; remove one of the "
            "two lines");
  // Sections do not make another name of it.
  EXPECT_EQ(ErrorOf("[a]\nWSTunMtu = 576\n[b]\nWSTunMtu = 1500\n"),
            "f.ini:4: WSTunMtu: already set in line 2; remove one of the two "
            "lines");
}

TEST(SettingsTest, SayWhichNameWasMeant) {
  struct Case {
    absl::string_view typed;
    absl::string_view meant;
  };
  constexpr Case kCases[] = {
      {"WSTunSever", "WSTunServer"},
      {"wstunserver_", "WSTunServer"},
      {"WSTunServerPrt", "WSTunServerPort"},
      {"WSTunUserName1", "WSTunUsername"},
      {"WSTunPasword", "WSTunPassword"},
      {"WSTunPasswordFiel", "WSTunPasswordFile"},
      {"WSTunVerifyHostname0", "WSTunVerifyHostName"},
      {"TLSTrustedRoot", "TLSTrustedRoots"},
      {"DNSPrimServerIP", "DNSPriServerIP"},
      {"WSTunKeepAliv", "WSTunKeepAlive"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(ErrorOf(WithLeast(absl::StrCat(c.typed, " = 1\n"))),
              absl::StrCat("f.ini:3: ", c.typed,
                           ": unknown setting; did you mean ", c.meant, "?"));
  }
}

// One letter left out, wrong or too many, at each place of each name.
TEST(SettingsTest, SayWhichNameWasMeantWhereverTheSlipIs) {
  for (const absl::string_view name : SettingNames()) {
    for (size_t i = 0; i < name.size(); ++i) {
      const absl::string_view front = name.substr(0, i);
      for (const std::string& typed :
           {absl::StrCat(front, name.substr(i + 1)),
            absl::StrCat(front, "q", name.substr(i + 1)),
            absl::StrCat(front, "q", name.substr(i))}) {
        EXPECT_EQ(ErrorOf(WithLeast(absl::StrCat(typed, " = 1\n"))),
                  absl::StrCat("f.ini:3: ", typed,
                               ": unknown setting; did you mean ", name, "?"));
      }
    }
  }
}

TEST(SettingsTest, ListTheNamesWhenNoneIsNear) {
  EXPECT_EQ(ErrorOf("SyslogServerIP = 192.0.2.1\n"),
            "f.ini:1: SyslogServerIP: unknown setting; use one of "
            "WSTunServer WSTunServerRevert WSTunServerPort WSTunServerPath "
            "WSTunUsername "
            "WSTunPassword WSTunPasswordFile WSTunSecured WSTunVerifyPeer "
            "WSTunVerifyHostName TLSTrustedRoots TLSCertificate TLSPrivateKey "
            "WSTunProxy WSTunProxyRoots WSTunProxyFallback "
            "DNSPriServerIP DefaultPrimaryDnsServerIp DNSSecServerIP "
            "DefaultSecondaryDnsServerIp WSTunVrf WSTunInterface WSTunMtu "
            "WSTunOverlay WSTunPeerToPeer WSTunKeepAlive WSTunDeadAfter "
            "WSTunReconnectSpread");
}

TEST(SettingsTest, RequireAServerAndOnePassword) {
  constexpr absl::string_view kMissing =
      ": this required setting is missing; set it";
  constexpr absl::string_view kServer =
      " to one to three IPv4 or IPv6 unicast addresses or host names, "
      "separated "
      "by commas";
  EXPECT_EQ(ErrorOf(""),
            absl::StrCat("f.ini:1: WSTunServer", kMissing, kServer));
  EXPECT_EQ(ErrorOf("\n\nWSTunMtu = 1500"),
            absl::StrCat("f.ini:3: WSTunServer", kMissing, kServer));
  EXPECT_EQ(ErrorOf("WSTunServer = a\n\n"),
            absl::StrCat("f.ini:2: WSTunPassword", kMissing,
                         ", or name its file in WSTunPasswordFile"));
}

TEST(SettingsTest, RefuseBothPasswordsInEitherOrder) {
  EXPECT_EQ(ErrorOf(WithLeast("WSTunPasswordFile = p\n")),
            "f.ini:3: WSTunPasswordFile: WSTunPassword is already set in line "
            "2; remove one of the two");
  EXPECT_EQ(ErrorOf("WSTunPasswordFile = p\nWSTunServer = a\n"
                    "WSTunPassword = 's3cret'\n"),
            "f.ini:3: WSTunPassword: WSTunPasswordFile is already set in line "
            "1; remove one of the two");
}

TEST(SettingsTest, WantTheClientCertificateAndItsKeyTogether) {
  EXPECT_EQ(ErrorOf(WithLeast("TLSCertificate = c\n")),
            "f.ini:3: TLSCertificate: TLSPrivateKey is missing; set both or "
            "neither");
  EXPECT_EQ(ErrorOf(WithLeast("TLSPrivateKey = k\n")),
            "f.ini:3: TLSPrivateKey: TLSCertificate is missing; set both or "
            "neither");
}

TEST(SettingsTest, WantMoreTimeUntilDeadThanBetweenKeepAlives) {
  EXPECT_EQ(ErrorOf(WithLeast("WSTunDeadAfter = 17\n")),
            "f.ini:3: WSTunDeadAfter: WSTunDeadAfter (17 seconds) is not "
            "longer than WSTunKeepAlive (17 seconds); raise WSTunDeadAfter or "
            "lower WSTunKeepAlive");
  EXPECT_EQ(ErrorOf(WithLeast("WSTunDeadAfter = 5\nWSTunKeepAlive = 6\n")),
            "f.ini:3: WSTunDeadAfter: WSTunDeadAfter (5 seconds) is not longer "
            "than WSTunKeepAlive (6 seconds); raise WSTunDeadAfter or lower "
            "WSTunKeepAlive");
}

TEST(SettingsTest, KeepTheirPlaceForLaterErrors) {
  const Settings settings = Parse(WithLeast("TLSTrustedRoots = 'x.pem'\n"));
  const absl::Status status =
      SettingProblem(settings, "TLSTrustedRoots", "there is no certificate",
                     "add at least one");
  EXPECT_EQ(status.message(),
            "f.ini:3: TLSTrustedRoots: there is no certificate; add at least "
            "one");
  EXPECT_EQ(settings.LineOf("TLSTrustedRoots"), 3);
  // A default has no line.
  EXPECT_EQ(settings.LineOf("WSTunVrf"), 0);
  EXPECT_EQ(SettingProblem(settings, "WSTunVrf", "x", "y").message(),
            "f.ini: WSTunVrf: x; y");
}

TEST(DescribeSettingsTest, HasALineForEachNameOfTheTable) {
  const std::string text = DescribeSettings();
  const std::vector<std::string> lines = absl::StrSplit(text, '\n');
  EXPECT_EQ(lines.size(), 27u);  // 26 names and the empty rest
  EXPECT_EQ(lines[7], "  WSTunSecured         0 or 1 [1]");
  EXPECT_EQ(lines[20], "  WSTunMtu             576 to 1500 [1500]");
  EXPECT_EQ(lines[16],
            "  DNSPriServerIP       an IPv4 or IPv6 unicast address, or "
            "0.0.0.0 for none [from /etc/resolv.conf], also "
            "DefaultPrimaryDnsServerIp");
}

TEST(DescribeSettingsTest, GivesTheRangesInForce) {
  for (const absl::string_view name :
       {"WSTunServerPort", "WSTunMtu", "WSTunKeepAlive", "WSTunDeadAfter",
        "WSTunReconnectSpread"}) {
    const SettingRule* const rule = FindSettingRule(name);
    ASSERT_NE(rule, nullptr) << name;
    absl::string_view range = rule->allowed;
    absl::ConsumePrefix(&range, "a whole number from ");
    const std::vector<std::string> words = absl::StrSplit(range, ' ');
    ASSERT_GE(words.size(), 3u) << rule->allowed;
    int low = 0;
    int high = 0;
    ASSERT_TRUE(absl::SimpleAtoi(words[0], &low)) << rule->allowed;
    ASSERT_EQ(words[1], "to") << rule->allowed;
    ASSERT_TRUE(absl::SimpleAtoi(words[2], &high)) << rule->allowed;
    Settings settings;
    EXPECT_TRUE(rule->set(absl::StrCat(low), &settings)) << name;
    EXPECT_TRUE(rule->set(absl::StrCat(high), &settings)) << name;
    EXPECT_FALSE(rule->set(absl::StrCat(low - 1), &settings)) << name;
    EXPECT_FALSE(rule->set(absl::StrCat(high + 1), &settings)) << name;
  }
}

TEST(DescribeSettingsTest, GivesDefaultsThatAFileMayHave) {
  int values = 0;
  for (const absl::string_view name : SettingNames()) {
    const SettingRule* const rule = FindSettingRule(name);
    ASSERT_NE(rule, nullptr) << name;
    // The others say in words where the value comes from.
    if (name != rule->name || absl::StrContains(rule->default_text, ' ') ||
        rule->default_text == "required" || rule->default_text == "none") {
      continue;
    }
    Settings settings;
    EXPECT_TRUE(rule->set(rule->default_text, &settings)) << name;
    ++values;
  }
  EXPECT_EQ(values, 15);
}

TEST(FindSettingRuleTest, KnowsNamesAndAliasesAndNothingElse) {
  for (const absl::string_view name :
       {"DNSSecServerIP", "dnssecserverip", "DefaultSecondaryDnsServerIp",
        "DEFAULTSECONDARYDNSSERVERIP"}) {
    const SettingRule* const rule = FindSettingRule(name);
    ASSERT_NE(rule, nullptr) << name;
    EXPECT_EQ(rule->name, "DNSSecServerIP");
  }
  EXPECT_EQ(FindSettingRule(""), nullptr);
  EXPECT_EQ(FindSettingRule("DefaultSecondaryDnsServer"), nullptr);
}

// The defaults that --help shows are those that a file without the name gets.
TEST(DescribeSettingsTest, ShowsTheDefaultsInEffect) {
  const Settings by_name = Parse(WithLeast(
      "WSTunServerPort = 0\nWSTunServerPath = tun\nWSTunUsername = VPN\n"
      "WSTunSecured = 1\nWSTunVerifyPeer = 1\nWSTunVerifyHostName = 1\n"
      "WSTunInterface = ovoc0\nWSTunMtu = 1500\nWSTunPeerToPeer = 0\n"
      "WSTunOverlay = 169.254.0.0/18\nWSTunKeepAlive = 17\n"
      "WSTunDeadAfter = 60\nWSTunReconnectSpread = 10\n"));
  const Settings by_default = Parse(kLeast);
  EXPECT_EQ(by_name.server_port, by_default.server_port);
  EXPECT_EQ(by_name.server_path, by_default.server_path);
  EXPECT_EQ(by_name.username, by_default.username);
  EXPECT_EQ(by_name.interface, by_default.interface);
  EXPECT_EQ(by_name.mtu, by_default.mtu);
  EXPECT_EQ(by_name.overlay, by_default.overlay);
  EXPECT_EQ(by_name.keep_alive, by_default.keep_alive);
  EXPECT_EQ(by_name.dead_after, by_default.dead_after);
  EXPECT_EQ(by_name.reconnect_spread, by_default.reconnect_spread);
  EXPECT_EQ(by_name.secured, by_default.secured);
  EXPECT_EQ(by_name.verify_peer, by_default.verify_peer);
  EXPECT_EQ(by_name.verify_host_name, by_default.verify_host_name);
  EXPECT_EQ(by_name.peer_to_peer, by_default.peer_to_peer);
}

TEST(SettingsTest, AreReadOrRefusedWhereverTheTextIsCut) {
  for (size_t cut = 0; cut <= kEverything.size(); ++cut) {
    const std::string error = ErrorOf(kEverything.substr(0, cut));
    EXPECT_TRUE(error == "no error" || absl::StartsWith(error, "f.ini:"))
        << cut << " " << error;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
