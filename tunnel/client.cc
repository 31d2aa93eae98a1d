// SPDX-License-Identifier: Apache-2.0
//
// client keeps a device's tunnel to OVOC up; see README.md beside this file.
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "netif/interface_config.h"
#include "netif/linux_interface_config.h"
#include "netif/linux_tun_device.h"
#include "tunnel/build_policy.h"
#include "tunnel/check.h"
#include "tunnel/command_line.h"
#include "tunnel/event_loop.h"
#include "tunnel/exit_code.h"
#include "tunnel/log.h"
#include "tunnel/reporter.h"
#include "tunnel/sd_notify.h"
#include "tunnel/secure_random.h"
#include "tunnel/settings.h"
#include "tunnel/signals.h"
#include "tunnel/tunnel_client.h"
#include "tunnel/tunnel_config.h"
#include "tunnel/version.h"

namespace ovoc::tunnel {
namespace {

int Code(ExitCode code) { return static_cast<int>(code); }

// One line on stderr, whatever the log is.
int Fail(ExitCode code, absl::string_view message) {
  std::cerr << "client: " << message << "\n";
  return Code(code);
}

std::unique_ptr<LogSink> MakeSink(CommandLine::LogTarget target) {
  if (target == CommandLine::LogTarget::kSyslog) {
    return std::make_unique<SyslogSink>("ovoc-tunnel");
  }
  return std::make_unique<DescriptorSink>(STDERR_FILENO);
}

absl::StatusOr<std::unique_ptr<TunnelDevice>> OpenDevice(
    EventLoop* loop, netif::InterfaceConfig* interface_config,
    const Settings& settings, TunnelDevice::PacketTaker* taker) {
  netif::LinuxTunDevice::Options options;
  options.name = settings.interface;
  absl::StatusOr<std::unique_ptr<netif::LinuxTunDevice>> tun =
      netif::LinuxTunDevice::Open(options);
  if (!tun.ok()) {
    return tun.status();
  }
  return std::make_unique<TunnelDevice>(
      loop, *std::move(tun), interface_config, settings.interface,
      static_cast<size_t>(settings.mtu), taker);
}

int RunCheck(EventLoop* loop, const TunnelConfig& config) {
  Check check(loop, &config, &std::cout);
  const absl::StatusOr<End> end = check.Run(FillSecureRandom);
  if (!end.ok()) {
    return Fail(ExitCode::kInternal, end.status().message());
  }
  if (end->reason != EndReason::kClosedByUs) {
    return Fail(ExitCodeFor(end->reason),
                absl::StrCat("check failed: ", Word(end->reason), ": ",
                             end->detail.message()));
  }
  return Code(ExitCode::kDone);
}

int RunTunnel(EventLoop* loop, Logger* logger,
              std::unique_ptr<TunnelConfig> config, const CommandLine& line) {
  absl::StatusOr<SdNotify> notify =
      SdNotify::Create(SdNotifyOptions::FromEnvironment());
  if (!notify.ok()) {
    logger->Log(
        LogLevel::kWarning,
        LogLine("notify_failed").Add("detail", notify.status().message()));
    notify = SdNotify::Create(SdNotifyOptions());
  }
  Reporter reporter(logger, &*notify,
                    line.status_file.empty()
                        ? std::nullopt
                        : std::optional<StatusFile>(line.status_file));
  reporter.Started(*config);
  netif::LinuxInterfaceConfig interface_config;
  TunnelClient client(
      {loop, &reporter, &*notify, FillSecureRandom,
       [loop, &interface_config](const Settings& settings,
                                 TunnelDevice::PacketTaker* taker) {
         return OpenDevice(loop, &interface_config, settings, taker);
       },
       [&line] { return LoadTunnelConfig(line.settings, BuildPolicy()); }},
      std::move(config));
  absl::StatusOr<std::unique_ptr<Signals>> signals =
      Signals::Create(loop, [&client](int signal) {
        if (signal == SIGHUP) {
          client.Reload();
        } else {
          client.Stop(signal == SIGTERM ? "SIGTERM" : "SIGINT");
        }
      });
  if (!signals.ok()) {
    return Fail(ExitCode::kInternal, signals.status().message());
  }
  const absl::Status ran = client.Run();
  if (ran.ok()) {
    return Code(ExitCode::kDone);
  }
  return Fail(
      absl::IsInternal(ran) ? ExitCode::kInternal : ExitCode::kInterface,
      ran.message());
}

int RunWithSettings(const CommandLine& line) {
  if (line.action == CommandLine::Action::kRun) {
    Signals::Block().IgnoreError();  // Create says it again if it failed
  }
  absl::StatusOr<std::unique_ptr<EventLoop>> loop = EventLoop::Create();
  if (!loop.ok()) {
    return Fail(ExitCode::kInternal, loop.status().message());
  }
  absl::StatusOr<std::unique_ptr<TunnelConfig>> config =
      LoadTunnelConfig(line.settings, BuildPolicy());
  if (!config.ok()) {
    return Fail(ExitCode::kSettings, config.status().message());
  }
  if (line.action == CommandLine::Action::kCheck) {
    return RunCheck(loop->get(), **config);
  }
  Logger logger(MakeSink(line.log), line.log_level);
  const int code = RunTunnel(loop->get(), &logger, *std::move(config), line);
  logger.Log(LogLevel::kInfo, LogLine("exit").Add("code", int64_t{code}));
  return code;
}

int Main(absl::Span<const char* const> arguments) {
  const absl::StatusOr<CommandLine> line = ParseCommandLine(arguments);
  if (!line.ok()) {
    return Fail(ExitCode::kUsage, line.status().message());
  }
  // A peer or a reader of the log that is gone shows as EPIPE.
  signal(SIGPIPE, SIG_IGN);
  switch (line->action) {
    case CommandLine::Action::kHelp:
      std::cout << kCommandLineHelp << "\n" << DescribeSettings();
      return Code(ExitCode::kDone);
    case CommandLine::Action::kVersion:
      std::cout << "ovoc-tunnel client " << kVersion << ", policy "
                << Word(BuildPolicy()) << "\n";
      return Code(ExitCode::kDone);
    case CommandLine::Action::kRun:
    case CommandLine::Action::kCheck:
      break;
  }
  return RunWithSettings(*line);
}

}  // namespace
}  // namespace ovoc::tunnel

int main(int argc, char** argv) {
  return ovoc::tunnel::Main(
      absl::MakeConstSpan(argv, static_cast<size_t>(argc)));
}
