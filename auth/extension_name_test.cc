// SPDX-License-Identifier: Apache-2.0
#include "auth/extension_name.h"

#include <openssl/bytestring.h>

#include <cstdint>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

std::string NameOf(absl::string_view bytes) {
  CBS cbs;
  CBS_init(&cbs, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  return ExtensionName(cbs);
}

TEST(ExtensionNameTest, StandardOnesHaveTheirNames) {
  EXPECT_EQ(NameOf("\x55\x1d\x24"), "policyConstraints");  // 2.5.29.36
  EXPECT_EQ(NameOf("\x55\x1d\x11"), "subjectAltName");
  EXPECT_EQ(NameOf(absl::HexStringToBytes("2b06010505070101")),
            "authorityInfoAccess");
  EXPECT_EQ(NameOf(absl::HexStringToBytes("6086480186f8420101")), "nsCertType");
}

TEST(ExtensionNameTest, OthersHaveTheirNumbers) {
  EXPECT_EQ(NameOf("\x55\x1d\x63"), "2.5.29.99");
  EXPECT_EQ(NameOf(absl::HexStringToBytes("2a038100")), "1.2.3.128");
}

TEST(ExtensionNameTest, ALongOneIsCut) {
  const std::string long_one = NameOf(std::string(60'000, '\x7f'));
  EXPECT_EQ(long_one.size(), kMaxExtensionName + 3);
  EXPECT_EQ(long_one.substr(0, 10), "2.47.127.1");
  EXPECT_EQ(long_one.substr(kMaxExtensionName), "...");
}

TEST(ExtensionNameTest, WhatIsNoIdentifierIsToldAsSuch) {
  for (const std::string& bad :
       {std::string(), std::string("\x80"), std::string("\x2a\x81"),
        std::string(12, '\xff') + "\x01"}) {
    EXPECT_EQ(NameOf(bad), "(unreadable)") << absl::BytesToHexString(bad);
  }
}

}  // namespace
}  // namespace ovoc::auth
