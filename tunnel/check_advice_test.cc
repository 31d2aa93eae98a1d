// SPDX-License-Identifier: Apache-2.0
#include "tunnel/check_advice.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "netif/overlay_assignment.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {
namespace {

std::string AdviceAfter(EndReason reason, absl::string_view detail = "",
                        const Settings& settings = Settings()) {
  return std::string(
      CheckAdvice({reason, absl::UnknownError(detail)}, settings));
}

TEST(CheckAdviceTest, NamesWhatCanBeTheCause) {
  struct Case {
    EndReason reason;
    absl::string_view detail;
    std::vector<absl::string_view> named;
  };
  const Case kCases[] = {
      {EndReason::kResolution,
       "a: no such name",
       {"WSTunServer ", "DNSPriServerIP", "/etc/resolv.conf"}},
      {EndReason::kConnection,
       "192.0.2.1: connect: Connection refused",
       {"WSTunServer,", "WSTunServerPort", "firewall"}},
      {EndReason::kConnection,
       "TLS handshake: WRONG_VERSION_NUMBER",
       {"does not speak TLS", "WSTunServerPort", "WSTunSecured"}},
      {EndReason::kConnection,
       "127.0.0.1 is not accepted as the server's address: it is this machine "
       "itself",
       {"WSTunServer", "/etc/hosts", "DNS"}},
      {EndReason::kConnection,
       "TLS handshake: Connection reset by peer",
       {"WSTunServerPort", "TLSCertificate"}},
      {EndReason::kCertificate,
       "self-signed",
       {"TLSTrustedRoots", "WSTunServer", "clock"}},
      {EndReason::kUnauthorized,
       "HTTP 401",
       {"WSTunUsername", "WSTunPassword"}},
      {EndReason::kNoFreeAddress, "HTTP 409", {"overlay address"}},
      {EndReason::kHttpStatus, "HTTP 404", {"WSTunServerPath"}},
  };
  for (const Case& c : kCases) {
    const std::string advice = AdviceAfter(c.reason, c.detail);
    for (const absl::string_view name : c.named) {
      EXPECT_TRUE(absl::StrContains(advice, name)) << advice;
    }
  }
}

// The detail is what the check itself says, so that the two do not drift apart.
TEST(CheckAdviceTest, NamesTheOverlayForAnAddressOutsideOfIt) {
  const absl::Status outside = netif::CheckOverlayAssignment(
      *netif::Ipv4Prefix::Parse("10.0.0.2/24"), netif::OverlayRule());
  ASSERT_FALSE(outside.ok());
  const std::string advice =
      AdviceAfter(EndReason::kHandshake, outside.message());
  EXPECT_TRUE(absl::StrContains(advice, "WSTunOverlay")) << advice;
  EXPECT_TRUE(absl::StrContains(advice, "if it contains 169.254.0.1"))
      << advice;
  EXPECT_FALSE(absl::StrContains(advice, "WSTunServerPort")) << advice;
  EXPECT_FALSE(absl::StrContains(
      AdviceAfter(EndReason::kHandshake, "found 0 bytes"), "WSTunOverlay"));
}

// Behind TLS the port is the right one, and it expects TLS.
TEST(CheckAdviceTest, DoubtsThePortOfABadAnswerOnlyWithoutTls) {
  Settings plain;
  plain.secured = false;
  for (const EndReason reason : {EndReason::kHandshake, EndReason::kTimeout}) {
    const std::string advice = AdviceAfter(reason, "found 0 bytes", plain);
    EXPECT_TRUE(absl::StrContains(advice, "WSTunServerPort")) << advice;
    EXPECT_TRUE(absl::StrContains(advice, "WSTunSecured")) << advice;
    EXPECT_EQ(AdviceAfter(reason, "found 0 bytes"),
              "TLS works, so look at OVOC and at each proxy in front of it");
  }
}

TEST(CheckAdviceTest, HasNoneWhereNoSettingIsTheCause) {
  for (const EndReason reason :
       {EndReason::kClosedByUs, EndReason::kClosedByPeer, EndReason::kPeerGone,
        EndReason::kDeadPeer, EndReason::kProtocolError,
        EndReason::kInterface}) {
    EXPECT_EQ(AdviceAfter(reason), "");
  }
}

TEST(CheckAdviceTest, NamesNoSettingThatDoesNotExist) {
  Settings plain;
  plain.secured = false;
  for (int reason = 0; reason <= static_cast<int>(EndReason::kInterface);
       ++reason) {
    const std::string advice =
        absl::StrCat(AdviceAfter(static_cast<EndReason>(reason)), " ",
                     AdviceAfter(static_cast<EndReason>(reason), "", plain));
    for (const absl::string_view word :
         absl::StrSplit(advice, absl::ByAnyChar(" ,:()"))) {
      if (absl::StartsWith(word, "WSTun") || absl::StartsWith(word, "DNS") ||
          absl::StartsWith(word, "TLST")) {
        EXPECT_NE(FindSettingRule(word), nullptr) << word;
      }
    }
  }
}

}  // namespace
}  // namespace ovoc::tunnel
