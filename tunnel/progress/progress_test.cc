// SPDX-License-Identifier: Apache-2.0

#include "tunnel/progress/progress.h"

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

TEST(TunnelStateTest, HasAWordForEachState) {
  struct Case {
    TunnelState state;
    absl::string_view name;
  };
  constexpr Case kCases[] = {
      {TunnelState::kResolving, "resolving"},
      {TunnelState::kConnecting, "connecting"},
      {TunnelState::kHandshaking, "handshaking"},
      {TunnelState::kLoggingIn, "logging_in"},
      {TunnelState::kUp, "up"},
      {TunnelState::kWaiting, "waiting"},
      {TunnelState::kStopped, "stopped"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(TunnelStateName(c.state), c.name);
  }
}

}  // namespace
}  // namespace ovoc::tunnel
