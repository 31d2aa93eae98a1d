// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_upgrade.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "auth/upgrade_response.h"
#include "fuzz/oracle/naive_head.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "netif/overlay_assignment.h"

namespace ovoc::fuzz {
namespace {

using auth::UpgradeVerdict;

// RFC 6455 1.3: the answer to the key dGhlIHNhbXBsZSBub25jZQ==.
constexpr absl::string_view kAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

std::string Good() {
  return absl::StrCat(
      "HTTP/1.1 101 Switching Protocols\r\n"
      "Upgrade: websocket\r\n"
      "Connection: Upgrade\r\n"
      "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
      "Sec-WebSocket-Accept: ",
      kAccept,
      "\r\n"
      "X-Audc-OverlayIP: 169.254.0.2\r\n"
      "X-Audc-OverlayPrefix: 18\r\n"
      "\r\n");
}

UpgradeVerdict Verdict(const std::string& text) {
  const NaiveHead head = ReadNaiveHead(text);
  EXPECT_EQ(head.end, NaiveHead::End::kDone) << text;
  return JudgeNaively(head, kAccept, {}).verdict;
}

TEST(NaiveUpgradeTest, TakesAGoodAnswer) {
  const NaiveUpgrade upgrade = JudgeNaively(ReadNaiveHead(Good()), kAccept, {});
  EXPECT_EQ(upgrade.verdict, UpgradeVerdict::kAccepted);
  EXPECT_EQ(upgrade.overlay.ToString(), "169.254.0.2/18");
}

TEST(NaiveUpgradeTest, JudgesTheOverlayByItself) {
  const std::string bad =
      absl::StrReplaceAll(Good(), {{"169.254.0.2", "169.254.0.1"}});
  const NaiveUpgrade upgrade = JudgeNaively(ReadNaiveHead(bad), kAccept, {});
  EXPECT_EQ(upgrade.verdict, UpgradeVerdict::kAccepted);
  EXPECT_EQ(upgrade.overlay, netif::Ipv4Prefix());
}

struct Change {
  const char* from;
  const char* to;
  bool accepted;
};

constexpr Change kChanges[] = {
    {"Upgrade: websocket", "uPGRADE:WebSocket", true},
    {"Upgrade: websocket", "Upgrade: websockets", false},
    {"Upgrade: websocket\r\n", "", false},
    {"Upgrade: websocket", "Upgrade: websocket\r\nUpgrade: websocket", false},
    {"Connection: Upgrade", "Connection: , keep-alive ,\tupgrade", true},
    {"Connection: Upgrade", "Connection: keep-alive", false},
    {"Connection: Upgrade", "Connection: Upgrade, a b", false},
    {"Connection: Upgrade", "Connection:", false},
    {"Connection: Upgrade\r\n", "", false},
    {"Connection: Upgrade", "Connection:\r\nconnection: x , Upgrade", true},
    {"Connection: Upgrade", "Connection: Upgrade\r\nConnection: close", true},
    {"Connection: Upgrade", "Connection: Upgrade\r\nConnection: a b", false},
    {"Connection: Upgrade", "Connection: Up\r\nConnection: grade", false},
    {"Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n", "", true},
    {"Protocol: ovoc.", "Protocol: Ovoc.", false},
    {"xOo=", "xoo=", false},
    {"HTTP/1.1", "HTTP/1.0", false},
    {"X-Audc-OverlayIP", "X-Other", false},
    {"Connection:", "Content-Length: 0\r\nConnection:", false},
    {"Connection:", "Transfer-Encoding: chunked\r\nConnection:", false},
    {"Connection:", "Sec-WebSocket-Extensions: x\r\nConnection:", false},
};

TEST(NaiveUpgradeTest, JudgesEveryField) {
  for (const Change& c : kChanges) {
    SCOPED_TRACE(c.to);
    EXPECT_EQ(
        Verdict(absl::StrReplaceAll(Good(), {{c.from, c.to}})),
        c.accepted ? UpgradeVerdict::kAccepted : UpgradeVerdict::kInvalid);
  }
}

TEST(NaiveUpgradeTest, ASubprotocolIsTheOneOffered) {
  const NaiveHead with = ReadNaiveHead(Good());
  EXPECT_TRUE(SwitchesProtocols(with, kAccept, "ovoc.audiocodes.com"));
  EXPECT_FALSE(SwitchesProtocols(with, kAccept, "chat"));
  EXPECT_FALSE(SwitchesProtocols(with, kAccept, ""));
  const NaiveHead without = ReadNaiveHead(absl::StrReplaceAll(
      Good(), {{"Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n", ""}}));
  EXPECT_TRUE(SwitchesProtocols(without, kAccept, "chat"));
  EXPECT_TRUE(SwitchesProtocols(without, kAccept, ""));
  const NaiveHead other =
      ReadNaiveHead(absl::StrReplaceAll(Good(), {{"1.1 101", "1.1 200"}}));
  EXPECT_FALSE(SwitchesProtocols(other, kAccept, "ovoc.audiocodes.com"));
}

TEST(NaiveUpgradeTest, JudgesOtherStatusesByThemselves) {
  EXPECT_EQ(Verdict("HTTP/1.0 401 \r\n\r\n"), UpgradeVerdict::kUnauthorized);
  EXPECT_EQ(Verdict("HTTP/1.0 409 A\r\n\r\n"), UpgradeVerdict::kNoFreeAddress);
  EXPECT_EQ(Verdict("HTTP/1.1 302 A\r\n\r\n"), UpgradeVerdict::kRefused);
  EXPECT_EQ(Verdict("HTTP/1.1 200 A\r\n\r\n"), UpgradeVerdict::kRefused);
  EXPECT_EQ(Verdict("HTTP/1.1 100 A\r\n\r\n"), UpgradeVerdict::kInvalid);
}

struct OverlayCase {
  const char* address;
  const char* prefix;
  bool accepted;
};

constexpr OverlayCase kOverlays[] = {
    {"169.254.0.2", "16", true},
    {"169.254.0.2", "30", true},
    {"169.254.0.2", "15", false},
    {"169.254.0.2", "31", false},
    {"169.254.0.2", "018", false},
    {"169.254.0.2", "", false},
    {"169.254.0.02", "18", false},
    {"169.254.0.256", "18", false},
    {"169.254.2", "18", false},
    {"169.254.0.2 ", "18", false},
    {"169.254.0.1", "18", false},
    {"169.254.0.0", "18", false},
    {"169.254.63.255", "18", false},
    {"169.254.64.0", "18", false},
    {"169.254.63.255", "17", false},
    {"169.253.0.2", "18", false},
    {"169.254.64.1", "18", false},
    {"127.0.0.2", "18", false},
    {"", "18", false},
};

TEST(NaiveOverlayTest, TakesWhatADeviceMayHave) {
  for (const OverlayCase& c : kOverlays) {
    EXPECT_EQ(NaiveOverlay(c.address, c.prefix, {}).has_value(), c.accepted)
        << c.address << "/" << c.prefix;
  }
  const netif::OverlayRule any = {.range = netif::Ipv4Prefix()};
  EXPECT_TRUE(NaiveOverlay("10.0.0.2", "24", any).has_value());
  EXPECT_TRUE(NaiveOverlay("169.254.63.255", "17", any).has_value());
  EXPECT_FALSE(NaiveOverlay("169.254.169.254", "17", any).has_value());
  EXPECT_FALSE(NaiveOverlay("127.0.0.2", "24", any).has_value());
  EXPECT_FALSE(NaiveOverlay("0.0.0.2", "24", any).has_value());
  EXPECT_FALSE(NaiveOverlay("224.0.0.2", "24", any).has_value());
}

TEST(NaiveUpgradeTest, JudgesEveryStatus) {
  for (int status = 100; status < 600; ++status) {
    const UpgradeVerdict expected =
        status < 200    ? UpgradeVerdict::kInvalid
        : status == 401 ? UpgradeVerdict::kUnauthorized
        : status == 409 ? UpgradeVerdict::kNoFreeAddress
                        : UpgradeVerdict::kRefused;
    EXPECT_EQ(Verdict(absl::StrCat("HTTP/1.1 ", status, " A\r\n\r\n")),
              expected)
        << status;
    // Whatever else it has.
    const std::string as_if = absl::StrReplaceAll(
        Good(), {{"1.1 101", absl::StrCat("1.1 ", status)}});
    EXPECT_EQ(Verdict(as_if),
              status == 101 ? UpgradeVerdict::kAccepted : expected)
        << status;
  }
}

TEST(NaiveUpgradeTest, EachFieldButConnectionIsThereOnce) {
  const std::vector<std::string> lines = absl::StrSplit(Good(), "\r\n");
  ASSERT_EQ(lines.size(), 9u);  // the status, six fields, the end
  for (size_t i = 1; i < 7; ++i) {
    std::vector<std::string> without = lines;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    const bool optional = absl::StartsWith(lines[i], "Sec-WebSocket-Protocol");
    EXPECT_EQ(Verdict(absl::StrJoin(without, "\r\n")),
              optional ? UpgradeVerdict::kAccepted : UpgradeVerdict::kInvalid)
        << lines[i];
    std::vector<std::string> twice = lines;
    twice.insert(twice.begin() + 1, lines[i]);
    const bool list = absl::StartsWith(lines[i], "Connection");
    EXPECT_EQ(Verdict(absl::StrJoin(twice, "\r\n")),
              list ? UpgradeVerdict::kAccepted : UpgradeVerdict::kInvalid)
        << lines[i];
    std::vector<std::string> moved = without;
    moved.insert(moved.begin() + 1, absl::AsciiStrToLower(lines[i]));
    // Names have no case, some values do.
    const bool has_case = absl::StrContains(lines[i], "Accept");
    EXPECT_EQ(Verdict(absl::StrJoin(moved, "\r\n")),
              has_case ? UpgradeVerdict::kInvalid : UpgradeVerdict::kAccepted)
        << lines[i];
  }
}

struct RuleCase {
  const char* range;
  const char* address;
  const char* prefix;
  bool accepted;
};

// The range of the configuration, and what a server says.
constexpr RuleCase kRules[] = {
    {"10.1.0.0/16", "10.1.0.2", "24", true},
    {"10.1.0.0/16", "10.2.0.2", "24", false},  // outside
    {"10.1.0.0/16", "10.1.0.0", "16", false},  // the network itself
    {"10.1.0.0/16", "10.1.255.255", "16", false},
    {"10.1.0.0/16", "10.1.1.0", "24", false},
    {"10.1.0.0/16", "10.1.1.255", "24", false},
    {"10.1.0.0/16", "10.1.1.0", "16", true},     // a host of the wider one
    {"10.1.0.0/24", "10.1.0.255", "16", false},  // of what is left of it
    {"10.1.0.0/24", "10.1.0.254", "16", true},
    {"10.1.0.0/30", "10.1.0.3", "24", false},
    {"10.1.0.4/31", "10.1.0.5", "24", true},  // RFC 3021
    {"10.1.0.5/32", "10.1.0.5", "24", true},
    {"10.1.0.5/32", "10.1.0.6", "24", false},
    {"0.0.0.0/0", "223.255.255.254", "24", true},
    {"0.0.0.0/0", "224.0.0.1", "24", false},
    {"0.0.0.0/0", "240.0.0.1", "24", false},
    {"0.0.0.0/0", "255.255.255.254", "24", false},
    {"0.0.0.0/0", "126.255.255.254", "24", true},
    {"0.0.0.0/0", "127.255.255.254", "24", false},
    {"0.0.0.0/0", "128.0.0.1", "24", true},
    {"0.0.0.0/0", "169.254.168.254", "24", true},
    {"0.0.0.0/0", "169.254.169.1", "16", false},
    {"0.0.0.0/0", "169.254.0.1", "24", false},  // OVOC
};

TEST(NaiveOverlayTest, StaysInsideTheRangeOfTheConfiguration) {
  for (const RuleCase& c : kRules) {
    const netif::OverlayRule rule = {.range =
                                         *netif::Ipv4Prefix::Parse(c.range)};
    const auto overlay = NaiveOverlay(c.address, c.prefix, rule);
    EXPECT_EQ(overlay.has_value(), c.accepted)
        << c.address << " of " << c.range;
    if (overlay.has_value()) {
      EXPECT_EQ(overlay->ToString(), absl::StrCat(c.address, "/", c.prefix));
    }
  }
  EXPECT_FALSE(NaiveOverlay(absl::string_view("169.254.0.2\0", 12), "18", {})
                   .has_value());
}

}  // namespace
}  // namespace ovoc::fuzz
