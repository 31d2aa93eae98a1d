// SPDX-License-Identifier: Apache-2.0
#include <signal.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "auth/basic_credentials.h"
#include "gtest/gtest.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/keeper/testing/keeper_fixture.h"
#include "tunnel/report/testing/memory_sink.h"

namespace ovoc::tunnel {
namespace {

class KeeperReloadTest : public KeeperTest {
 protected:
  LoopScript::Action Reload(const std::string& interface) {
    return [this, interface] {
      new_interface_ = interface;
      keeper_->Reload();
    };
  }
};

TEST_F(KeeperReloadTest, ARefusedOneChangesNothing) {
  script_->When(Workers(1), Reload("")).When(Turns(2), [this] {
    EXPECT_FALSE(Hear<tunnel::Stop>().has_value());
  });
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(Line("event=reload"),
            "error event=reload result=refused "
            "detail=\"f.ini:1: WSTunServer: found nothing\"");
  EXPECT_EQ(starts_, 1);
}

TEST_F(KeeperReloadTest, AnotherWorkerStartsAtOnceWithTheNewSettings) {
  random_byte_ = 0xff;  // a delay would last
  script_->When(Workers(1), Reload("ovoc0"))
      .When(ToldToStop(), Ends(Exited(ExitCode::kDone)))
      .When(Workers(2), [this] {
        EXPECT_EQ(worker().server, "new1.example");
        EXPECT_EQ(stop_why_,
                  "the client closed it: it has other settings (SIGHUP)");
        EXPECT_EQ(worker().tun_fd, workers_[0]->tun_fd);
      });
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(opened_.size(), 1u);
  EXPECT_EQ(Line("event=reload"),
            "info event=reload result=ok tunnel=new changed=WSTunServer");
  EXPECT_EQ(CountLines(log_, "worker_died"), 0);
}

TEST_F(KeeperReloadTest, TheRunningSettingsHoldUntilTheWorkerHasEnded) {
  script_->When(Workers(1), Reload("ovoc1"))
      .When(ToldToStop(),
            [this] {
              Say(SetAddress{*netif::Ipv4Prefix::Parse("169.254.0.2/32")});
            })
      .When([this] { return Hear<AddressSet>().has_value(); },
            Ends(Exited(ExitCode::kDone)))
      .When(Workers(2),
            [this] {
              Say(SetAddress{*netif::Ipv4Prefix::Parse("169.254.0.2/32")});
            })
      .When([this] { return Hear<AddressSet>().has_value(); }, Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(interface_config_.calls(),
            (std::vector<std::string>{"configure ovoc0 169.254.0.2/32 1400",
                                      "configure ovoc1 169.254.0.2/32 1400"}));
  EXPECT_EQ(interface_config_.prepared(),
            (std::vector<std::string>{"ovoc0 1400", "ovoc1 1400"}));
}

TEST_F(KeeperReloadTest, MovesToAnotherDevice) {
  script_->When(Workers(1), Reload("ovoc1"))
      .When(ToldToStop(),
            [this] {
              EXPECT_EQ(devices_alive_, 2) << "the worker still has the first";
              Die(Exited(ExitCode::kDone));
            })
      .When(Workers(2), [this] {
        EXPECT_NE(worker().tun_fd, workers_[0]->tun_fd);
        EXPECT_EQ(devices_alive_, 1);
      });
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(opened_, (std::vector<std::string>{"ovoc0", "ovoc1"}));
}

TEST_F(KeeperReloadTest, IsRefusedWhenItsDeviceCannotBeOpened) {
  script_
      ->When(Workers(1),
             [this] {
               open_status_ = absl::PermissionDeniedError("no CAP_NET_ADMIN");
             })
      .Then(Reload("ovoc1"))
      .When(Turns(2),
            [this] { EXPECT_FALSE(Hear<tunnel::Stop>().has_value()); });
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(Line("event=reload"),
            "error event=reload result=refused detail=\"no CAP_NET_ADMIN\"");
}

TEST_F(KeeperReloadTest, ASecondOneTakesTheDeviceThatTheFirstOpened) {
  script_->When(Workers(1), Reload("ovoc1"))
      .Then(Reload("ovoc1"))  // the tunnel is still closing
      .When(ToldToStop(), Ends(Exited(ExitCode::kDone)))
      .When(Workers(2), [this] { EXPECT_EQ(worker().server, "new2.example"); });
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(opened_, (std::vector<std::string>{"ovoc0", "ovoc1"}))
      << "the kernel would refuse another of that name";
  EXPECT_EQ(CountLines(log_, "event=reload result=ok"), 1);
}

TEST_F(KeeperReloadTest, AWayBackKeepsTheFirstDevice) {
  script_->When(Workers(1), Reload("ovoc1"))
      .Then(Reload("ovoc0"))
      .Then([this] { EXPECT_EQ(devices_alive_, 1); })
      .When(ToldToStop(), Ends(Exited(ExitCode::kDone)))
      .When(Workers(2),
            [this] { EXPECT_EQ(worker().tun_fd, workers_[0]->tun_fd); });
  StopInOrder();
  RunToTheEnd();
}

TEST_F(KeeperReloadTest, ARefusedSecondOneLeavesTheFirst) {
  script_->When(Workers(1), Reload("ovoc1"))
      .Then(Reload(""))
      .When(ToldToStop(), Ends(Exited(ExitCode::kDone)))
      .When(Workers(2), [this] { EXPECT_EQ(worker().server, "new1.example"); });
  StopInOrder();
  RunToTheEnd();
}

TEST_F(KeeperReloadTest, EndsARestAtOnce) {
  random_byte_ = 0xff;
  script_->When(Workers(1), Ends(SIGSEGV))
      .When(Logged("worker_died"), Reload("ovoc1"))
      .When(Workers(2), [this] {
        EXPECT_EQ(worker().server, "new1.example");
        EXPECT_EQ(devices_alive_, 1);
      });
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(CountLines(log_, "event=reload result=ok"), 1);
}

TEST_F(KeeperReloadTest, ARefusedOneLeavesARestAsItIs) {
  random_byte_ = 0xff;
  script_->When(Workers(1), Ends(SIGSEGV))
      .When(Logged("worker_died"), Reload(""))
      .When(Turns(2),
            [this] {
              EXPECT_EQ(starts_, 1);
              now_ += absl::Seconds(1);
            })
      .When(Workers(2), [this] { EXPECT_EQ(worker().server, "one.example"); });
  StopInOrder();
  RunToTheEnd();
}

TEST_F(KeeperReloadTest, AWorkerThatDoesNotEndForItIsKilled) {
  random_byte_ = 0xff;
  script_->When(Workers(1), Reload("ovoc0"))
      .When(ToldToStop(), Advance(absl::Seconds(5)))
      .When(Workers(2), [this] {
        EXPECT_EQ(workers_[0]->kills, 1);
        EXPECT_EQ(worker().server, "new1.example");
      });
  StopInOrder();
  RunToTheEnd();
}

TEST_F(KeeperReloadTest, UnchangedSettingsKeepTheWorker) {
  change_ = [](TunnelConfig*) {};
  script_->When(Workers(1), Reload("ovoc0")).When(Turns(3), [this] {
    EXPECT_FALSE(worker().end.ReceiveFromKeeper(kNoWait).ok());
  });
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(starts_, 1);
  EXPECT_EQ(Line("event=reload"),
            "info event=reload result=ok tunnel=kept changed=nothing");
}

TEST_F(KeeperReloadTest, TheWorkerIsToldOfTimesThatChanged) {
  change_ = [](TunnelConfig* config) {
    config->settings.keep_alive = absl::Seconds(3);
    config->settings.reconnect_spread = absl::Seconds(44);
  };
  script_->When(Workers(1), Reload("ovoc0"));
  script_->When(
      [this] {
        const auto tune = Hear<Tune>();
        return tune.has_value() &&
               tune->tuning.keep_alive == absl::Seconds(3) &&
               tune->tuning.reconnect_spread == absl::Seconds(44);
      },
      Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(starts_, 1);
  EXPECT_EQ(Line("event=reload"),
            "info event=reload result=ok tunnel=kept "
            "changed=WSTunKeepAlive,WSTunReconnectSpread");
}

TEST_F(KeeperReloadTest, TheNextLoginGetsANewPassword) {
  change_ = [](TunnelConfig* config) {
    config->credentials = std::make_unique<auth::BasicCredentials>(
        auth::BasicCredentials::Create("VPN", auth::Secret::FromString("n3w"))
            .value());
  };
  script_->When(Workers(1), Reload("ovoc0"))
      .Then([this] { Say(AskAuthorization{}); })
      .When(
          [this] {
            const auto answer = Hear<Authorization>();
            return answer.has_value() &&
                   answer->value ==
                       auth::Secret::FromString("Basic VlBOOm4zdw==");
          },
          Nothing());
  StopInOrder();
  RunToTheEnd();
  EXPECT_EQ(starts_, 1);
  EXPECT_EQ(Line("event=reload"),
            "info event=reload result=ok tunnel=kept changed=WSTunPassword "
            "at_next_login=WSTunPassword");
}

TEST_F(KeeperReloadTest, UnchangedSettingsDoNotEndARest) {
  random_byte_ = 0xff;
  change_ = [](TunnelConfig*) {};
  script_->When(Workers(1), Ends(SIGSEGV))
      .When(Logged("worker_died"), Reload("ovoc0"))
      .When(Turns(2),
            [this] {
              EXPECT_EQ(starts_, 1);
              now_ += absl::Seconds(1);
            })
      .When(Workers(2), Nothing());
  StopInOrder();
  RunToTheEnd();
}

TEST_F(KeeperReloadTest, IsNotHeardOnceItStops) {
  script_->When(Workers(1), Stop())
      .Then(Reload("ovoc1"))
      .When(ToldToStop(), Ends(Exited(ExitCode::kDone)));
  RunToTheEnd();
  EXPECT_EQ(loads_, 0);
  EXPECT_EQ(opened_.size(), 1u);
}

// Both signals are read in one turn of the loop.
TEST_F(KeeperReloadTest, DoesNotReviveAKeeperWhoseDeviceIsGone) {
  new_interface_ = "ovoc1";
  script_->When(Workers(1), [this] {
    device_exists_ = false;
    Die(Exited(ExitCode::kInterface));
    keeper_->OnChild();
    keeper_->Reload();
  });
  EXPECT_EQ(keeper_->Run(),
            absl::UnavailableError(
                "the interface ovoc0 is gone because somebody deleted it"));
  EXPECT_EQ(keeper_->exit_code(), ExitCode::kInterface);
  EXPECT_EQ(loads_, 0);
  EXPECT_EQ(starts_, 1);
}

}  // namespace
}  // namespace ovoc::tunnel
