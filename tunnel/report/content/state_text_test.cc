// SPDX-License-Identifier: Apache-2.0
#include "tunnel/report/content/state_text.h"

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

Status At(TunnelState state) {
  Status status;
  status.state = state;
  status.server = "ovoc.example";
  status.server_address = "192.0.2.1:443";
  status.overlay_address = "169.254.0.2/32";
  return status;
}

TEST(StateTextTest, SaysHowFarTheTunnelIs) {
  struct Case {
    TunnelState state;
    const char* text;
  };
  const Case kCases[] = {
      {TunnelState::kResolving, "looking up the address of ovoc.example"},
      {TunnelState::kConnecting, "connecting to 192.0.2.1:443"},
      {TunnelState::kHandshaking,
       "connected to 192.0.2.1:443, negotiating TLS"},
      {TunnelState::kLoggingIn, "logging in to 192.0.2.1:443"},
      {TunnelState::kUp,
       "the tunnel is up, with the overlay address 169.254.0.2/32"},
      {TunnelState::kWaiting,
       "the tunnel is down: it hung; waiting for the next attempt"},
      {TunnelState::kStopped, "starting"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(StateText(At(c.state), "it hung", ""), c.text);
  }
  Status status = At(TunnelState::kConnecting);
  status.server_address.clear();
  EXPECT_EQ(StateText(status, "", ""), "connecting to ovoc.example");
}

TEST(StateTextTest, OneThatStopsSaysSoWhateverTheTunnelDoesMeanwhile) {
  for (const TunnelState state :
       {TunnelState::kUp, TunnelState::kWaiting, TunnelState::kConnecting}) {
    EXPECT_EQ(StateText(At(state), "it hung", "received SIGTERM"),
              "closing the tunnel: received SIGTERM");
  }
  EXPECT_EQ(StateText(At(TunnelState::kStopped), "", "received SIGTERM"),
            "stopped: received SIGTERM");
}

TEST(StateTextTest, HasHalfASentenceForEachReasonToStop) {
  EXPECT_EQ(StopText("SIGINT"), "received SIGINT");
  EXPECT_EQ(StopText("interface_lost"), "the interface is gone");
  EXPECT_EQ(StopText("sandbox"), "the worker cannot be confined");
  EXPECT_EQ(StopText("worker_stuck"), "the worker cannot be ended");
}

}  // namespace
}  // namespace ovoc::tunnel
