// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/keeper.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/keeper/worker_answers.h"
#include "tunnel/keeper/worker_end.h"

namespace ovoc::tunnel {
namespace {

// A keeper that wakes up so much later than it asked for was stopped itself,
// and knows nothing of its worker's silence.
constexpr absl::Duration kLate = absl::Seconds(5);
constexpr absl::Duration kRestStep = absl::Seconds(1);  // a sign of life

}  // namespace

Keeper::Keeper(Parts parts, std::unique_ptr<TunnelConfig> config)
    : parts_(std::move(parts)),
      config_(std::move(config)),
      back_off_(ReconnectPolicy::Options(), parts_.random),
      reports_(parts_.logger, parts_.publisher) {}

Keeper::~Keeper() = default;

absl::Status Keeper::Run() {
  const absl::Status opened =
      device_.Open(config_->settings.interface, config_->settings.mtu);
  if (!opened.ok()) {
    exit_code_ = ExitCode::kInterface;
    return opened;
  }
  while (state_ != KeeperState::kOver) {
    const absl::Time due = NextTime();
    const absl::Status waited = parts_.loop->RunOnce(
        std::min({due, renew_at_, parts_.publisher->NextWrite()}));
    if (!waited.ok()) {
      exit_code_ = ExitCode::kInternal;
      return waited;
    }
    const absl::Time now = parts_.clock();
    if (now > due + kLate) {
      deadlines_.Heard(now);  // we were stopped, and the worker too, perhaps
    }
    if (now >= renew_at_) {
      renew_at_ = now + kStatusPeriod;
      parts_.publisher->Renew();
    }
    OnTime(now);
    parts_.publisher->OnTime();
  }
  parts_.publisher->Stopped();
  return result_;
}

void Keeper::StartWorker() {
  record_ = WorkerRecord();
  deadlines_ = WorkerDeadlines(parts_.clock());
  absl::StatusOr<std::unique_ptr<WorkerProcess>> worker =
      parts_.start_worker(config_.get(), device_.device());
  if (!worker.ok()) {
    const std::string why(worker.status().message());
    return absl::IsFailedPrecondition(worker.status())
               ? Take(KeeperEvent::kHopeless, {.word = "sandbox",
                                               .why = why,
                                               .code = ExitCode::kSandbox})
               : Take(KeeperEvent::kStartFailed,
                      {.word = "worker_failed", .why = why});
  }
  worker_ = *std::move(worker);
  listener_.emplace(parts_.loop, worker_->channel(), [this] {
    if (HasWorker(state_)) {
      Receive(parts_.clock());
    }
  });
  Take(KeeperEvent::kStarted, {});
}

// Takes what the worker has said, as far as its budget goes.
void Keeper::Receive(absl::Time now) {
  while (!record_.refused()) {
    const absl::StatusOr<WorkerMessage> message = listener_->Take(now);
    if (absl::IsNotFound(message.status())) {
      return;
    }
    if (absl::IsUnavailable(message.status())) {
      deadlines_.ChannelOver(now);
      return;
    }
    deadlines_.Heard(now);
    const absl::Status handled =
        message.ok() ? Handle(*message) : message.status();
    // One that is gone before its answer may have said why.
    if (!handled.ok() && !absl::IsUnavailable(handled)) {
      Refuse(handled);
    }
  }
}

absl::Status Keeper::Handle(const WorkerMessage& message) {
  parts_.guard->Hear(message);
  if (const absl::Status taken =
          reports_.Take(message, worker_->pid(), parts_.clock(), &record_);
      !taken.ok()) {
    return taken;
  }
  NoteServer(message);
  const auto answer =
      AnswerWorker(message, {.config = config_.get(),
                             .device_name = device_.name(),
                             .interface_config = parts_.interface_config,
                             .look_around = parts_.look_around,
                             .sockets = &sockets_,
                             .signatures = &signatures_,
                             .now = parts_.clock()});
  if (!answer.ok() || !answer->has_value()) {
    return answer.status();
  }
  return worker_->channel()->Send(**answer, Channel::Wait::kNo);
}

// Another worker begins with the server that works, as this one would.
void Keeper::NoteServer(const WorkerMessage& message) {
  const auto* const progress = std::get_if<Progress>(&message);
  if (progress != nullptr && progress->state == TunnelState::kUp &&
      progress->server < config_->settings.servers.size()) {
    SelectServer(progress->server, config_.get());
  }
}

// A worker that breaks a rule is in somebody else's hands.
void Keeper::Refuse(const absl::Status& why) {
  record_.OnRefused(why.message());
  parts_.logger->Log(LogLevel::kError,
                     LogLine("worker_refused").Add("detail", why.message()));
  listener_->Stop();
  Kill();
}

void Keeper::Kill() {
  worker_->Kill();
  deadlines_.Killed(parts_.clock());
}

void Keeper::OnTime(absl::Time now) {
  parts_.guard->OnTime(now);
  if (!HasWorker(state_)) {
    parts_.publisher->Resting();
    if (state_ == KeeperState::kResting && now >= start_at_) {
      StartWorker();
    }
    return;
  }
  listener_->OnTime(now);
  Act(deadlines_.Due(now));
}

void Keeper::Act(WorkerDeadlines::Act due) {
  switch (due) {
    case WorkerDeadlines::Act::kNone:
      break;
    case WorkerDeadlines::Act::kLook:
      OnChild();
      break;
    case WorkerDeadlines::Act::kKillSilent:
    case WorkerDeadlines::Act::kKillClosed:
      Refuse(absl::AbortedError(WorkerDeadlines::Why(due)));
      break;
    case WorkerDeadlines::Act::kKillSlow:
      record_.OnKilled();
      Kill();
      break;
    case WorkerDeadlines::Act::kAbandon:
      Take(KeeperEvent::kStuck, {.word = "worker_stuck",
                                 .why = "the worker cannot be ended",
                                 .code = ExitCode::kInternal});
  }
}

absl::Time Keeper::NextTime() const {
  if (!HasWorker(state_)) {
    return std::min(start_at_, parts_.clock() + kRestStep);
  }
  return std::min(
      {parts_.guard->NextTime(), deadlines_.Next(), listener_->NextTime()});
}

void Keeper::Take(KeeperEvent event, const News& news) {
  const std::optional<KeeperStep> step = NextKeeperStep(state_, event);
  if (!step.has_value()) {
    const std::string why = absl::StrCat(
        "the event ", Word(event), " cannot come in the state ", Word(state_));
    state_ = KeeperState::kOver;
    return Fail({.word = "internal", .why = why, .code = ExitCode::kInternal});
  }
  state_ = step->next;
  for (const KeeperAct act : step->acts) {
    Do(act, news);
  }
}

void Keeper::Do(KeeperAct act, const News& news) {
  switch (act) {
    case KeeperAct::kNone:
      return;
    case KeeperAct::kReportDeath:
      ReportDeath(news);
      return;
    case KeeperAct::kPause:
      return Pause(news);
    case KeeperAct::kAdopt:
      return Adopt();
    case KeeperAct::kAskToEnd:
      return AskToEnd(news);
    case KeeperAct::kLoadSettings:
      return LoadSettings();
    case KeeperAct::kAnnounceStop:
      return parts_.publisher->Stopping(news.why);
    case KeeperAct::kFail:
      return Fail(news);
  }
}

void Keeper::Stop(absl::string_view why) {
  Take(KeeperEvent::kStop, {.why = std::string(why)});
}

void Keeper::Reload() { Take(KeeperEvent::kReload, {}); }

void Keeper::AskToEnd(const News& news) {
  deadlines_.AskedToEnd(parts_.clock());
  const std::string why =
      state_ == KeeperState::kReplacing
          ? "the client closed it: it has other settings (SIGHUP)"
          : absl::StrCat("the client closed it: received ", news.why);
  // One that cannot be told is killed when the time is up.
  worker_->channel()
      ->Send(KeeperMessage(tunnel::Stop{why}), Channel::Wait::kNo)
      .IgnoreError();
}

void Keeper::LoadSettings() {
  parts_.publisher->Reloading();
  absl::StatusOr<std::unique_ptr<TunnelConfig>> config = parts_.load_config();
  if (!config.ok()) {
    return parts_.publisher->ReloadRefused(config.status().message());
  }
  const SettingsChange change = CompareSettings(*config_, **config);
  if (state_ != KeeperState::kReplacing &&
      TellSettings(change, (*config)->settings, worker_.get())) {
    config_ = KeepAddresses(*config_, *std::move(config));
    return parts_.publisher->Reloaded(*config_, change);
  }
  const absl::Status opened = device_.Prepare((*config)->settings.interface);
  if (!opened.ok()) {
    return parts_.publisher->ReloadRefused(opened.message());
  }
  new_config_ = *std::move(config);
  Take(KeeperEvent::kNewSettings, {});
}

void Keeper::Adopt() {
  const SettingsChange change = CompareSettings(*config_, *new_config_);
  config_ = std::move(new_config_);
  device_.Move(config_->settings.mtu);
  parts_.publisher->Reloaded(*config_, change);
  start_at_ = absl::InfinitePast();
}

void Keeper::OnChild() {
  if (!HasWorker(state_)) {
    return;
  }
  const std::optional<int> wait_status = worker_->Ended();
  if (!wait_status.has_value()) {
    return;
  }
  // Its last words.
  listener_->RefillBudget();
  Receive(parts_.clock());
  AfterEnd(*wait_status);
}

void Keeper::AfterEnd(int wait_status) {
  listener_.reset();
  parts_.guard->TunnelIsUp(false);
  parts_.publisher->WorkerEnded();
  const News death = NewsOfDeath(wait_status);
  worker_.reset();
  if (EndedWith(wait_status, ExitCode::kDone)) {
    Take(KeeperEvent::kWorkerDone, death);
  } else if (death.code != ExitCode::kDone) {
    Take(KeeperEvent::kHopeless, death);
  } else {
    Take(KeeperEvent::kWorkerDied, death);
  }
}

// With a code when no other worker would do better.
Keeper::News Keeper::NewsOfDeath(int wait_status) const {
  if (EndedWith(wait_status, ExitCode::kInterface) &&
      !parts_.device_exists(device_.name())) {
    return {.word = "interface_lost",
            .why = absl::StrCat("the interface ", device_.name(),
                                " is gone because somebody deleted it"),
            .code = ExitCode::kInterface};
  }
  if (const std::string why = record_.CannotBeConfined(wait_status);
      !why.empty()) {
    return {.word = "sandbox", .why = why, .code = ExitCode::kSandbox};
  }
  return {.word = "worker_died",
          .why = record_.Describe(wait_status),
          .time_up = record_.TimeUp()};
}

void Keeper::Fail(const News& news) {
  result_ = absl::UnavailableError(news.why);
  exit_code_ = news.code;
  parts_.publisher->Stopping(news.word);
}

// How long it would be until another worker is started.
absl::Duration Keeper::ReportDeath(const News& news) {
  const absl::Duration delay =
      back_off_.NextDelay(ReconnectPolicy::Failure::kTransient, news.time_up);
  parts_.logger->Log(LogLevel::kError,
                     LogLine(news.word)
                         .Add("detail", news.why)
                         .Add("delay_ms", absl::ToInt64Milliseconds(delay)));
  return delay;
}

void Keeper::Pause(const News& news) {
  const absl::Duration delay = ReportDeath(news);
  parts_.publisher->WorkerMissing(news.word, news.why, delay);
  start_at_ = parts_.clock() + delay;
}

}  // namespace ovoc::tunnel
