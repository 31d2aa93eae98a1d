// SPDX-License-Identifier: Apache-2.0
#include "tunnel/settings/named_errors.h"

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

TEST(NamedErrorsTest, KeepsTheOrderOfTheSettings) {
  Settings settings;
  settings.lines = {{"TLSCertificate", 7}, {"WSTunVrf", 3}};
  NamedErrors errors(settings);
  EXPECT_TRUE(errors.Take("WSTunVrf", absl::OkStatus()));
  EXPECT_TRUE(errors.ToStatus().ok());
  EXPECT_FALSE(errors.Take("TLSCertificate", absl::UnknownError("c")));
  EXPECT_FALSE(errors.Take("WSTunVrf", absl::UnknownError("b")));
  EXPECT_FALSE(errors.Take("TLSTrustedRoots", absl::UnknownError("a")));
  EXPECT_EQ(errors.ToStatus(), absl::InvalidArgumentError("a\nb\nc"));
}

}  // namespace
}  // namespace ovoc::tunnel
