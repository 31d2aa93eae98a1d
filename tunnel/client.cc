// SPDX-License-Identifier: Apache-2.0
//
// client keeps a device's tunnel to OVOC up; see README.md beside this file.
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "netif/link_watch.h"
#include "netif/linux_interface_config.h"
#include "netif/linux_interface_inspector.h"
#include "netif/linux_tun_device.h"
#include "netif/reverse_path_filter.h"
#include "netif/vrf.h"
#include "tunnel/build_policy.h"
#include "tunnel/check.h"
#include "tunnel/command_line.h"
#include "tunnel/direct_socket_maker.h"
#include "tunnel/event_loop.h"
#include "tunnel/exit_code.h"
#include "tunnel/keeper/interface_guard.h"
#include "tunnel/keeper/keeper.h"
#include "tunnel/keeper/worker.h"
#include "tunnel/library_version.h"
#include "tunnel/log.h"
#include "tunnel/read_file.h"
#include "tunnel/sandbox/file_root.h"
#include "tunnel/sandbox/sandbox.h"
#include "tunnel/sandbox/worker_id.h"
#include "tunnel/sd_notify.h"
#include "tunnel/secure_random.h"
#include "tunnel/settings.h"
#include "tunnel/signals.h"
#include "tunnel/socket_rule.h"
#include "tunnel/status_publisher.h"
#include "tunnel/tunnel_config.h"
#include "tunnel/version.h"

namespace ovoc::tunnel {
namespace {

int Code(ExitCode code) { return static_cast<int>(code); }

// On stderr, whatever the log is: a line for each line of the message.
int Fail(ExitCode code, absl::string_view message) {
  for (const absl::string_view line : absl::StrSplit(message, '\n')) {
    std::cerr << "client: " << line << "\n";
  }
  return Code(code);
}

std::unique_ptr<LogSink> MakeSink(CommandLine::LogTarget target) {
  if (target == CommandLine::LogTarget::kSyslog) {
    return std::make_unique<SyslogSink>("ovoc-tunnel");
  }
  return std::make_unique<DescriptorSink>(STDERR_FILENO);
}

// The keeper's paths after ConfineKeeper: the machine's root is its working
// folder.
constexpr char kTunPath[] = "dev/net/tun";
constexpr char kIpv6SettingsPath[] = "proc/sys/net/ipv6/conf";

Keeper::DeviceOpener DeviceOpenerWith(netif::TunOffload offload) {
  return [offload](const std::string& name)
             -> absl::StatusOr<std::unique_ptr<netif::TunDevice>> {
    netif::LinuxTunDevice::Options options;
    options.name = name;
    options.device_path = kTunPath;
    options.offload = offload;
    return netif::LinuxTunDevice::Open(options);
  };
}

// The folder in use, where relative paths begin.
std::string WorkingFolder() {
  std::array<char, PATH_MAX> folder;
  return getcwd(folder.data(), folder.size()) == nullptr ? "/" : folder.data();
}

// The path of the status file with no link in its folder's: an absolute link
// leads nowhere once the root is empty.
std::string StatusPath(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder =
      slash == std::string::npos ? "." : path.substr(0, slash + 1);
  std::array<char, PATH_MAX> real;
  return realpath(folder.c_str(), real.data()) == nullptr
             ? path
             : absl::StrCat(real.data(), "/", path.substr(slash + 1));
}

// A line on stderr without any allocation, from a signal handler.
void ShowViolation(int system_call) {
  std::array<char, 64> line = {"client: stopped by its system-call filter at "};
  size_t size = strlen(line.data());
  std::array<char, 12> digits;
  size_t count = 0;
  do {
    digits[count++] = static_cast<char>('0' + system_call % 10);
    system_call /= 10;
  } while (system_call > 0);
  while (count > 0) {
    line[size++] = digits[--count];
  }
  line[size++] = '\n';
  (void)!write(STDERR_FILENO, line.data(), size);
}

// Gives stdout a buffer: the C library would ask what kind of file it is at the
// first line, by a system call that a worker does not have.
void PrepareReport() {
  static std::array<char, BUFSIZ> buffer;
  (void)!setvbuf(stdout, buffer.data(), _IOLBF, buffer.size());
}

// A small file of the system; what cannot be read is as good as empty.
std::string TextOf(const char* path) {
  constexpr size_t kMaxBytes = 1 << 20;  // some thousand users
  const absl::StatusOr<FileContents> file =
      ReadSmallFile(path, kMaxBytes, FilePrivacy::kAny);
  return file.ok() ? std::string(
                         file->bytes.Reveal(auth::InsecureSecretAccess::Get()))
                   : "";
}

// To be called while the machine's root is this process's.
absl::StatusOr<WorkerId> FindWorkerId(const CommandLine& line) {
  return ChooseWorkerId(line.worker_uid, TextOf("/etc/passwd"),
                        TextOf("/proc/self/uid_map"));
}

// Confines this process. A kernel without system-call filters is no reason not
// to check.
absl::Status ConfineCheck(const WorkerId& id, const SocketOptions& sockets) {
  const absl::StatusOr<SandboxReport> confined = ConfineAlone(
      {id, {sockets.server_port, sockets.dns_port}, ShowViolation});
  if (absl::IsUnavailable(confined.status())) {
    std::cerr << "client: not confined: " << confined.status().message()
              << "\n";
    return absl::OkStatus();
  }
  return confined.status();
}

int RunCheck(const CommandLine& line, const WorkerId& id) {
  PrepareReport();
  absl::StatusOr<std::unique_ptr<EventLoop>> loop = EventLoop::Create();
  if (!loop.ok()) {
    return Fail(ExitCode::kInternal, loop.status().message());
  }
  const absl::StatusOr<std::unique_ptr<TunnelConfig>> config =
      LoadTunnelConfig(line.settings, BuildPolicy());
  if (!config.ok()) {
    return Fail(ExitCode::kSettings, config.status().message());
  }
  DirectSocketMaker direct(&(*config)->sockets);
  RuledSocketMaker ruled([&config] { return SocketRuleOf(**config); }, &direct);
  (*config)->attempt.sockets = &ruled;
  const absl::Status confined = ConfineCheck(id, (*config)->sockets);
  if (!confined.ok()) {
    return Fail(ExitCode::kSandbox, confined.message());
  }
  Check check(loop->get(), config->get(), &std::cout);
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

SdNotify ConnectNotify(Logger* logger) {
  absl::StatusOr<SdNotify> notify =
      SdNotify::Create(SdNotifyOptions::FromEnvironment());
  if (!notify.ok()) {
    logger->Log(
        LogLevel::kWarning,
        LogLine("notify_failed").Add("detail", notify.status().message()));
    notify = SdNotify::Create(SdNotifyOptions());
  }
  return *std::move(notify);
}

// How often the worker gives a sign of life, for the watchdog's sake at least.
absl::Duration RefreshPeriod(const SdNotify& notify) {
  constexpr absl::Duration kPeriod = absl::Seconds(5);
  return std::min(kPeriod,
                  notify.watchdog().value_or(absl::InfiniteDuration()) / 2);
}

// Interfaces through which others can pose as OVOC; see guard/README.md. What
// cannot be found out is no reason not to start.
std::vector<std::string> OpenToSpoofing(const std::string& own) {
  const auto open = netif::FindOpenInterfaces(own);
  std::vector<std::string> found;
  for (size_t i = 0; open.ok() && i < open->size(); ++i) {
    const netif::OpenInterface& interface = (*open)[i];
    found.push_back(absl::StrCat("net.ipv4.conf.", interface.name,
                                 ".rp_filter=", interface.rp_filter));
  }
  return found;
}

int RunKeeper(EventLoop* loop, Logger* logger, StatusPublisher* publisher,
              netif::LinuxInterfaceInspector* inspector,
              const WorkerOptions& worker, Keeper::DeviceOpener open_device,
              Keeper::ConfigLoader load) {
  absl::StatusOr<std::unique_ptr<TunnelConfig>> config = load();
  if (!config.ok()) {
    return Fail(ExitCode::kSettings, config.status().message());
  }
  publisher->Started(**config);
  netif::LinuxInterfaceConfig interface_config(
      {.ipv6_settings_path = kIpv6SettingsPath});
  InterfaceGuard guard({&interface_config, inspector, logger,
                        [publisher](absl::string_view trouble) {
                          publisher->InterfaceTrouble(trouble);
                        },
                        MonotonicNow});
  const absl::Status watched = loop->Watch(
      inspector->fd(), EPOLLIN, [&guard](uint32_t) { guard.OnNews(); });
  if (!watched.ok()) {
    return Fail(ExitCode::kInternal, watched.message());
  }
  Keeper keeper(
      {loop, logger, publisher, &guard, FillSecureRandom,
       std::move(open_device),
       [](const std::string& name) {
         return netif::VrfExists(name).value_or(true);
       },
       [&worker](TunnelConfig* running, const netif::TunDevice& device) {
         return StartWorker(worker, running, device);
       },
       std::move(load),
       [publisher](TunnelConfig* running) {
         RefreshSurroundings(running);
         publisher->MachineIs(OpenToSpoofing(running->settings.interface));
       },
       MonotonicNow, &guard},
      *std::move(config));
  absl::StatusOr<std::unique_ptr<Signals>> signals =
      Signals::Create(loop, [&keeper](int signal) {
        if (signal == SIGCHLD) {
          keeper.OnChild();
        } else if (signal == SIGHUP) {
          keeper.Reload();
        } else {
          keeper.Stop(signal == SIGTERM ? "SIGTERM" : "SIGINT");
        }
      });
  if (!signals.ok()) {
    return Fail(ExitCode::kInternal, signals.status().message());
  }
  const absl::Status ran = keeper.Run();
  const ExitCode code = keeper.exit_code();
  if (!ran.ok()) {
    Fail(code, ran.message());
  }
  logger->Log(LogLevel::kInfo,
              LogLine("exit").Add("code", int64_t{Code(code)}));
  return Code(code);
}

// What needs the machine's own root, then the keeper without it.
int RunTunnel(const CommandLine& line, const WorkerId& id) {
  Signals::Block().IgnoreError();  // Create says it again if it failed
  absl::StatusOr<std::unique_ptr<EventLoop>> loop = EventLoop::Create();
  if (!loop.ok()) {
    return Fail(ExitCode::kInternal, loop.status().message());
  }
  Logger logger(MakeSink(line.log), line.log_level);
  const SdNotify notify = ConnectNotify(&logger);
  const FileRoot files = FileRoot::WorkingFolder(WorkingFolder());
  std::optional<StatusFile> status_file;
  if (!line.status_file.empty()) {
    status_file.emplace(files.Path(StatusPath(line.status_file)));
  }
  // Its socket is bound, for which the keeper has no system call.
  absl::StatusOr<netif::LinkWatch> watch = netif::LinkWatch::Open();
  if (!watch.ok()) {
    return Fail(ExitCode::kInterface, watch.status().message());
  }
  netif::LinuxInterfaceInspector inspector(*std::move(watch));
  const absl::StatusOr<SandboxReport> confined =
      ConfineKeeper(id, ShowViolation);
  if (!confined.ok()) {
    return Fail(ExitCode::kSandbox, confined.status().message());
  }
  StatusPublisher publisher(&logger, &notify, std::move(status_file));
  const WorkerOptions worker = {id, line.log_level, RefreshPeriod(notify)};
  return RunKeeper(loop->get(), &logger, &publisher, &inspector, worker,
                   DeviceOpenerWith(line.tun_offload), [&line, &files] {
                     return LoadTunnelConfig(line.settings, BuildPolicy(),
                                             files);
                   });
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
                << Word(BuildPolicy()) << ", " << BoringSslVersion() << "\n";
      return Code(ExitCode::kDone);
    case CommandLine::Action::kCheck:
    case CommandLine::Action::kRun:
      break;
  }
  const absl::StatusOr<WorkerId> id = FindWorkerId(*line);
  if (!id.ok()) {
    return Fail(ExitCode::kUsage, id.status().message());
  }
  return line->action == CommandLine::Action::kCheck ? RunCheck(*line, *id)
                                                     : RunTunnel(*line, *id);
}

}  // namespace
}  // namespace ovoc::tunnel

int main(int argc, char** argv) {
  return ovoc::tunnel::Main(
      absl::MakeConstSpan(argv, static_cast<size_t>(argc)));
}
