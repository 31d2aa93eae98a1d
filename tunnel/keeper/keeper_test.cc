// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/keeper.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/keeper/testing/keeper_fixture.h"
#include "tunnel/report/testing/memory_sink.h"

namespace ovoc::tunnel {
namespace {

TEST_F(KeeperTest, OpensTheDeviceAndStartsAWorkerWithIt) {
  script_->When(Workers(1), [this] {
    EXPECT_EQ(opened_, std::vector<std::string>{"ovoc0"});
    EXPECT_EQ(worker().server, "one.example");
    EXPECT_GE(worker().tun_fd, 0);
    Say(WorkerReady{{4, LockedMemory::kAll}});
  });
  script_->When(Logged("event=worker "), Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(Line("event=worker "),
            "info event=worker pid=4242 landlock=4 locked=all");
  EXPECT_EQ(CountLines(log_, "worker_died"), 0);
  EXPECT_EQ(Line("event=stop"), "info event=stop reason=SIGTERM");
  EXPECT_TRUE(absl::StrContains(StatusText(), "\"state\":\"stopped\""));
}

TEST_F(KeeperTest, EndsWhenThereIsNoDevice) {
  open_status_ = absl::PermissionDeniedError("needs CAP_NET_ADMIN");
  EXPECT_EQ(keeper_->Run(), open_status_);
  EXPECT_EQ(keeper_->exit_code(), ExitCode::kInterface);
  EXPECT_EQ(starts_, 0);
}

TEST_F(KeeperTest, PassesOnLogLinesAndProgress) {
  Progress progress;
  progress.state = TunnelState::kUp;
  progress.overlay = netif::Ipv4Prefix::Parse("169.254.0.2/18");
  script_
      ->When(Workers(1),
             [&] {
               Say(LogRecord{LogLevel::kWarning, "event=x key=\"a b\""});
               Say(progress);
             })
      .When(Logged("event=x"), Nothing());
  script_->Then([this] {
    EXPECT_TRUE(absl::StrContains(StatusText(),
                                  "\"overlay_address\":\"169.254.0.2/18\""));
  });
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(Line("event=x"), "warning from=worker event=x key=\"a b\"");
}

// Also while its worker says nothing, or there is none.
TEST_F(KeeperTest, RenewsTheStatusEveryFiveSeconds) {
  std::string before;
  // Whether it says something else than the last time.
  const auto is_new = [this, &before] {
    const std::string now = StatusText();
    return std::exchange(before, now) != now;
  };
  script_->When(Workers(1), [&is_new] { is_new(); });
  for (int i = 0; i < 3; ++i) {
    script_->Then(Advance(absl::Seconds(5))).When(is_new, Nothing());
  }
  StopInOrder();
  RunToTheEnd();
}

TEST_F(KeeperTest, TheCarrierFollowsTheTunnelAndEndsWithItsWorker) {
  const auto carrier = [this](netif::Carrier wanted) {
    return [this, wanted] { return device_->carrier() == wanted; };
  };
  const auto say = [this](TunnelState state) {
    return [this, state] {
      Progress progress;
      progress.state = state;
      Say(progress);
    };
  };
  script_->When(Workers(1), say(TunnelState::kConnecting))
      .When(carrier(netif::Carrier::kOff), say(TunnelState::kUp))
      .When(carrier(netif::Carrier::kOn), say(TunnelState::kWaiting))
      .When(carrier(netif::Carrier::kOff), say(TunnelState::kUp))
      .When(carrier(netif::Carrier::kOn), Ends(kKilled))
      .When(carrier(netif::Carrier::kOff), Nothing())
      .When(Workers(2), Nothing());
  StopInOrder();
  RunToTheEnd();
}

TEST_F(KeeperTest, MendsAnInterfaceThatAnotherProgramChanged) {
  script_
      ->When(Workers(1),
             [this] {
               Say(SetAddress{*netif::Ipv4Prefix::Parse("169.254.0.2/32")});
             })
      .When([this] { return interface_config_.calls().size() == 1; },
            [this] {
              inspector_.state = "is down";
              guard_.OnNews();
              now_ += absl::Seconds(1);
            })
      .When([this] { return interface_config_.calls().size() == 2; },
            Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(CountLines(log_, "event=interface_changed"), 1);
}

}  // namespace
}  // namespace ovoc::tunnel
