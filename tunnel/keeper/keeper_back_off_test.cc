// SPDX-License-Identifier: Apache-2.0
//
// How long a keeper waits before it starts another worker.

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/keeper/testing/keeper_fixture.h"
#include "tunnel/report/testing/memory_sink.h"

namespace ovoc::tunnel {
namespace {

using KeeperRestTest = KeeperTest;

TEST_F(KeeperRestTest, WaitsLongerAfterEachCrash) {
  random_byte_ = 0xff;  // the whole of each delay
  const int delays_s[] = {1, 2, 4, 8, 16, 32, 60, 60};
  size_t workers = 0;
  for (const int delay_s : delays_s) {
    script_->When(Workers(++workers), Ends(SIGSEGV))
        .When(
            [this, workers] {
              return CountLines(log_, "worker_died") ==
                     static_cast<int>(workers);
            },
            Advance(absl::Seconds(delay_s) - absl::Milliseconds(1)))
        .When(Turns(2), [this, workers] {
          EXPECT_EQ(workers_.size(), workers) << "not yet";
          EXPECT_TRUE(absl::StrContains(
              StatusText(),
              "\"state\":\"waiting\",\"reason\":\"worker_died\""));
          now_ += absl::Milliseconds(1);
        });
  }
  script_->When(Workers(workers + 1), Nothing());
  StopInOrder();
  RunToTheEnd();
  for (const int delay_s : {1, 2, 4, 8, 16, 32}) {
    Line(absl::StrCat("delay_ms=", delay_s, "000"));
  }
}

// A service manager kills what is silent, and a rest may be longer than that.
TEST_F(KeeperRestTest, GivesSignsOfLifeWhileItRests) {
  const netif::UniqueFd manager(
      socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const std::string name = absl::StrCat("@ovoc-keeper-test-", getpid());
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  name.copy(address.sun_path, name.size());
  address.sun_path[0] = '\0';
  ASSERT_EQ(bind(manager.get(), reinterpret_cast<const sockaddr*>(&address),
                 static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) +
                                        name.size())),
            0);
  SdNotifyOptions options;
  options.socket = name;
  options.watchdog_usec = "1";
  notify_ = SdNotify::Create(options).value();
  const auto sign_of_life = [&] {
    char text[64];
    const ssize_t size = recv(manager.get(), text, sizeof(text), 0);
    return size > 0 &&
           absl::string_view(text, static_cast<size_t>(size)) == "WATCHDOG=1\n";
  };
  random_byte_ = 0xff;
  script_->When(Workers(1), Ends(SIGSEGV))
      .When(Logged("worker_died"),
            [&] {
              while (recv(manager.get(), nullptr, 0, 0) >= 0) {
              }
            })
      .When(sign_of_life, Nothing())
      .When(sign_of_life, Stop());
  RunToTheEnd();
  EXPECT_EQ(starts_, 1);
}

// What a worker does between its start and its death, which comes when the
// back-off has reached 2 s. What the keeper waits for then is in the log.
class KeeperBackOffTest : public KeeperTest {
 protected:
  KeeperBackOffTest() { random_byte_ = 0xff; }  // the whole of each delay

  LoopScript& AfterOneCrash() {
    return script_->When(Workers(1), Ends(SIGSEGV))
        .When(Logged("delay_ms=1000"), Advance(absl::Seconds(1)))
        .When(Workers(2), Nothing());
  }
  // Says that its tunnel is in `state`, which the keeper has heard then.
  void Tell(TunnelState state) {
    script_
        ->Then([this, state] {
          Progress progress;
          progress.state = state;
          Say(progress);
          Say(LogRecord{LogLevel::kInfo, absl::StrCat("event=told", ++told_)});
        })
        .When(
            [this] {
              return CountLines(log_, absl::StrCat("event=told", told_)) == 1;
            },
            Nothing());
  }
  void Pass(absl::Duration time) {
    script_->Then(Advance(time)).When(Turns(1), Nothing());
  }
  void NextDelayIs(const std::string& delay_ms) {
    script_->When([this] { return CountLines(log_, "event=worker_died") == 2; },
                  Stop());
    RunToTheEnd();
    EXPECT_EQ(CountLines(log_, absl::StrCat("delay_ms=", delay_ms)),
              delay_ms == "1000" ? 2 : 1);
  }

  int told_ = 0;
};

TEST_F(KeeperBackOffTest, ATunnelThatLastedStartsTheSeriesAnew) {
  AfterOneCrash();
  Tell(TunnelState::kUp);
  Pass(absl::Seconds(30));
  Tell(TunnelState::kUp);
  Pass(absl::Seconds(30));
  Tell(TunnelState::kUp);
  script_->Then(Ends(SIGSEGV));
  NextDelayIs("1000");
}

// A peer that can keep a worker busy, or crash it, gains nothing by taking its
// time: what counts is the tunnel.
TEST_F(KeeperBackOffTest, AWorkerThatLastedWithoutATunnelDoesNot) {
  AfterOneCrash();
  Tell(TunnelState::kHandshaking);
  Pass(absl::Seconds(50));
  Tell(TunnelState::kHandshaking);
  Pass(absl::Seconds(50));
  Tell(TunnelState::kLoggingIn);
  script_->Then(Ends(SIGSEGV));
  NextDelayIs("2000");
}

TEST_F(KeeperBackOffTest, AWorkerThatWasSilentInItsHandshakeDoesNot) {
  AfterOneCrash();
  Tell(TunnelState::kHandshaking);
  Pass(absl::Milliseconds(59999));
  Pass(absl::Milliseconds(1));
  NextDelayIs("2000");
  EXPECT_EQ(workers_[1]->kills, 1);
}

TEST_F(KeeperBackOffTest, AWorkerThatWasKilledDoesNotWhateverItsTunnelWas) {
  AfterOneCrash();
  for (int i = 0; i < 4; ++i) {
    Tell(TunnelState::kUp);
    Pass(absl::Seconds(50));
  }
  script_->Then([this] { SayRaw({1, 2, 3}); });
  NextDelayIs("2000");
  EXPECT_EQ(workers_[1]->kills, 1);
}

}  // namespace
}  // namespace ovoc::tunnel
