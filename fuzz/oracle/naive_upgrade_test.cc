// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_upgrade.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"

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

}  // namespace
}  // namespace ovoc::fuzz
