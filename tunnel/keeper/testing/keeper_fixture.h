// SPDX-License-Identifier: Apache-2.0
//
// A keeper with all that it runs on, for its tests.

#ifndef OVOC_TUNNEL_KEEPER_TESTING_KEEPER_FIXTURE_H_
#define OVOC_TUNNEL_KEEPER_TESTING_KEEPER_FIXTURE_H_

#include <sys/eventfd.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"
#include "netif/testing/fake_interface_config.h"
#include "netif/testing/fake_interface_inspector.h"
#include "netif/testing/fake_tun_device.h"
#include "tunnel/keeper/interface_guard.h"
#include "tunnel/keeper/keeper.h"
#include "tunnel/keeper/testing/fake_worker.h"
#include "tunnel/report/testing/memory_sink.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/testing/loop_script.h"

namespace ovoc::tunnel {

// KeeperTest runs a keeper on a real event loop and real channels, with workers
// and devices that are fakes. What happens to it is a LoopScript.
class KeeperTest : public testing::Test {
 protected:
  static constexpr Channel::Wait kNoWait = Channel::Wait::kNo;

  void SetUp() override;
  void TearDown() override;

  // Another keeper instead.
  void Make(std::unique_ptr<TunnelConfig> config);
  std::unique_ptr<TunnelConfig> Config(const std::string& server,
                                       const std::string& interface) const;

  // The newest worker and what it does.
  WorkerView& worker() { return *workers_.back(); }
  void Die(int wait_status);
  void Say(const WorkerMessage& message);
  void SayRaw(const std::vector<uint8_t>& bytes);
  template <typename Message>
  std::optional<Message> Hear() {
    auto message = worker().end.ReceiveFromKeeper(kNoWait);
    if (!message.ok() || !std::holds_alternative<Message>(*message)) {
      return std::nullopt;
    }
    return std::get<Message>(*std::move(message));
  }

  // Conditions.
  LoopScript::Condition Workers(size_t count);
  LoopScript::Condition Logged(const std::string& text);
  LoopScript::Condition ToldToStop();
  // What was sent has been seen by a keeper that has nothing to say to it.
  static LoopScript::Condition Turns(int count);

  // Actions.
  LoopScript::Action Stop();
  LoopScript::Action Ends(int wait_status);
  LoopScript::Action Advance(absl::Duration by);
  static LoopScript::Action Nothing() {
    return [] {};
  }

  // The rest of a script: an orderly end.
  void StopInOrder();
  void RunToTheEnd();
  std::string StatusText() const;
  // The one line of the log that holds `text`.
  std::string Line(absl::string_view text) const;

  // What the keeper gets when it asks.
  absl::StatusOr<std::unique_ptr<netif::TunDevice>> OpenDevice(
      const std::string& name);
  absl::StatusOr<std::unique_ptr<WorkerProcess>> StartWorker(
      TunnelConfig* running, int tun_fd);
  absl::StatusOr<std::unique_ptr<TunnelConfig>> LoadConfig();

  std::string path_;
  std::vector<std::string> log_;
  std::string stop_why_;  // what a worker was told last
  Logger logger_{std::make_unique<MemorySink>(&log_), LogLevel::kDebug};
  SdNotify notify_ = SdNotify::Create(SdNotifyOptions()).value();
  std::optional<StatusPublisher> publisher_;
  std::unique_ptr<EventLoop> loop_ = EventLoop::Create().value();
  netif::UniqueFd child_event_{eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
  netif::FakeInterfaceConfig interface_config_;
  netif::FakeInterfaceInspector inspector_;
  InterfaceGuard guard_{{&interface_config_, &inspector_, &logger_,
                         [](absl::string_view) {}, [this] { return now_; }}};
  netif::FakeTunDevice* device_ = nullptr;  // the last one opened
  absl::Time now_ = MonotonicNow();         // moves by Advance, or hardly
  uint8_t random_byte_ = 0;  // 0: workers are started again at once
  absl::Status open_status_;
  absl::Status start_status_;
  bool device_exists_ = true;
  std::string new_interface_;  // of reloaded settings; empty: bad ones
  std::function<void(TunnelConfig*)> change_;  // of the first settings, instead
  std::vector<std::string> opened_;
  int devices_alive_ = 0;
  int starts_ = 0;
  int loads_ = 0;
  int looks_around_ = 0;
  std::vector<std::unique_ptr<WorkerView>> workers_;
  std::unique_ptr<Keeper> keeper_;
  std::optional<LoopScript> script_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_TESTING_KEEPER_FIXTURE_H_
