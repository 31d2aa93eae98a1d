// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/exposure.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

std::vector<std::string> Warnings(const std::string& listen,
                                  const UpgradeRules& rules,
                                  Encryption encryption) {
  const auto address = ParseListenAddress(listen);
  EXPECT_TRUE(address.ok()) << address.status();
  return ExposureWarnings(*address, rules, encryption);
}

UpgradeRules WithPassword(const std::string& password) {
  UpgradeRules rules;
  rules.user_and_password = "VPN:" + password;
  return rules;
}

TEST(ExposureWarnings, AreNotForLoopback) {
  for (const char* const listen : {"127.0.0.1:8080", "127.255.0.9:0",
                                   "[::1]:8080", "[::ffff:127.0.0.1]:8080"}) {
    EXPECT_TRUE(Warnings(listen, UpgradeRules(), Encryption::kNone).empty())
        << listen;
  }
}

TEST(ExposureWarnings, AreForEveryOtherAddress) {
  for (const char* const listen :
       {"0.0.0.0:8080", "192.0.2.1:443", "126.0.0.1:80", "128.0.0.1:80",
        "169.254.0.1:80", "[::]:8080", "[::2]:80", "[2001:db8::1]:80",
        "[fe80::1]:80", "[::ffff:0.0.0.0]:80", "[::ffff:192.0.2.1]:80",
        "[::127.0.0.1]:80", "[1::1]:80"}) {
    const auto found = Warnings(listen, UpgradeRules(), Encryption::kNone);
    EXPECT_EQ(found.size(), 2u) << listen;
    for (const std::string& warning : found) {
      EXPECT_TRUE(absl::StrContains(warning, listen)) << warning;
      EXPECT_FALSE(absl::StrContains(warning, "\n")) << warning;
    }
  }
}

TEST(ExposureWarnings, NameWhatIsMissingAndWhatToDo) {
  const auto plain =
      Warnings("0.0.0.0:80", WithPassword("another"), Encryption::kNone);
  ASSERT_EQ(plain.size(), 1u);
  EXPECT_TRUE(absl::StrContains(plain[0], "there is no TLS"));
  EXPECT_TRUE(absl::StrContains(plain[0], "--tls_certificate"));
  const auto usual =
      Warnings("0.0.0.0:80", WithPassword("123456"), Encryption::kTls);
  ASSERT_EQ(usual.size(), 1u);
  EXPECT_TRUE(absl::StrContains(usual[0], "OVOC's default"));
  EXPECT_TRUE(absl::StrContains(usual[0], "--password"));
  EXPECT_TRUE(Warnings("0.0.0.0:80", WithPassword("another"), Encryption::kTls)
                  .empty());
  EXPECT_TRUE(Warnings("0.0.0.0:80", WithPassword("0123456"), Encryption::kTls)
                  .empty());
}

TEST(ExposureWarnings, KnowOfServersThatAskForNoPassword) {
  UpgradeRules open = WithPassword("another");
  open.user_and_password = "";
  UpgradeRules direct = WithPassword("another");
  direct.style = ServerStyle::kLegacyDirect;
  for (const UpgradeRules& rules : {open, direct}) {
    const auto found = Warnings("[::]:80", rules, Encryption::kTls);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_TRUE(absl::StrContains(found[0], "does not ask for a password"));
  }
}

TEST(ExposureWarnings, NeverShowAPassword) {
  for (const std::string& warning :
       Warnings("0.0.0.0:80", WithPassword("123456"), Encryption::kNone)) {
    EXPECT_FALSE(absl::StrContains(warning, "123456")) << warning;
  }
}

}  // namespace
}  // namespace ovoc::conformance
