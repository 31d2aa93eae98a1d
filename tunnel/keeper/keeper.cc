// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/keeper.h"

#include <sys/epoll.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tunnel/exit_code.h"
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

Keeper::~Keeper() {
  if (worker_ != nullptr) {
    parts_.loop->Unwatch(worker_->channel()->fd());
  }
}

absl::Status Keeper::Run() {
  device_name_ = config_->settings.interface;
  absl::StatusOr<std::unique_ptr<netif::TunDevice>> device =
      parts_.open_device(device_name_);
  if (!device.ok()) {
    exit_code_ = ExitCode::kInterface;
    return device.status();
  }
  device_ = *std::move(device);
  parts_.guard->SetDevice(device_.get(), device_name_, config_->settings.mtu);
  start_at_ = absl::InfinitePast();
  while (state_ != State::kOver) {
    const absl::Time due = NextTime();
    const absl::Status waited = parts_.loop->RunOnce(std::min(due, renew_at_));
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
  }
  parts_.publisher->Stopped();
  return result_;
}

void Keeper::StartWorker() {
  record_ = WorkerRecord();
  budget_.emplace(MessageBudget::Options());
  deadlines_ = WorkerDeadlines(parts_.clock());
  start_at_ = absl::InfiniteFuture();
  absl::StatusOr<std::unique_ptr<WorkerProcess>> worker =
      parts_.start_worker(config_.get(), *device_);
  if (!worker.ok()) {
    const absl::string_view why = worker.status().message();
    return absl::IsFailedPrecondition(worker.status())
               ? Fail(ExitCode::kSandbox, "sandbox", why)
               : Rest("worker_failed", why, absl::ZeroDuration());
  }
  worker_ = *std::move(worker);
  state_ = State::kWorking;
  Listen();
}

// Without a watch on it a channel cannot be heard: as good as silence.
void Keeper::Listen() {
  reading_ = true;
  parts_.loop
      ->Watch(worker_->channel()->fd(), EPOLLIN,
              [this](uint32_t) {
                if (worker_ != nullptr) {
                  Receive(parts_.clock());
                }
              })
      .IgnoreError();
}

// Takes what the worker has said, as far as its budget goes.
void Keeper::Receive(absl::Time now) {
  while (!record_.refused()) {
    if (!budget_->Take(now)) {
      // Not at all: a channel that was closed would be reported for ever.
      reading_ = false;
      parts_.loop->Unwatch(worker_->channel()->fd());
      return;
    }
    const absl::StatusOr<WorkerMessage> message =
        worker_->channel()->ReceiveFromWorker(Channel::Wait::kNo);
    if (absl::IsNotFound(message.status())) {
      budget_->PutBack();
      return;
    }
    if (absl::IsUnavailable(message.status())) {
      parts_.loop->Unwatch(worker_->channel()->fd());
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
  const auto answer = AnswerWorker(
      message, {config_.get(), device_name_, parts_.interface_config,
                parts_.look_around, &sockets_, &signatures_, parts_.clock()});
  if (!answer.ok() || !answer->has_value()) {
    return answer.status();
  }
  return worker_->channel()->Send(**answer, Channel::Wait::kNo);
}

// A worker that breaks a rule is in somebody else's hands.
void Keeper::Refuse(const absl::Status& why) {
  record_.OnRefused(why.message());
  parts_.logger->Log(LogLevel::kError,
                     LogLine("worker_refused").Add("detail", why.message()));
  parts_.loop->Unwatch(worker_->channel()->fd());
  Kill();
}

void Keeper::Kill() {
  worker_->Kill();
  deadlines_.Killed(parts_.clock());
}

void Keeper::OnTime(absl::Time now) {
  parts_.guard->OnTime(now);
  if (worker_ == nullptr) {
    parts_.publisher->Resting();
    if (state_ == State::kResting && now >= start_at_) {
      StartWorker();
    }
    return;
  }
  if (!reading_ && now >= budget_->NextTime()) {
    Listen();
  }
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
      // It hangs in the kernel: no other can be started beside it, but a keeper
      // that is to stop does not wait for it.
      if (stopping_) {
        Fail(ExitCode::kInternal, "worker_stuck", "the worker cannot be ended");
      }
  }
}

absl::Time Keeper::NextTime() const {
  if (worker_ == nullptr) {
    return state_ == State::kResting
               ? std::min(start_at_, parts_.clock() + kRestStep)
               : absl::InfinitePast();
  }
  return std::min({parts_.guard->NextTime(), deadlines_.Next(),
                   reading_ ? absl::InfiniteFuture() : budget_->NextTime()});
}

void Keeper::AskToEnd() {
  state_ = State::kClosing;
  deadlines_.AskedToEnd(parts_.clock());
  // One that cannot be told is killed when the time is up.
  worker_->channel()
      ->Send(KeeperMessage(tunnel::Stop{}), Channel::Wait::kNo)
      .IgnoreError();
}

void Keeper::Stop(absl::string_view why) {
  if (stopping_) {
    return;
  }
  stopping_ = true;
  parts_.publisher->Stopping(why);
  if (worker_ == nullptr) {
    state_ = State::kOver;
  } else if (state_ != State::kClosing) {
    AskToEnd();
  }
}

void Keeper::Reload() {
  if (stopping_) {
    return;
  }
  parts_.publisher->Reloading();
  absl::StatusOr<std::unique_ptr<TunnelConfig>> config = parts_.load_config();
  if (!config.ok()) {
    return parts_.publisher->ReloadRefused(config.status().message());
  }
  const SettingsChange change = CompareSettings(*config_, **config);
  if (new_config_ == nullptr &&
      TellSettings(change, (*config)->settings, worker_.get())) {
    config_ = KeepAddresses(*config_, *std::move(config));
    return parts_.publisher->Reloaded(*config_, change);
  }
  const std::string& interface = (*config)->settings.interface;
  // A reload that still waits for the tunnel to close may have opened it.
  const bool is_open =
      new_device_ != nullptr && new_config_->settings.interface == interface;
  if (interface == device_name_) {
    new_device_.reset();
  } else if (!is_open) {
    absl::StatusOr<std::unique_ptr<netif::TunDevice>> device =
        parts_.open_device(interface);
    if (!device.ok()) {
      return parts_.publisher->ReloadRefused(device.status().message());
    }
    new_device_ = *std::move(device);
  }
  new_config_ = *std::move(config);
  if (worker_ == nullptr) {
    Adopt();
  } else if (state_ != State::kClosing) {
    AskToEnd();
  }
}

void Keeper::Adopt() {
  const SettingsChange change = CompareSettings(*config_, *new_config_);
  config_ = std::move(new_config_);
  if (new_device_ != nullptr) {
    device_name_ = config_->settings.interface;
    parts_.guard->SetDevice(new_device_.get(), device_name_,
                            config_->settings.mtu);
    device_ = std::move(new_device_);  // and the old one goes
  }
  parts_.publisher->Reloaded(*config_, change);
  state_ = State::kResting;
  start_at_ = absl::InfinitePast();
}

void Keeper::OnChild() {
  if (worker_ == nullptr) {
    return;
  }
  const std::optional<int> wait_status = worker_->Ended();
  if (!wait_status.has_value()) {
    return;
  }
  // Its last words, of which a channel holds less than a burst.
  budget_.emplace(MessageBudget::Options());
  Receive(parts_.clock());
  AfterEnd(*wait_status);
}

void Keeper::AfterEnd(int wait_status) {
  parts_.loop->Unwatch(worker_->channel()->fd());
  parts_.guard->TunnelIsUp(false);
  parts_.publisher->WorkerEnded();
  if (state_ != State::kClosing || !EndedWith(wait_status, ExitCode::kDone)) {
    AfterDeath(wait_status);
  }
  worker_.reset();
  if (stopping_) {
    state_ = State::kOver;
  } else if (state_ != State::kOver && new_config_ != nullptr) {
    Adopt();
  }
}

// No other worker would do better.
void Keeper::Fail(ExitCode code, absl::string_view word,
                  absl::string_view why) {
  result_ = absl::UnavailableError(why);
  exit_code_ = code;
  parts_.publisher->Stopping(word);
  state_ = State::kOver;
}

// It was not asked to end, or ended otherwise than in order.
void Keeper::AfterDeath(int wait_status) {
  if (EndedWith(wait_status, ExitCode::kInterface) &&
      !parts_.device_exists(device_name_)) {
    Fail(ExitCode::kInterface, "interface_lost",
         absl::StrCat("interface ", device_name_, " is gone: it was deleted"));
    return;
  }
  if (const std::string why = record_.CannotBeConfined(wait_status);
      !why.empty()) {
    return Fail(ExitCode::kSandbox, "sandbox", why);
  }
  Rest("worker_died", record_.Describe(wait_status), record_.TimeUp());
}

// Another worker is started after a while.
void Keeper::Rest(absl::string_view event, absl::string_view detail,
                  absl::Duration time_up) {
  const absl::Duration delay =
      back_off_.NextDelay(ReconnectPolicy::Failure::kTransient, time_up);
  parts_.logger->Log(LogLevel::kError,
                     LogLine(event)
                         .Add("detail", detail)
                         .Add("delay_ms", absl::ToInt64Milliseconds(delay)));
  if (!stopping_) {
    parts_.publisher->WorkerMissing(event, detail);
    state_ = State::kResting;
    start_at_ = parts_.clock() + delay;
  }
}

}  // namespace ovoc::tunnel
