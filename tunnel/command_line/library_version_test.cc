// SPDX-License-Identifier: Apache-2.0
#include "tunnel/command_line/library_version.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "openssl/base.h"

namespace ovoc::tunnel {
namespace {

TEST(LibraryVersionTest, NamesALockedVersionOrSaysThatItIsNone) {
  const std::string version(BoringSslVersion());
  if (absl::StrContains(version, "of another origin")) {
    EXPECT_EQ(version, absl::StrCat("BoringSSL of another origin (API ",
                                    BORINGSSL_API_VERSION, ")"));
    return;
  }
  EXPECT_THAT(version,
              testing::MatchesRegex("BoringSSL [0-9.]+\\+r[0-9]+(-[0-9]+)? "
                                    "\\(revision [0-9a-f]{40}\\)"));
}

}  // namespace
}  // namespace ovoc::tunnel
