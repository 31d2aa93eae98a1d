// SPDX-License-Identifier: Apache-2.0
#include "tunnel/run_keeper.h"

#include <signal.h>
#include <sys/epoll.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "netif/linux/link_watch.h"
#include "netif/linux/linux_interface_config.h"
#include "netif/linux/linux_interface_inspector.h"
#include "netif/linux/linux_tun_device.h"
#include "netif/linux/vrf.h"
#include "tunnel/check/findings/expiry.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/command_line/version.h"
#include "tunnel/config/tunnel_config.h"
#include "tunnel/keeper/held_device.h"
#include "tunnel/keeper/interface_guard.h"
#include "tunnel/keeper/keeper.h"
#include "tunnel/keeper/worker.h"
#include "tunnel/sandbox/sandbox.h"
#include "tunnel/status_target.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/system/insecure_surroundings.h"
#include "tunnel/system/secure_random.h"
#include "tunnel/system/signals.h"

namespace ovoc::tunnel {
namespace {

// The keeper's paths after ConfineKeeper: the machine's root is its working
// folder.
constexpr char kTunPath[] = "dev/net/tun";
constexpr char kIpv6SettingsPath[] = "proc/sys/net/ipv6/conf";

HeldDevice::Opener DeviceOpenerWith(netif::TunOffload offload) {
  return [offload](const std::string& name)
             -> absl::StatusOr<std::unique_ptr<netif::TunDevice>> {
    netif::LinuxTunDevice::Options options;
    options.name = name;
    options.device_path = kTunPath;
    options.offload = offload;
    return netif::LinuxTunDevice::Open(options);
  };
}

Outcome Failed(ExitCode code, absl::string_view why) {
  return {code, std::string(why)};
}

// How often the worker gives a sign of life, for the watchdog's sake at least.
absl::Duration RefreshPeriod(const SdNotify& notify) {
  constexpr absl::Duration kPeriod = absl::Seconds(5);
  return std::min(kPeriod,
                  notify.watchdog().value_or(absl::InfiniteDuration()) / 2);
}

// What a keeper runs on that was made before the machine's root was given up.
struct Ground {
  const KeeperOptions& options;
  const ToldRun& told;
  WorkerOptions worker;
  EventLoop* loop;
  netif::LinuxInterfaceInspector* inspector;
};

absl::Status CheckStatusFile(const Ground& ground) {
  return CheckNotNamedFile(ground.told.files, ground.told.status_file,
                           ground.options.settings);
}

absl::StatusOr<std::unique_ptr<TunnelConfig>> Load(const Ground& ground) {
  const ProxyEnvironment none;
  const ProxyEnvironment* const environment = ground.options.environment;
  absl::StatusOr<std::unique_ptr<TunnelConfig>> config = LoadTunnelConfig(
      ground.options.settings, ground.options.policy, ground.told.files,
      environment == nullptr ? none : *environment);
  if (config.ok() && (*config)->tls != nullptr) {
    // A clock from before this release is wrong for certain.
    for (std::string& expiry : OwnExpiryWarnings(
             (*config)->tls->own_chain(),
             std::max(absl::Now(),
                      absl::FromUnixSeconds(kReleaseUnixSeconds)))) {
      (*config)->warnings.push_back(std::move(expiry));
    }
  }
  return config;
}

InterfaceGuard::Parts GuardParts(const Ground& ground,
                                 netif::InterfaceConfig* config) {
  return {.config = config,
          .inspector = ground.inspector,
          .logger = ground.told.logger,
          .tell =
              [publisher = ground.told.publisher](absl::string_view trouble) {
                publisher->InterfaceTrouble(trouble);
              },
          .clock = MonotonicNow};
}

// `ground` outlives the keeper.
Keeper::Parts KeeperParts(const Ground& ground, InterfaceGuard* guard) {
  return {.loop = ground.loop,
          .logger = ground.told.logger,
          .publisher = ground.told.publisher,
          .interface_config = guard,
          .random = FillSecureRandom,
          .open_device = DeviceOpenerWith(ground.options.tun_offload),
          .device_exists =
              [](const std::string& name) {
                return netif::VrfExists(name).value_or(true);
              },
          .start_worker =
              [&ground](TunnelConfig* running, const netif::TunDevice& device) {
                return StartWorker(ground.worker, running, device);
              },
          .load_config =
              [&ground] {
                const absl::Status target = CheckStatusFile(ground);
                return target.ok() ? Load(ground) : target;
              },
          .look_around =
              [&ground](TunnelConfig* running) {
                RefreshSurroundings(running);
                ground.told.publisher->MachineIs(
                    InsecureSurroundings(running->settings.interface));
              },
          .clock = MonotonicNow,
          .guard = guard};
}

absl::string_view NameOfStop(int signal) {
  if (signal == SIGQUIT) {
    return "SIGQUIT";
  }
  return signal == SIGTERM ? "SIGTERM" : "SIGINT";
}

void OnSignal(int signal, Keeper* keeper) {
  if (signal == SIGCHLD) {
    keeper->OnChild();
  } else if (signal == SIGHUP) {
    keeper->Reload();
  } else {
    keeper->Stop(NameOfStop(signal));
  }
}

Outcome RunOn(const Ground& ground) {
  if (const absl::Status target = CheckStatusFile(ground); !target.ok()) {
    return Failed(ExitCode::kUsage, target.message());
  }
  absl::StatusOr<std::unique_ptr<TunnelConfig>> config = Load(ground);
  if (!config.ok()) {
    return Failed(ExitCode::kSettings, config.status().message());
  }
  ground.told.publisher->Started(**config);
  netif::LinuxInterfaceConfig interface_config(
      {.ipv6_settings_path = kIpv6SettingsPath});
  InterfaceGuard guard(GuardParts(ground, &interface_config));
  const absl::Status watched = ground.loop->Watch(
      ground.inspector->fd(), EPOLLIN, [&guard](uint32_t) { guard.OnNews(); });
  if (!watched.ok()) {
    return Failed(ExitCode::kInternal, watched.message());
  }
  Keeper keeper(KeeperParts(ground, &guard), *std::move(config));
  absl::StatusOr<std::unique_ptr<Signals>> signals = Signals::Create(
      ground.loop, [&keeper](int signal) { OnSignal(signal, &keeper); });
  if (!signals.ok()) {
    return Failed(ExitCode::kInternal, signals.status().message());
  }
  const absl::Status ran = keeper.Run();
  return Failed(keeper.exit_code(), ran.message());
}

}  // namespace

Outcome RunKeeper(const KeeperOptions& options, const ToldRun& told) {
  absl::StatusOr<std::unique_ptr<EventLoop>> loop = EventLoop::Create();
  if (!loop.ok()) {
    return Failed(ExitCode::kInternal, loop.status().message());
  }
  // Its socket is bound, for which the keeper has no system call.
  absl::StatusOr<netif::LinkWatch> watch = netif::LinkWatch::Open();
  if (!watch.ok()) {
    return Failed(ExitCode::kInterface, watch.status().message());
  }
  netif::LinuxInterfaceInspector inspector(*std::move(watch));
  const absl::StatusOr<SandboxReport> confined =
      ConfineKeeper(options.id, options.violation);
  if (!confined.ok()) {
    return Failed(ExitCode::kSandbox, confined.status().message());
  }
  return RunOn({.options = options,
                .told = told,
                .worker = {.id = options.id,
                           .log_level = options.log_level,
                           .refresh_period = RefreshPeriod(told.notify),
                           .forget =
                               [environment = options.environment] {
                                 if (environment != nullptr) {
                                   *environment = ProxyEnvironment();
                                 }
                               }},
                .loop = loop->get(),
                .inspector = &inspector});
}

}  // namespace ovoc::tunnel
