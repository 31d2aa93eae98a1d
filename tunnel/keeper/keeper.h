// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_KEEPER_H_
#define OVOC_TUNNEL_KEEPER_KEEPER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "netif/interface_config.h"
#include "netif/tun_device.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/config/tunnel_config.h"
#include "tunnel/keeper/decisions/keeper_state.h"
#include "tunnel/keeper/decisions/message_budget.h"
#include "tunnel/keeper/decisions/worker_deadlines.h"
#include "tunnel/keeper/held_device.h"
#include "tunnel/keeper/interface_guard.h"
#include "tunnel/keeper/messages/message.h"
#include "tunnel/keeper/socket_granter.h"
#include "tunnel/keeper/worker_answers.h"
#include "tunnel/keeper/worker_listener.h"
#include "tunnel/keeper/worker_process.h"
#include "tunnel/keeper/worker_record.h"
#include "tunnel/keeper/worker_reports.h"
#include "tunnel/report/log.h"
#include "tunnel/report/status_publisher.h"
#include "tunnel/retry/reconnect_policy.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::tunnel {

// Keeper holds what needs privilege: the device and its address, the settings
// and the files that they name, and the password. It reads no byte from the
// network. A worker does that. The keeper starts the worker, starts another one
// if it ends, and never trusts it.
class Keeper {
 public:
  using WorkerStarter =
      std::function<absl::StatusOr<std::unique_ptr<WorkerProcess>>(
          TunnelConfig* config, const netif::TunDevice& device)>;
  using ConfigLoader =
      std::function<absl::StatusOr<std::unique_ptr<TunnelConfig>>()>;

  // Everything pointed to must outlive the keeper.
  struct Parts {
    EventLoop* loop;
    Logger* logger;
    StatusPublisher* publisher;
    netif::InterfaceConfig* interface_config;
    ReconnectPolicy::RandomBytes random;
    HeldDevice::Opener open_device;
    std::function<bool(const std::string& name)> device_exists;
    WorkerStarter start_worker;
    ConfigLoader load_config;
    std::function<void(TunnelConfig*)> look_around;  // RefreshSurroundings
    std::function<absl::Time()> clock = MonotonicNow;
    InterfaceGuard* guard;  // of the interface_config; told of the tunnel
  };

  Keeper(Parts parts, std::unique_ptr<TunnelConfig> config);
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;
  ~Keeper();

  // Runs until Stop. An error says why there is no device, why a worker could
  // not confine itself, or what went wrong internally.
  absl::Status Run();

  // The exit code of the client after Run has returned: kDone, kInterface,
  // kSandbox or kInternal.
  ExitCode exit_code() const { return exit_code_; }

  // Makes the worker close the tunnel in order, then makes Run return. `why` is
  // for the log.
  void Stop(absl::string_view why);

  // Reads the settings again, and the files that they name. Changes take effect
  // as SettingTakeovers says: the tunnel stays unless a change needs another
  // one, which a new worker makes. If there are errors, the new settings are
  // refused and the running ones stay.
  void Reload();

  // Call this after SIGCHLD.
  void OnChild();

 private:
  // News is what is known about an event.
  struct News {
    absl::string_view word = {};  // for the log and the status
    std::string why = {};
    absl::Duration time_up = {};      // see WorkerRecord
    ExitCode code = ExitCode::kDone;  // of a failure
  };

  // This is the only place where the state changes.
  void Take(KeeperEvent event, const News& news);
  void Do(KeeperAct act, const News& news);

  void StartWorker();
  void Receive(absl::Time now);
  absl::Status Handle(const WorkerMessage& message);
  void NoteServer(const WorkerMessage& message);
  void OnTime(absl::Time now);
  absl::Time NextTime() const;
  void Refuse(const absl::Status& why);
  void Kill();
  void Act(WorkerDeadlines::Act due);
  void AfterEnd(int wait_status);
  News NewsOfDeath(int wait_status) const;

  // These carry out the acts (KeeperAct).
  absl::Duration ReportDeath(const News& news);
  void Pause(const News& news);
  void Adopt();
  void AskToEnd(const News& news);
  void LoadSettings();
  void Fail(const News& news);

  const Parts parts_;
  std::unique_ptr<TunnelConfig> config_;
  HeldDevice device_{parts_.open_device, parts_.guard};
  ReconnectPolicy back_off_;  // after crashes, too
  SocketGranter sockets_{parts_.logger};
  MessageBudget signatures_{kSignatureBudget};
  WorkerReports reports_;
  KeeperState state_ = KeeperState::kResting;
  std::unique_ptr<WorkerProcess> worker_;
  std::optional<WorkerListener> listener_;           // of worker_
  WorkerRecord record_;                              // of worker_
  WorkerDeadlines deadlines_{absl::InfinitePast()};  // of worker_
  absl::Time start_at_ = absl::InfinitePast();  // in kResting: the next one
  absl::Time renew_at_ = absl::InfinitePast();  // the status
  std::unique_ptr<TunnelConfig> new_config_;    // of kReplacing
  absl::Status result_;
  ExitCode exit_code_ = ExitCode::kDone;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_KEEPER_H_
