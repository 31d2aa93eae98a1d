// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/worker.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "netif/linux/linux_tun_device.h"
#include "netif/overlay.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/config/tunnel_sockets.h"
#include "tunnel/engine/tunnel_client.h"
#include "tunnel/keeper/decisions/fork_failure.h"
#include "tunnel/keeper/keeper_link.h"
#include "tunnel/keeper/worker_descriptors.h"
#include "tunnel/keeper/worker_end.h"
#include "tunnel/report/reporter.h"
#include "tunnel/sandbox/sandbox.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/system/secure_random.h"
#include "tunnel/transport/decisions/socket_rule.h"

namespace ovoc::tunnel {
namespace {

// From the working folder, which is the machine's root (FileRoot).
constexpr char kNullPath[] = "dev/null";

static_assert(kAnyProcesses == RLIM_INFINITY);

class ChildProcess : public WorkerProcess {
 public:
  ChildProcess(pid_t pid, Channel channel)
      : pid_(pid), channel_(std::move(channel)) {}
  ~ChildProcess() override {
    if (!ended_) {
      Kill();
      waitpid(pid_, nullptr, WNOHANG);  // one that hangs holds nobody up
    }
  }

  pid_t pid() const override { return pid_; }
  Channel* channel() override { return &channel_; }
  void Kill() override {
    // The number is the worker's, dead or alive, until waitpid(2) has seen it
    // end: SIGCHLD is not ignored (FreshStart), so nobody else takes it away.
    if (!ended_) {
      kill(pid_, SIGKILL);
    }
  }
  std::optional<int> Ended() override {
    int status = 0;
    const pid_t found = ended_ ? 0 : waitpid(pid_, &status, WNOHANG);
    if (found == 0) {
      return std::nullopt;
    }
    ended_ = true;
    return found == pid_ ? status : kUnknownEnd;
  }

 private:
  const pid_t pid_;
  Channel channel_;
  bool ended_ = false;
};

// In the worker only, from a signal handler.
void TellViolation(int system_call) {
  MessageBytes bytes;
  EncodeMessage(WorkerMessage(FilterViolation{system_call}), &bytes);
  (void)!write(kChannelDescriptor, bytes.data(), bytes.size());
}

// The worker itself, once it is alone with its descriptors.
class Worker {
 public:
  Worker(const WorkerOptions& options, TunnelConfig* config,
         netif::TunOffload offload, pid_t keeper)
      : options_(options),
        config_(config),
        offload_(offload),
        keeper_(keeper) {}

  ExitCode Run() {
    absl::StatusOr<std::unique_ptr<EventLoop>> loop = EventLoop::Create();
    if (!loop.ok()) {
      Channel(netif::UniqueFd(kChannelDescriptor))
          .Send(WorkerMessage(LastWord{std::string(loop.status().message())}),
                Channel::Wait::kNo)
          .IgnoreError();
      return CodeOfUnableWorker(loop.status());
    }
    absl::StatusOr<std::unique_ptr<KeeperLink>> link = KeeperLink::Create(
        loop->get(), Channel(netif::UniqueFd(kChannelDescriptor)),
        [this](absl::string_view why) { client_->Stop(why); },
        [this](const Tuning& tuning) { client_->Tune(tuning); });
    if (!link.ok()) {
      return CodeOfUnableWorker(link.status());
    }
    Logger logger(std::make_unique<LinkSink>(link->get()), options_.log_level);
    if (!Confine(link->get())) {
      return ExitCode::kSandbox;
    }
    Reporter reporter(&logger, link->get());
    return RunClient(loop->get(), link->get(), &reporter);
  }

 private:
  bool Confine(KeeperLink* link) {
    const absl::StatusOr<SandboxReport> confined =
        ConfineWorker({options_.id, keeper_, TellViolation});
    if (!confined.ok()) {
      link->SayWhy(confined.status().message());
      return false;
    }
    link->Ready(*confined);
    return true;
  }

  // Passwords and the key stay with the keeper.
  void UseSecretsOf(KeeperLink* link) {
    config_->attempt.authorization = [link] { return link->Authorization(); };
    if (config_->proxy.has_value() && config_->proxy->authorization) {
      config_->proxy->authorization = [link] {
        return link->Authorization(LoginOf::kProxy);
      };
    }
    if (config_->tls != nullptr) {
      config_->tls->UseSigner(link);
    }
  }

  ExitCode RunClient(EventLoop* loop, KeeperLink* link, Reporter* reporter) {
    UseSecretsOf(link);
    RuledSocketMaker sockets([this] { return AttemptSocketRules(*config_); },
                             link);
    config_->attempt.sockets = &sockets;
    client_ = std::make_unique<TunnelClient>(
        TunnelClient::Parts{
            .loop = loop,
            .reporter = reporter,
            .random = FillSecureRandom,
            .open_device =
                [this, loop, link](const Settings& settings,
                                   TunnelDevice::PacketTaker* taker) {
                  return std::make_unique<TunnelDevice>(
                      loop,
                      netif::LinuxTunDevice::Adopt(
                          netif::UniqueFd(kTunDescriptor), settings.interface,
                          offload_),
                      [link](const netif::Overlay& overlay) {
                        return link->SetAddress(overlay);
                      },
                      settings.interface, taker);
                },
            .look_around =
                [link](TunnelConfig* config) { link->LookAround(config); },
            .refresh_period = options_.refresh_period},
        config_);
    const absl::Status ran = client_->Run();
    if (ran.ok()) {
      return ExitCode::kDone;
    }
    return absl::IsInternal(ran) ? ExitCode::kInternal : ExitCode::kInterface;
  }

  const WorkerOptions options_;
  TunnelConfig* const config_;
  const netif::TunOffload offload_;
  const pid_t keeper_;
  std::unique_ptr<TunnelClient> client_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<WorkerProcess>> StartWorker(
    const WorkerOptions& options, TunnelConfig* config,
    const netif::TunDevice& device) {
  absl::StatusOr<Channel::Pair> pair = Channel::MakePair();
  if (!pair.ok()) {
    return pair.status();
  }
  const pid_t keeper = getpid();
  const pid_t pid = fork();
  if (pid < 0) {
    const int error = errno;
    rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    getrlimit(RLIMIT_NPROC, &limit);
    return ForkFailure(error, limit.rlim_max);
  }
  if (pid > 0) {
    return std::make_unique<ChildProcess>(pid, std::move(pair->keeper));
  }
  config->credentials.reset();  // the child's copies, wiped
  config->proxy_credentials.reset();
  if (options.forget) {
    options.forget();
  }
  config->signing_key.reset();
  const absl::Status arranged =
      ArrangeDescriptors(kNullPath, pair->worker.fd(), device.fd());
  if (!arranged.ok()) {
    pair->worker
        .Send(WorkerMessage(LastWord{std::string(arranged.message())}),
              Channel::Wait::kNo)
        .IgnoreError();
    _exit(static_cast<int>(CodeOfUnableWorker(arranged)));
  }
  // No destructor of the keeper's runs here.
  _exit(static_cast<int>(
      Worker(options, config, device.offload(), keeper).Run()));
}

}  // namespace ovoc::tunnel
