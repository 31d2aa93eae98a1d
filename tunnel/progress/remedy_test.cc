// SPDX-License-Identifier: Apache-2.0
#include "tunnel/progress/remedy.h"

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "auth/secret.h"
#include "gtest/gtest.h"
#include "tunnel/settings/proxy_url.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {
namespace {

Settings Some() {
  Settings settings;
  settings.server_port = 8443;
  settings.server_path = "wrong";
  settings.username = "device7";
  settings.password = auth::Secret::FromString("Joshua-5");
  settings.interface = "tun7";
  settings.proxy = ParseProxyUrl("http://u:Joshua-5@proxy.example:3128").url;
  return settings;
}

Settings Plain() {
  Settings settings = Some();
  settings.secured = false;
  return settings;
}

std::string Of(EndReason reason, EndCause cause, const Settings& settings) {
  return Remedy(reason, cause, FactsOf(settings, "ovoc.example"));
}

std::vector<EndReason> Reasons() {
  std::vector<EndReason> reasons;
  for (int i = 0; i <= static_cast<int>(EndReason::kProxyLogin); ++i) {
    reasons.push_back(static_cast<EndReason>(i));
  }
  return reasons;
}

std::vector<EndCause> Causes() {
  std::vector<EndCause> causes;
  for (int i = 0; i <= static_cast<int>(kLastEndCause); ++i) {
    causes.push_back(static_cast<EndCause>(i));
  }
  return causes;
}

TEST(RemedyTest, NamesWhatToCheck) {
  struct Case {
    EndReason reason;
    EndCause cause;
    std::vector<absl::string_view> named;
  };
  const Case kCases[] = {
      {EndReason::kResolution,
       EndCause::kNoSuchName,
       {"WSTunServer,", "ovoc.example", "DNSPriServerIP"}},
      {EndReason::kResolution,
       EndCause::kNameServersFailed,
       {"DNSPriServerIP", "DNSSecServerIP", "/etc/resolv.conf", "port 53"}},
      {EndReason::kResolution,
       EndCause::kNameServerClosed,
       {"nothing listens on port 53", "DNSPriServerIP"}},
      {EndReason::kResolution,
       EndCause::kNameServerRefuses,
       {"refuses to look ovoc.example up", "DNSPriServerIP"}},
      {EndReason::kResolution,
       EndCause::kNameServerFails,
       {"cannot look ovoc.example up", "look at that server"}},
      {EndReason::kConnection,
       EndCause::kPortClosed,
       {"nothing listens on port 8443", "WSTunServerPort"}},
      {EndReason::kConnection,
       EndCause::kPortSilent,
       {"TCP port 8443", "firewall"}},
      {EndReason::kConnection, EndCause::kNoRoute, {"route", "WSTunVrf"}},
      {EndReason::kConnection,
       EndCause::kPrivateAddress,
       {"private addresses for ovoc.example"}},
      {EndReason::kConnection,
       EndCause::kNotTls,
       {"port 8443 does not speak TLS", "WSTunServerPort"}},
      {EndReason::kConnection, EndCause::kOldTls, {"TLS 1.2"}},
      {EndReason::kConnection,
       EndCause::kCertificateWanted,
       {"set TLSCertificate and TLSPrivateKey"}},
      {EndReason::kConnection, EndCause::kTlsStalled, {"large packets", "MTU"}},
      {EndReason::kConnection,
       EndCause::kUnknown,
       {"WSTunServer,", "WSTunServerPort", "firewall"}},
      {EndReason::kCertificate,
       EndCause::kNoIntermediate,
       {"intermediate", "TLSTrustedRoots"}},
      {EndReason::kCertificate,
       EndCause::kUnknownRoot,
       {"TLSTrustedRoots", "firewall", "leave ovoc.example alone"}},
      {EndReason::kCertificate, EndCause::kNotYetValid, {"clock"}},
      {EndReason::kCertificate, EndCause::kWrongName, {"WSTunServer"}},
      {EndReason::kCertificate,
       EndCause::kNoAlternativeName,
       {"subjectAltName of ovoc.example", "CN"}},
      {EndReason::kUnauthorized,
       EndCause::kUnknown,
       {"WSTunUsername (device7)", "WSTunPassword"}},
      {EndReason::kNoFreeAddress, EndCause::kUnknown, {"overlay address"}},
      {EndReason::kHttpStatus,
       EndCause::kNotFound,
       {"no tunnel at /wrong (WSTunServerPath)", "path is tun"}},
      {EndReason::kHttpStatus, EndCause::kRedirect, {"login page"}},
      {EndReason::kHttpStatus,
       EndCause::kBadRequest,
       {"TLSCertificate", "WSTunServerPath"}},
      {EndReason::kHandshake, EndCause::kOverlayRange, {"WSTunOverlay"}},
      {EndReason::kInterface, EndCause::kUnknown, {"tun7"}},
      {EndReason::kProxy, EndCause::kProxyUnreached, {"WSTunProxy", "runs"}},
      {EndReason::kProxyLogin,
       EndCause::kProxyWantsLogin,
       {"user:password@ in front of proxy.example:3128", "NTLM"}},
      {EndReason::kProxyLogin, EndCause::kProxyLoginWrong, {"WSTunProxy"}},
      {EndReason::kProxy,
       EndCause::kProxyForbids,
       {"CONNECT to ovoc.example port 8443"}},
      {EndReason::kProxy,
       EndCause::kProxyNoServer,
       {"ovoc.example port 8443", "WSTunServer "}},
      {EndReason::kProxy,
       EndCause::kProxyNotHttp,
       {"proxy.example:3128 does not answer as an HTTP proxy"}},
  };
  for (const Case& c : kCases) {
    const std::string remedy = Of(c.reason, c.cause, Some());
    for (const absl::string_view name : c.named) {
      EXPECT_TRUE(absl::StrContains(remedy, name)) << remedy;
    }
  }
}

TEST(RemedyTest, TakesTheCauseFromTheDetail) {
  const End end = {EndReason::kHttpStatus,
                   WithCause(absl::UnavailableError("HTTP 404 Not Found"),
                             EndCause::kNotFound)};
  EXPECT_EQ(Remedy(end, Some(), "ovoc.example"),
            "there is no tunnel at /wrong (WSTunServerPath); the manual's path "
            "is tun");
}

// Behind TLS the port is the right one, and it expects TLS.
TEST(RemedyTest, DoubtsThePortOfABadAnswerOnlyWithoutTls) {
  for (const EndReason reason : {EndReason::kHandshake, EndReason::kTimeout}) {
    for (const EndCause cause : {EndCause::kUnknown, EndCause::kNoAnswer,
                                 EndCause::kTlsAnswer, EndCause::kNotHttp}) {
      const std::string plain = Of(reason, cause, Plain());
      EXPECT_TRUE(absl::StrContains(plain, "port")) << plain;
      EXPECT_EQ(Of(reason, cause, Some()),
                "TLS works, so look at OVOC and at each proxy in front of it");
    }
  }
  for (const EndCause cause : {EndCause::kRedirect, EndCause::kBadRequest}) {
    constexpr absl::string_view kWantsTls =
        "does port 8443 want TLS (WSTunSecured = 1)?";
    EXPECT_TRUE(absl::StrContains(Of(EndReason::kHttpStatus, cause, Plain()),
                                  kWantsTls));
    EXPECT_FALSE(absl::StrContains(Of(EndReason::kHttpStatus, cause, Some()),
                                   kWantsTls));
  }
  EXPECT_EQ(Of(EndReason::kHandshake, EndCause::kTlsAnswer, Plain()),
            "port 8443 wants TLS: set WSTunSecured = 1");
}

TEST(RemedyTest, OnlyAnEndThatWasAskedForHasNone) {
  for (const EndReason reason : Reasons()) {
    for (const Settings& settings : {Some(), Plain()}) {
      EXPECT_EQ(Of(reason, EndCause::kUnknown, settings).empty(),
                reason == EndReason::kClosedByUs)
          << Word(reason);
    }
  }
}

TEST(RemedyTest, IsOneShortSentenceWithoutThePassword) {
  for (const EndReason reason : Reasons()) {
    for (const EndCause cause : Causes()) {
      for (const Settings& settings : {Some(), Plain()}) {
        const std::string remedy = Of(reason, cause, settings);
        EXPECT_LE(remedy.size(), 250u) << remedy;
        EXPECT_FALSE(absl::StrContains(remedy, "Joshua-5")) << remedy;
        EXPECT_FALSE(absl::StrContains(remedy, '\n')) << remedy;
        EXPECT_FALSE(absl::StrContains(remedy, '$')) << remedy;
        EXPECT_FALSE(absl::EndsWith(remedy, ".")) << remedy;
      }
    }
  }
}

TEST(RemedyTest, NamesNoSettingThatDoesNotExist) {
  std::set<std::string> named;
  for (const EndReason reason : Reasons()) {
    for (const EndCause cause : Causes()) {
      const std::string remedy = Of(reason, cause, Plain());
      for (const absl::string_view word :
           absl::StrSplit(remedy, absl::ByAnyChar(" ,;:()"))) {
        if (absl::StartsWith(word, "WSTun") || absl::StartsWith(word, "TLST") ||
            absl::StartsWith(word, "TLSC") || absl::StartsWith(word, "TLSP") ||
            absl::StartsWith(word, "DNSP") || absl::StartsWith(word, "DNSS")) {
          named.emplace(word);
        }
      }
    }
  }
  EXPECT_GE(named.size(), 10u);
  for (const std::string& name : named) {
    EXPECT_NE(FindSettingRule(name), nullptr) << name;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
