// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/decisions/socket_rule.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "tunnel/retry/end_cause.h"

namespace ovoc::tunnel {
namespace {

using netif::IpAddress;

SocketRequest To(SocketPurpose purpose, absl::string_view address) {
  const auto parsed = IpAddress::ParseZoned(address);
  EXPECT_TRUE(parsed.has_value()) << address;
  return {purpose, parsed.value_or(IpAddress())};
}

SocketRule NameRule(const std::string& server) {
  SocketRule rule;
  rule.server = server;
  rule.name_servers = {*IpAddress::Parse("127.0.0.53"),
                       *IpAddress::Parse("2001:db8::53")};
  rule.overlay = *netif::Ipv4Prefix::Parse("10.66.0.0/18");
  return rule;
}

std::string Objection(const SocketRequest& request, const SocketRule& rule) {
  const absl::Status status = CheckSocketRequest(request, rule);
  EXPECT_TRUE(status.ok() || absl::IsPermissionDenied(status)) << status;
  EXPECT_EQ(CauseOf(status) == EndCause::kAddressRefused,
            !status.ok() && (request.purpose == SocketPurpose::kServer ||
                             request.purpose == SocketPurpose::kProxy));
  return std::string(status.message());
}

TEST(SocketRuleTest, ANameMayHaveAnyAddressOutThere) {
  const SocketRule rule = NameRule("ovoc.example");
  for (const char* address :
       {"203.0.113.7", "10.0.0.7", "192.168.1.1", "1.0.0.0", "126.255.255.255",
        "128.0.0.0", "223.255.255.255", "10.66.64.0", "10.65.255.255",
        "169.253.255.255", "169.255.0.0", "2001:db8::1", "fd00::1", "fe80::1",
        "64:ff9b::a00:1", "::1:0:0:1", "0:0:0:0:1::1"}) {
    EXPECT_EQ(Objection(To(SocketPurpose::kServer, address), rule), "")
        << address;
  }
}

struct Refused {
  const char* address;
  const char* why;
};

TEST(SocketRuleTest, ANameHasNoAddressThatIsNoServers) {
  const Refused kRefused[] = {
      {"0.0.0.0", "not a unicast"},          // Linux: this machine
      {"0.1.2.3", "not a unicast"},          // RFC 1122 3.2.1.3
      {"127.0.0.1", "machine itself"},       // RFC 1122 3.2.1.3 (g)
      {"127.255.255.255", "itself"},         //
      {"224.0.0.1", "not a unicast"},        // RFC 1112 4
      {"239.255.255.255", "not a unicast"},  //
      {"240.0.0.1", "not a unicast"},        //
      {"255.255.255.255", "not a unicast"},  //
      {"10.66.0.0", "WSTunOverlay"},         // its first
      {"10.66.63.255", "WSTunOverlay"},      // its last
      {"169.254.0.1", "link-local"},         // OVOC, as it is by default
      {"169.254.169.254", "link-local"},     // the metadata service of clouds
      {"::", "not a unicast"},               // Linux: this machine
      {"::1", "machine itself"},             // RFC 4291 2.5.3
      {"::7f00:1", "written as IPv6"},       // RFC 4291 2.5.5.1
      {"::ffff:127.0.0.1", "as IPv6"},       // RFC 4291 2.5.5.2
      {"::ffff:203.0.113.7", "as IPv6"},     // nothing stands in DNS so
      {"ff02::1", "not a unicast"},          // RFC 4291 2.7
  };
  for (const Refused& refused : kRefused) {
    const std::string objection = Objection(
        To(SocketPurpose::kServer, refused.address), NameRule("ovoc.example"));
    EXPECT_TRUE(absl::StrContains(objection, refused.why))
        << refused.address << ": " << objection;
    EXPECT_TRUE(absl::StrContains(
        objection, IpAddress::Parse(refused.address)->ToString()))
        << objection;
  }
}

// RFC 6761 6.3
TEST(SocketRuleTest, LoopbackIsForLocalhost) {
  for (const char* server : {"localhost", "LocalHost.", "ovoc.localhost"}) {
    for (const char* address : {"127.0.0.1", "::1"}) {
      EXPECT_EQ(
          Objection(To(SocketPurpose::kServer, address), NameRule(server)), "")
          << server;
    }
  }
  for (const char* server : {"localhost.example", "alocalhost", "", "a..b"}) {
    EXPECT_NE(
        Objection(To(SocketPurpose::kServer, "127.0.0.1"), NameRule(server)),
        "")
        << server;
  }
}

TEST(SocketRuleTest, AnAddressThatIsConfiguredIsTheOnlyOne) {
  // Even one that a name could not have.
  for (const char* address : {"203.0.113.7", "127.0.0.1", "::1", "10.66.0.7"}) {
    SocketRule rule = NameRule(address);
    rule.server_addresses = {*IpAddress::Parse(address)};
    EXPECT_EQ(Objection(To(SocketPurpose::kServer, address), rule), "");
    for (const char* other : {"203.0.113.8", "127.0.0.2", "2001:db8::1"}) {
      EXPECT_TRUE(absl::StrContains(
          Objection(To(SocketPurpose::kServer, other), rule), "settings"));
    }
  }
}

// RFC 4007 11.2: with another zone it is another address.
TEST(SocketRuleTest, AZoneIsTakenExactlyWhereTheRuleHasIt) {
  SocketRule rule = NameRule("ovoc.example");
  EXPECT_TRUE(absl::StrContains(
      Objection(To(SocketPurpose::kServer, "fe80::1%2"), rule),
      "no address from DNS"));
  rule.name_servers = {*IpAddress::ParseZoned("fe80::53%2")};
  rule.server_addresses = {*IpAddress::ParseZoned("fe80::1%2")};
  EXPECT_EQ(Objection(To(SocketPurpose::kDnsUdp, "fe80::53%2"), rule), "");
  EXPECT_EQ(Objection(To(SocketPurpose::kServer, "fe80::1%2"), rule), "");
  for (const char* other : {"fe80::53", "fe80::53%3", "fe80::1%2"}) {
    EXPECT_NE(Objection(To(SocketPurpose::kDnsUdp, other), rule), "") << other;
  }
  for (const char* other : {"fe80::1", "fe80::1%3", "fe80::53%2"}) {
    EXPECT_NE(Objection(To(SocketPurpose::kServer, other), rule), "") << other;
  }
}

TEST(SocketRuleTest, TheHostsFileHasTheOnlyAddressesOfAName) {
  SocketRule rule = NameRule("ovoc.example");
  rule.hosts_addresses = {*IpAddress::Parse("203.0.113.7"),
                          *IpAddress::ParseZoned("fe80::1%2")};
  for (const char* address : {"203.0.113.7", "fe80::1%2"}) {
    EXPECT_EQ(Objection(To(SocketPurpose::kServer, address), rule), "")
        << address;
  }
  for (const char* other :
       {"203.0.113.8", "fe80::1", "fe80::1%3", "127.0.0.1"}) {
    EXPECT_TRUE(absl::StrContains(
        Objection(To(SocketPurpose::kServer, other), rule), "/etc/hosts gives"))
        << other;
  }
}

TEST(SocketRuleTest, TheHostsFileGivesWhatTheAdministratorChose) {
  for (const char* address :
       {"127.0.1.1", "::1", "169.254.169.254", "fe80::1%2", "192.168.1.1"}) {
    SocketRule rule = NameRule("ovoc.example");
    rule.hosts_addresses = {*IpAddress::ParseZoned(address)};
    EXPECT_EQ(Objection(To(SocketPurpose::kServer, address), rule), "")
        << address;
  }
}

TEST(SocketRuleTest, TheHostsFileGivesNoAddressThatNoServerHas) {
  for (const Refused& refused :
       {Refused{"0.0.0.0", "not a unicast"},
        Refused{"224.0.0.1", "not a unicast"},
        Refused{"10.66.0.7", "WSTunOverlay"},
        Refused{"ff02::1", "not a unicast"}, Refused{"::", "as IPv6"},
        Refused{"::ffff:127.0.0.1", "as IPv6"}}) {
    SocketRule rule = NameRule("ovoc.example");
    rule.hosts_addresses = {*IpAddress::Parse(refused.address)};
    EXPECT_TRUE(absl::StrContains(
        Objection(To(SocketPurpose::kServer, refused.address), rule),
        refused.why))
        << refused.address;
  }
}

TEST(SocketRuleTest, ANameServerIsOneOfThoseInUse) {
  const SocketRule rule = NameRule("ovoc.example");
  for (const SocketPurpose purpose :
       {SocketPurpose::kDnsUdp, SocketPurpose::kDnsTcp}) {
    EXPECT_EQ(Objection(To(purpose, "127.0.0.53"), rule), "");
    EXPECT_EQ(Objection(To(purpose, "2001:db8::53"), rule), "");
    for (const char* other : {"127.0.0.1", "203.0.113.7", "2001:db8::54",
                              "0.0.0.0", "::ffff:127.0.0.53"}) {
      EXPECT_TRUE(absl::StrContains(Objection(To(purpose, other), rule),
                                    "not one of the name servers"))
          << other;
    }
  }
  EXPECT_NE(Objection(To(SocketPurpose::kDnsUdp, "127.0.0.53"), SocketRule()),
            "");
}

// A worker may not go round a proxy, nor to one that nobody has set.
TEST(SocketRuleTest, ARuleIsForOnePurpose) {
  SocketRule rule = NameRule("proxy.example");
  rule.purpose = SocketPurpose::kProxy;
  EXPECT_EQ(Objection(To(SocketPurpose::kProxy, "203.0.113.7"), rule), "");
  EXPECT_TRUE(absl::StrContains(
      Objection(To(SocketPurpose::kServer, "203.0.113.7"), rule),
      "a proxy connects to the server"));
  EXPECT_EQ(Objection(To(SocketPurpose::kDnsUdp, "127.0.0.53"), rule), "");
  rule.purpose = SocketPurpose::kServer;
  EXPECT_TRUE(absl::StrContains(
      Objection(To(SocketPurpose::kProxy, "203.0.113.7"), rule),
      "the settings have no proxy"));
}

// Proxies often have private addresses, or run on the machine itself. What the
// settings say is allowed, what DNS says only as for a server.
TEST(SocketRuleTest, AProxysAddressIsJudgedLikeAServers) {
  SocketRule rule = NameRule("proxy.example");
  rule.purpose = SocketPurpose::kProxy;
  for (const char* address : {"10.0.0.1", "192.168.1.8", "fd00::8"}) {
    EXPECT_EQ(Objection(To(SocketPurpose::kProxy, address), rule), "")
        << address;
  }
  for (const char* address : {"127.0.0.1", "::1", "169.254.0.1", "0.0.0.0",
                              "224.0.0.1", "169.254.169.254"}) {
    EXPECT_TRUE(
        absl::StrContains(Objection(To(SocketPurpose::kProxy, address), rule),
                          "is not accepted as the proxy's address"))
        << address;
  }
  rule.server_addresses = {*netif::IpAddress::Parse("127.0.0.1")};
  EXPECT_EQ(Objection(To(SocketPurpose::kProxy, "127.0.0.1"), rule), "");
  EXPECT_NE(Objection(To(SocketPurpose::kProxy, "10.0.0.1"), rule), "");
}

// With WSTunProxyFallback both are allowed.
TEST(SocketRuleTest, TheReasonIsThatOfTheRuleForThePurpose) {
  SocketRule proxy = NameRule("proxy.example");
  proxy.purpose = SocketPurpose::kProxy;
  const std::vector<SocketRule> both = {proxy, NameRule("ovoc.example")};
  for (const SocketPurpose purpose :
       {SocketPurpose::kServer, SocketPurpose::kProxy}) {
    EXPECT_TRUE(CheckSocketRequest(To(purpose, "203.0.113.7"), both).ok());
    EXPECT_TRUE(absl::StrContains(
        CheckSocketRequest(To(purpose, "127.0.0.1"), both).message(),
        "it is this machine itself"));
  }
}

// What asks an inner maker is what the rule of that moment allows.
class CountingMaker : public SocketMaker {
 public:
  absl::StatusOr<netif::UniqueFd> Make(const SocketRequest& request) override {
    asked.push_back(request);
    return absl::UnavailableError("no");
  }
  std::vector<SocketRequest> asked;
};

TEST(RuledSocketMakerTest, PassesOnWhatTheRuleOfTheMomentAllows) {
  CountingMaker inner;
  SocketRule rule = NameRule("ovoc.example");
  RuledSocketMaker maker([&rule] { return std::vector<SocketRule>{rule}; },
                         &inner);
  const SocketRequest dns = To(SocketPurpose::kDnsUdp, "127.0.0.53");
  EXPECT_TRUE(absl::IsUnavailable(maker.Make(dns).status()));
  EXPECT_EQ(inner.asked, std::vector<SocketRequest>{dns});
  rule.name_servers.clear();
  EXPECT_TRUE(absl::IsPermissionDenied(maker.Make(dns).status()));
  EXPECT_EQ(inner.asked.size(), 1u);
}

}  // namespace
}  // namespace ovoc::tunnel
