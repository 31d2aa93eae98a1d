// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/settings_desk.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "auth/secret.h"
#include "tunnel/manage/settings_store/commit_history.h"
#include "tunnel/manage/settings_store/confirmed_commit.h"
#include "tunnel/report/content/log_line.h"

namespace ovoc::tunnel {
namespace {

using Which = CandidateStore::Which;

absl::string_view Reveal(const auth::Secret& text) {
  return text.Reveal(auth::InsecureSecretAccess::Get());
}

DeskReply Good(const AgentRequest& request) {
  return {.answer = GoodAnswer(request.id), .notices = {}};
}

DeskReply Bad(const AgentRequest& request, const absl::Status& error) {
  return {.answer = BadAnswer(request.id, error), .notices = {}};
}

void Tell(absl::string_view kind, absl::string_view who, DeskReply* reply) {
  reply->notices.push_back(Notice(kind));
  reply->notices.back().AddText("who", who);
}

std::string Rfc3339(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%SZ", time, absl::UTCTimeZone());
}

}  // namespace

absl::StatusOr<std::unique_ptr<SettingsDesk>> SettingsDesk::Open(
    std::unique_ptr<CommitKeeper> keeper, Policy policy, Logger* logger) {
  const absl::StatusOr<auth::Secret> text = keeper->ReadSettings();
  if (!text.ok()) {
    return text.status();
  }
  return std::unique_ptr<SettingsDesk>(
      new SettingsDesk(std::move(keeper), policy, logger, Reveal(*text)));
}

absl::Status SettingsDesk::FollowFile() {
  const absl::StatusOr<auth::Secret> text = keeper_->ReadSettings();
  if (!text.ok()) {
    return text.status();
  }
  return store_.LoadRunning(Reveal(*text))
             ? absl::OkStatus()
             : absl::FailedPreconditionError(absl::StrCat(
                   keeper_->settings(),
                   ": another program has changed the settings since the "
                   "candidate was edited; look at compare, then commit again "
                   "or discard"));
}

DeskReply SettingsDesk::Do(const AgentRequest& request, absl::string_view who) {
  switch (request.operation) {
    case AgentOperation::kGet:
      return Get(request);
    case AgentOperation::kEdit:
      return Edit(request, who);
    case AgentOperation::kValidate: {
      const absl::Status status = store_.Validate(policy_);
      return status.ok() ? Good(request) : Bad(request, status);
    }
    case AgentOperation::kCompare: {
      DeskReply reply = Good(request);
      reply.answer.AddTexts("lines", store_.Compare());
      return reply;
    }
    case AgentOperation::kCommit:
      return Commit(request, who);
    case AgentOperation::kConfirm:
      return Confirm(request, who);
    case AgentOperation::kRollback:
      return Rollback(request, who);
    case AgentOperation::kDiscard:
      return Discard(request, who);
    case AgentOperation::kHistory:
      return History(request);
    case AgentOperation::kHello:
    case AgentOperation::kTest:
    case AgentOperation::kStatus:
      break;
  }
  return Bad(request, absl::UnimplementedError("request: not about settings"));
}

DeskReply SettingsDesk::Get(const AgentRequest& request) const {
  std::vector<AnswerObject> settings;
  for (const ShownSetting& setting :
       store_.Shown(request.running ? Which::kRunning : Which::kCandidate)) {
    settings.emplace_back();
    settings.back().AddText("name", setting.name);
    settings.back().AddText("value", setting.value);
  }
  DeskReply reply = Good(request);
  reply.answer.AddText("which", request.running ? "running" : "candidate")
      .AddObjects("settings", settings)
      .AddBool("edited", store_.IsEdited());
  return reply;
}

DeskReply SettingsDesk::Edit(const AgentRequest& request,
                             absl::string_view who) {
  // An error of the file is told at the commit.
  if (!store_.IsEdited()) {
    FollowFile().IgnoreError();
  }
  const absl::Status status = store_.Edit(
      request.name, request.value.has_value()
                        ? std::optional<absl::string_view>(*request.value)
                        : std::nullopt);
  if (!status.ok()) {
    return Bad(request, status);
  }
  DeskReply reply = Good(request);
  reply.answer.AddBool("edited", store_.IsEdited());
  Tell("edit", who, &reply);
  reply.notices.back().AddText("name", request.name);
  return reply;
}

DeskReply SettingsDesk::Commit(const AgentRequest& request,
                               absl::string_view who) {
  absl::Status status = FollowFile();
  const bool waits =
      keeper_->pending().state() == ConfirmedCommit::State::kWaiting;
  if (status.ok() && !store_.IsEdited()) {
    if (waits && request.confirm == 0) {
      return Confirm(request, who);
    }
    status = absl::FailedPreconditionError(
        "commit: the candidate is what runs already; edit it first");
  }
  if (status.ok()) {
    status = store_.Validate(policy_);
  }
  if (status.ok()) {
    status = keeper_->Commit({.text = CandidateText(),
                              .who = who,
                              .comment = request.comment,
                              .confirm = request.confirm});
  }
  if (!status.ok()) {
    return Bad(request, status);
  }
  store_.Commit();
  const CommitRecord done = *keeper_->history().Back(0);
  logger_->Log(LogLevel::kInfo,
               LogLine("commit")
                   .Add("number", static_cast<int64_t>(done.number))
                   .Add("who", done.who)
                   .Add("confirm_minutes", request.confirm)
                   .Add("comment", done.comment));
  DeskReply reply = Good(request);
  reply.reload = true;
  reply.answer.AddNumber("number", done.number);
  DescribePending(&reply.answer);
  Tell("commit", who, &reply);
  reply.notices.back().AddNumber("number", done.number);
  DescribePending(&reply.notices.back());
  return reply;
}

DeskReply SettingsDesk::Confirm(const AgentRequest& request,
                                absl::string_view who) {
  const absl::StatusOr<uint64_t> number = keeper_->Confirm();
  if (!number.ok()) {
    return Bad(request, number.status());
  }
  logger_->Log(LogLevel::kInfo,
               LogLine("commit_confirmed")
                   .Add("number", static_cast<int64_t>(*number))
                   .Add("who", who));
  DeskReply reply = Good(request);
  reply.answer.AddNumber("number", *number);
  Tell("confirm", who, &reply);
  reply.notices.back().AddNumber("number", *number);
  return reply;
}

DeskReply SettingsDesk::Rollback(const AgentRequest& request,
                                 absl::string_view who) {
  const std::optional<CommitRecord> commit =
      keeper_->history().Back(request.back);
  if (!commit.has_value()) {
    return Bad(request, absl::NotFoundError(absl::StrCat(
                            "rollback: there are not ", request.back,
                            " commits before the last one; see history")));
  }
  const absl::StatusOr<auth::Secret> text = keeper_->ReadCommit(commit->number);
  if (!text.ok()) {
    return Bad(request, text.status());
  }
  store_.LoadCandidate(Reveal(*text));
  DeskReply reply = Good(request);
  reply.answer.AddNumber("number", commit->number)
      .AddTexts("lines", store_.Compare());
  Tell("rollback", who, &reply);
  reply.notices.back().AddNumber("number", commit->number);
  return reply;
}

DeskReply SettingsDesk::Discard(const AgentRequest& request,
                                absl::string_view who) {
  store_.Discard();
  DeskReply reply = Good(request);
  Tell("discard", who, &reply);
  return reply;
}

DeskReply SettingsDesk::History(const AgentRequest& request) const {
  std::vector<AnswerObject> commits;
  for (const CommitRecord& commit : keeper_->history().commits()) {
    commits.emplace_back();
    commits.back()
        .AddNumber("back", commits.size() - 1)
        .AddNumber("number", commit.number)
        .AddText("time", Rfc3339(commit.time))
        .AddText("who", commit.who)
        .AddText("comment", commit.comment);
  }
  DeskReply reply = Good(request);
  reply.answer.AddObjects("commits", commits);
  DescribePending(&reply.answer);
  return reply;
}

void SettingsDesk::DescribePending(AnswerObject* answer) const {
  const ConfirmedCommit& pending = keeper_->pending();
  if (pending.state() == ConfirmedCommit::State::kWaiting) {
    answer->AddNumber("unconfirmed", pending.number())
        .AddNumber("seconds_left",
                   static_cast<uint64_t>(absl::ToInt64Seconds(
                       pending.Left(keeper_->now().monotonic))));
  }
}

DeskReply SettingsDesk::OnTime() {
  DeskReply reply;
  if (!keeper_->pending().IsDue(keeper_->now().monotonic)) {
    return reply;
  }
  const uint64_t number = keeper_->pending().number();
  const uint64_t back_to = keeper_->pending().back_to();
  const absl::StatusOr<auth::Secret> text = keeper_->GoBack();
  LogLine line("revert");
  line.Add("number", static_cast<int64_t>(number))
      .Add("back_to", static_cast<int64_t>(back_to));
  if (text.ok()) {
    store_.LoadRunning(Reveal(*text));
  } else {
    line.Add("detail", text.status().message());
  }
  logger_->Log(text.ok() ? LogLevel::kWarning : LogLevel::kError, line);
  reply.reload = text.ok();
  Tell("revert", "the agent", &reply);
  reply.notices.back()
      .AddNumber("number", number)
      .AddNumber("back_to", back_to)
      .AddBool("ok", text.ok());
  return reply;
}

}  // namespace ovoc::tunnel
