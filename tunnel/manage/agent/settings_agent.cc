// SPDX-License-Identifier: Apache-2.0
//
// settings_agent is the only program that writes the client's settings file;
// see README.md beside this file.
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/types/span.h"
#include "tunnel/command_line/version.h"
#include "tunnel/manage/agent/agent_disk.h"
#include "tunnel/manage/agent/agent_options.h"
#include "tunnel/manage/agent/agent_server.h"
#include "tunnel/manage/agent/commit_keeper.h"
#include "tunnel/manage/agent/settings_desk.h"
#include "tunnel/report/content/log_line.h"
#include "tunnel/report/line_output.h"
#include "tunnel/report/log.h"
#include "tunnel/sandbox/capabilities.h"
#include "tunnel/sandbox/fresh_start.h"
#include "tunnel/sandbox/memory_secrecy.h"
#include "tunnel/settings/build_policy.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/system/signals.h"

namespace ovoc::tunnel {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;

ConfirmedCommit::Now Now() { return {MonotonicNow(), absl::Now()}; }

absl::StatusOr<std::unique_ptr<SettingsDesk>> OpenDesk(
    const AgentOptions& options, Logger* logger) {
  absl::StatusOr<std::unique_ptr<CommitKeeper>> keeper =
      CommitKeeper::Open(AgentDisk(options.settings, options.state), Now);
  return keeper.ok()
             ? SettingsDesk::Open(*std::move(keeper), BuildPolicy(), logger)
             : keeper.status();
}

// The settings hold passwords. No core file and no swap gets them, and no child
// more rights than this process has.
absl::Status KeepToItself() {
  absl::Status status = HideMemory();
  status.Update(ForbidNewPrivileges());
  status.Update(LockMemory().status());
  return status;
}

absl::Status Serve(const AgentOptions& options, Logger* logger) {
  absl::StatusOr<std::unique_ptr<EventLoop>> loop = EventLoop::Create();
  if (!loop.ok()) {
    return loop.status();
  }
  bool stop = false;
  const absl::StatusOr<std::unique_ptr<Signals>> signals =
      Signals::Create(loop->get(), [&stop](int number) {
        stop = stop || (number != SIGHUP && number != SIGCHLD);
      });
  absl::StatusOr<std::unique_ptr<SettingsDesk>> desk =
      OpenDesk(options, logger);
  if (!signals.ok() || !desk.ok()) {
    return signals.ok() ? desk.status() : signals.status();
  }
  const absl::StatusOr<std::unique_ptr<AgentServer>> server =
      AgentServer::Open(loop->get(), desk->get(), logger,
                        {.socket = options.socket,
                         .status_file = options.status_file,
                         .client = options.client,
                         .folder = options.state,
                         .admin_group = options.admin_group,
                         .view_group = options.view_group});
  if (!server.ok()) {
    return server.status();
  }
  logger->Log(LogLevel::kInfo, LogLine("agent_start")
                                   .Add("version", kVersion)
                                   .Add("settings", options.settings)
                                   .Add("socket", options.socket));
  absl::Status status;
  while (!stop && status.ok()) {
    (*server)->OnTime(MonotonicNow());
    status = (*loop)->RunOnce((*server)->NextTime());
    logger->Settle();
  }
  return status;
}

int Refuse(const absl::Status& why, int code) {
  LineOutput(STDERR_FILENO)
      .Write(absl::StrCat("settings_agent: ", why.message(), "\n"));
  return code;
}

int Main(absl::Span<const char* const> arguments) {
  const absl::Status fresh = FreshStart({});
  const absl::StatusOr<AgentOptions> options = ParseAgentOptions(arguments);
  if (!options.ok()) {
    return Refuse(options.status(), kUsage);
  }
  if (!fresh.ok()) {
    return Refuse(fresh, kFailed);
  }
  if (options->help) {
    const std::string help = AgentHelp();
    return fwrite(help.data(), 1, help.size(), stdout) == help.size() &&
                   fflush(stdout) == 0
               ? kDone
               : kFailed;
  }
  if (const absl::Status kept = KeepToItself(); !kept.ok()) {
    return Refuse(kept, kFailed);
  }
  Logger logger(std::make_unique<DescriptorSink>(STDERR_FILENO),
                LogLevel::kInfo);
  const absl::Status served = Serve(*options, &logger);
  return served.ok() ? kDone : Refuse(served, kFailed);
}

}  // namespace
}  // namespace ovoc::tunnel

int main(int argc, char** argv) {
  return ovoc::tunnel::Main(
      absl::MakeConstSpan(argv, static_cast<size_t>(argc)));
}
