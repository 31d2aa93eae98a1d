// SPDX-License-Identifier: Apache-2.0
#include "tunnel/config/settings_change.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

std::unique_ptr<TunnelConfig> Config(absl::string_view password = "s3cret") {
  auto config = std::make_unique<TunnelConfig>();
  config->settings.servers = {{"ovoc.example"}};
  config->credentials = std::make_unique<auth::BasicCredentials>(
      auth::BasicCredentials::Create("VPN", auth::Secret::FromString(password))
          .value());
  config->file_digests = {{"TLSTrustedRoots", "1"}};
  return config;
}

using Change = std::function<void(TunnelConfig*)>;

void SetPassword(TunnelConfig* config) {
  config->credentials = std::move(Config("other")->credentials);
}

// A change of each setting that there is, and of nothing else.
const std::map<std::string, Change>& Changes() {
  static const auto* const kChanges = new std::map<std::string, Change>{
      {"WSTunServer",
       [](TunnelConfig* c) {
         c->settings.servers = {{"ovoc.example"}, {"b"}};
       }},
      {"WSTunServerRevert",
       [](TunnelConfig* c) { c->settings.server_revert = true; }},
      {"WSTunServerPort", [](TunnelConfig* c) { c->settings.server_port = 1; }},
      {"WSTunServerPath",
       [](TunnelConfig* c) { c->settings.server_path = "b"; }},
      {"WSTunUsername", [](TunnelConfig* c) { c->settings.username = "b"; }},
      {"WSTunPassword", SetPassword},
      {"WSTunPasswordFile",
       [](TunnelConfig* c) { c->settings.password_file = "/b"; }},
      {"WSTunSecured", [](TunnelConfig* c) { c->settings.secured = false; }},
      {"WSTunVerifyPeer",
       [](TunnelConfig* c) { c->settings.verify_peer = false; }},
      {"WSTunVerifyHostName",
       [](TunnelConfig* c) { c->settings.verify_host_name = false; }},
      {"TLSTrustedRoots",
       [](TunnelConfig* c) { c->settings.trusted_roots = "/b"; }},
      {"TLSCertificate",
       [](TunnelConfig* c) { c->settings.certificate = "/b"; }},
      {"TLSPrivateKey",
       [](TunnelConfig* c) { c->settings.private_key = "/b"; }},
      {"WSTunProxy",
       [](TunnelConfig* c) {
         c->settings.proxy = ParseProxyUrl("http://proxy:3128").url;
       }},
      {"WSTunProxyRoots",
       [](TunnelConfig* c) { c->settings.proxy_roots = "/b"; }},
      {"WSTunProxyFallback",
       [](TunnelConfig* c) { c->settings.proxy_fallback = true; }},
      {"DNSPriServerIP",
       [](TunnelConfig* c) {
         c->settings.dns_primary = netif::IpAddress::Parse("192.0.2.1");
       }},
      {"DNSSecServerIP",
       [](TunnelConfig* c) {
         c->settings.dns_secondary = netif::IpAddress::Parse("192.0.2.1");
       }},
      {"WSTunVrf", [](TunnelConfig* c) { c->settings.vrf = "b"; }},
      {"WSTunInterface", [](TunnelConfig* c) { c->settings.interface = "b"; }},
      {"WSTunMtu", [](TunnelConfig* c) { c->settings.mtu = 1400; }},
      {"WSTunOverlay",
       [](TunnelConfig* c) {
         c->settings.overlay = *ParseOverlay("169.254.0.0/20");
       }},
      {"WSTunPeerToPeer",
       [](TunnelConfig* c) { c->settings.peer_to_peer = true; }},
      {"WSTunKeepAlive",
       [](TunnelConfig* c) { c->settings.keep_alive = absl::Seconds(3); }},
      {"WSTunDeadAfter",
       [](TunnelConfig* c) { c->settings.dead_after = absl::Seconds(99); }},
      {"WSTunReconnectSpread",
       [](TunnelConfig* c) {
         c->settings.reconnect_spread = absl::Seconds(3);
       }},
  };
  return *kChanges;
}

std::vector<std::string> AllNames() {
  std::vector<std::string> names;
  for (const absl::string_view line :
       absl::StrSplit(DescribeSettings(), '\n', absl::SkipWhitespace())) {
    names.emplace_back(
        *absl::StrSplit(line, ' ', absl::SkipWhitespace()).begin());
  }
  return names;
}

// One that is added to the settings has to be decided upon here as well.
TEST(SettingsChangeTest, EverySettingHasARowAndAReason) {
  std::vector<std::string> names;
  for (const SettingTakeover& row : SettingTakeovers()) {
    names.emplace_back(row.name);
    EXPECT_FALSE(row.reason.empty()) << row.name;
    EXPECT_NE(row.takeover, Takeover::kNothing) << row.name;
  }
  EXPECT_EQ(names, AllNames());
}

TEST(SettingsChangeTest, AChangeOfEachSettingIsSeenAndNamed) {
  for (const std::string& name : AllNames()) {
    ASSERT_EQ(Changes().count(name), 1u) << name;
    const auto before = Config();
    const auto after = Config();
    Changes().at(name)(after.get());
    const SettingsChange change = CompareSettings(*before, *after);
    EXPECT_EQ(change.names, std::vector<absl::string_view>{name});
    EXPECT_NE(change.takeover, Takeover::kNothing) << name;
  }
}

TEST(SettingsChangeTest, AProxyIsItsAddressAndItsLogin) {
  const auto with = [](absl::string_view url, absl::string_view password) {
    auto config = Config();
    config->settings.proxy = ParseProxyUrl(url).url;
    config->proxy_credentials = std::make_unique<auth::BasicCredentials>(
        auth::BasicCredentials::Create("u", auth::Secret::FromString(password))
            .value());
    return config;
  };
  const auto a = with("http://u:p@proxy:3128", "p");
  EXPECT_TRUE(
      CompareSettings(*a, *with("http://u:p@proxy:3128", "p")).names.empty());
  const std::unique_ptr<TunnelConfig> others[] = {
      with("http://u:p@proxy:3129", "p"), with("http://u:p@other:3128", "p"),
      with("http://u:q@proxy:3128", "q"), with("https://u:p@proxy:3128", "p")};
  for (const auto& b : others) {
    EXPECT_EQ(CompareSettings(*a, *b).names,
              std::vector<absl::string_view>{"WSTunProxy"});
    EXPECT_EQ(CompareSettings(*a, *b).takeover, Takeover::kNewWorker);
  }
}

TEST(SettingsChangeTest, WithoutAChangeThereIsNone) {
  const SettingsChange change = CompareSettings(*Config(), *Config());
  EXPECT_TRUE(change.names.empty());
  EXPECT_EQ(change.takeover, Takeover::kNothing);
}

TEST(SettingsChangeTest, WhatNeedsNoOtherConnectionKeepsTheTunnel) {
  const std::map<std::string, Takeover> kKept = {
      {"WSTunUsername", Takeover::kNextLogin},
      {"WSTunPassword", Takeover::kNextLogin},
      {"WSTunPasswordFile", Takeover::kNextLogin},
      {"DNSPriServerIP", Takeover::kNextLookup},
      {"DNSSecServerIP", Takeover::kNextLookup},
      {"WSTunKeepAlive", Takeover::kTellWorker},
      {"WSTunDeadAfter", Takeover::kTellWorker},
      {"WSTunReconnectSpread", Takeover::kTellWorker}};
  for (const SettingTakeover& row : SettingTakeovers()) {
    const auto kept = kKept.find(std::string(row.name));
    EXPECT_EQ(row.takeover,
              kept == kKept.end() ? Takeover::kNewWorker : kept->second)
        << row.name;
  }
}

TEST(SettingsChangeTest, NamesWhatIsUsedLater) {
  const auto before = Config();
  const auto after = Config();
  SetPassword(after.get());
  after->settings.dns_primary = netif::IpAddress::Parse("192.0.2.77");
  after->settings.keep_alive = absl::Seconds(3);
  const SettingsChange change = CompareSettings(*before, *after);
  EXPECT_EQ(change.at_next_login,
            std::vector<absl::string_view>{"WSTunPassword"});
  EXPECT_EQ(change.at_next_lookup,
            std::vector<absl::string_view>{"DNSPriServerIP"});
}

// A tunnel's routes and rules for packets leave its name servers out.
TEST(SettingsChangeTest, ANameServerInsideTheOverlayTakesANewTunnel) {
  const struct {
    absl::string_view before;  // DNSPriServerIP
    absl::string_view after;
    Takeover takeover;
  } kRows[] = {
      {"192.0.2.1", "169.254.20.10", Takeover::kNewWorker},
      {"169.254.20.10", "192.0.2.1", Takeover::kNewWorker},
      {"192.0.2.1", "169.254.63.254", Takeover::kNewWorker},
      {"192.0.2.1", "169.254.64.1", Takeover::kNextLookup},
      {"169.254.20.10", "169.254.20.10", Takeover::kNothing},
  };
  for (const auto& row : kRows) {
    const auto before = Config();
    const auto after = Config();
    before->settings.dns_primary = netif::IpAddress::Parse(row.before);
    after->settings.dns_primary = netif::IpAddress::Parse(row.after);
    EXPECT_EQ(CompareSettings(*before, *after).takeover, row.takeover)
        << row.before << " " << row.after;
  }
}

// Without name servers in the settings those of /etc/resolv.conf are used.
TEST(SettingsChangeTest, SoDoesOneThatTheMachineHasInsteadOfTheSettings) {
  const auto before = Config();
  const auto after = Config();
  before->settings.dns_secondary = netif::IpAddress::Parse("192.0.2.1");
  EXPECT_EQ(CompareSettings(*before, *after).takeover, Takeover::kNextLookup);
  after->attempt.dns.servers = {*netif::IpAddress::Parse("169.254.20.10")};
  EXPECT_EQ(CompareSettings(*before, *after).takeover, Takeover::kNewWorker);
  EXPECT_EQ(CompareSettings(*after, *before).takeover, Takeover::kNewWorker);
}

TEST(SettingsChangeTest, TheChangeThatNeedsMostDecides) {
  const auto before = Config();
  const auto after = Config();
  SetPassword(after.get());
  after->settings.keep_alive = absl::Seconds(3);
  EXPECT_EQ(CompareSettings(*before, *after).takeover, Takeover::kTellWorker);
  after->settings.server_port = 8443;
  const SettingsChange change = CompareSettings(*before, *after);
  EXPECT_EQ(change.takeover, Takeover::kNewWorker);
  EXPECT_EQ(change.names,
            (std::vector<absl::string_view>{"WSTunServerPort", "WSTunPassword",
                                            "WSTunKeepAlive"}));
}

TEST(SettingsChangeTest, AFileWithOtherContentsIsAChange) {
  for (const char* const name :
       {"TLSTrustedRoots", "TLSCertificate", "TLSPrivateKey"}) {
    const auto before = Config();
    const auto after = Config();
    after->file_digests[name] = "2";
    const SettingsChange change = CompareSettings(*before, *after);
    EXPECT_EQ(change.names, std::vector<absl::string_view>{name});
    EXPECT_EQ(change.takeover, Takeover::kNewWorker);
  }
}

TEST(SettingsChangeTest, AnotherPasswordInTheSameFileIsAChangeOfTheFile) {
  const auto before = Config();
  const auto after = Config("other");
  before->settings.password_file = after->settings.password_file = "/p";
  EXPECT_EQ(CompareSettings(*before, *after).names,
            std::vector<absl::string_view>{"WSTunPasswordFile"});
}

TEST(SettingsChangeTest, AVrfThatIsNamedNowIsAMust) {
  const auto before = Config();
  const auto after = Config();
  after->settings.lines["WSTunVrf"] = 3;
  EXPECT_EQ(CompareSettings(*before, *after).names,
            std::vector<absl::string_view>{"WSTunVrf"});
}

// Which of the three has changed hangs on the other two.
bool IsOfLogin(absl::string_view name) {
  return name == "WSTunUsername" || absl::StartsWith(name, "WSTunPassword");
}

TEST(SettingsChangeTest, OfTwoChangesBothAreNamedAndTheGreaterOneDecides) {
  const absl::Span<const SettingTakeover> rows = SettingTakeovers();
  for (size_t first = 0; first < rows.size(); ++first) {
    for (size_t second = first + 1; second < rows.size(); ++second) {
      if (IsOfLogin(rows[first].name) && IsOfLogin(rows[second].name)) {
        continue;
      }
      const auto before = Config();
      const auto after = Config();
      for (const size_t row : {second, first}) {
        Changes().at(std::string(rows[row].name))(after.get());
      }
      const SettingsChange change = CompareSettings(*before, *after);
      EXPECT_EQ(change.names, (std::vector<absl::string_view>{
                                  rows[first].name, rows[second].name}));
      EXPECT_EQ(change.takeover,
                std::max(rows[first].takeover, rows[second].takeover));
    }
  }
}

// A setting that goes back to what it was is a change too.
TEST(SettingsChangeTest, AChangeBackIsTheSameChange) {
  for (const auto& [name, change] : Changes()) {
    const auto before = Config();
    const auto after = Config();
    change(before.get());
    EXPECT_EQ(CompareSettings(*before, *after).names,
              std::vector<absl::string_view>{name});
  }
}

TEST(SettingsChangeTest, APasswordThatMovesIsAChangeOfItsFile) {
  const auto in_settings = Config();
  const auto in_file = Config();
  in_file->settings.password_file = "/p";
  const std::vector<absl::string_view> file = {"WSTunPasswordFile"};
  EXPECT_EQ(CompareSettings(*in_settings, *in_file).names, file);
  EXPECT_EQ(CompareSettings(*in_file, *in_settings).names, file);
  // Another one in the settings, instead of the file.
  EXPECT_EQ(
      CompareSettings(*in_file, *Config("other")).names,
      (std::vector<absl::string_view>{"WSTunPassword", "WSTunPasswordFile"}));
}

// Without TLS the files that it needs are not read. The paths are the same.
TEST(SettingsChangeTest, WithoutTlsNoFileOfItHasChanged) {
  const auto tls = Config();
  tls->file_digests = {{"TLSTrustedRoots", "1"},
                       {"TLSCertificate", "2"},
                       {"TLSPrivateKey", "3"}};
  const auto plain = Config();
  plain->settings.secured = false;
  plain->file_digests.clear();
  const std::vector<absl::string_view> secured = {"WSTunSecured"};
  EXPECT_EQ(CompareSettings(*tls, *plain).names, secured);
  EXPECT_EQ(CompareSettings(*plain, *tls).names, secured);
  plain->settings.trusted_roots = "/b";
  EXPECT_EQ(
      CompareSettings(*tls, *plain).names,
      (std::vector<absl::string_view>{"WSTunSecured", "TLSTrustedRoots"}));
}

TEST(SettingsChangeTest, AFileThatCannotBeReadAnyMoreIsAChange) {
  const auto before = Config();
  const auto after = Config();
  after->file_digests.clear();
  EXPECT_EQ(CompareSettings(*before, *after).names,
            std::vector<absl::string_view>{"TLSTrustedRoots"});
  before->file_digests.clear();
  EXPECT_TRUE(CompareSettings(*before, *after).names.empty());
}

}  // namespace
}  // namespace ovoc::tunnel
