// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/agent_server.h"

#include <sys/socket.h>

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "tunnel/command_line/version.h"
#include "tunnel/manage/agent/durable_file.h"
#include "tunnel/manage/agent/running_client.h"
#include "tunnel/manage/agent/socket_peer.h"
#include "tunnel/manage/protocol/access_rule.h"
#include "tunnel/report/content/log_line.h"

namespace ovoc::tunnel {
namespace {

const AgentRule& RuleOf(AgentOperation operation) {
  return AgentRules()[static_cast<size_t>(operation)];
}

AnswerObject About(absl::string_view notice,
                   const AgentSession::Identity& identity) {
  AnswerObject object = Notice(notice);
  object.AddText("who", identity.who).AddNumber("session", identity.number);
  return object;
}

template <typename Only>
std::vector<AnswerObject> ListOf(Only only) {
  std::vector<AnswerObject> list;
  list.push_back(std::move(only));
  return list;
}

}  // namespace

absl::StatusOr<std::unique_ptr<AgentServer>> AgentServer::Open(
    EventLoop* loop, SettingsDesk* desk, Logger* logger, Options options) {
  auto server = std::unique_ptr<AgentServer>(
      new AgentServer(loop, desk, logger, std::move(options)));
  AgentServer* const raw = server.get();
  absl::StatusOr<std::unique_ptr<AgentListener>> listener = AgentListener::Open(
      loop, raw->options_.socket,
      [raw](netif::UniqueFd socket) { raw->OnSocket(std::move(socket)); });
  if (!listener.ok()) {
    return listener.status();
  }
  server->listener_ = *std::move(listener);
  return server;
}

void AgentServer::OnSocket(netif::UniqueFd socket) {
  const PeerAccess peer =
      IdentifyPeer(socket.get(), options_.admin_group, options_.view_group);
  AgentSession::Identity identity = {
      .number = last_session_ + 1, .who = peer.who, .access = peer.access};
  if (identity.access == Access::kNone) {
    return Refuse(std::move(socket), identity.who,
                  absl::PermissionDeniedError(absl::StrCat(
                      "hello: ", identity.who,
                      " may not use the agent; be root, or in the group ",
                      options_.admin_group, " to change or ",
                      options_.view_group, " to view")));
  }
  if (sessions_.size() >= kMaxAgentSessions) {
    return Refuse(std::move(socket), identity.who,
                  absl::ResourceExhaustedError(absl::StrCat(
                      "hello: ", kMaxAgentSessions,
                      " programs use the agent already; end one of them")));
  }
  Welcome(std::move(socket), std::move(identity));
}

void AgentServer::Refuse(netif::UniqueFd socket, absl::string_view who,
                         const absl::Status& why) {
  const std::string line = BadAnswer(0, why).ToLine();
  // A fresh socket has room for it.
  (void)send(socket.get(), line.data(), line.size(),
             MSG_DONTWAIT | MSG_NOSIGNAL);
  logger_->Log(
      LogLevel::kWarning,
      LogLine("agent_refused").Add("who", who).Add("detail", why.message()));
}

void AgentServer::Welcome(netif::UniqueFd socket,
                          AgentSession::Identity identity) {
  absl::StatusOr<std::unique_ptr<AgentSession>> session =
      AgentSession::Start(loop_, std::move(socket), std::move(identity),
                          [this](AgentSession* asking, std::string* line) {
                            OnLine(asking, line);
                          });
  if (!session.ok()) {
    return;
  }
  last_session_ = (*session)->identity().number;
  TellOthers(last_session_, ListOf(About("joined", (*session)->identity())));
  sessions_.emplace(last_session_, *std::move(session));
}

void AgentServer::OnLine(AgentSession* session, std::string* line) {
  uint64_t id = 0;
  absl::StatusOr<AgentRequest> request = ReadAgentRequest(*line, &id);
  if (!request.ok()) {
    return session->Send(BadAnswer(id, request.status()));
  }
  const AgentRule& rule = RuleOf(request->operation);
  if (rule.changes && session->identity().access != Access::kChange) {
    session->Send(
        BadAnswer(id, absl::PermissionDeniedError(absl::StrCat(
                          rule.name, ": ", session->identity().who,
                          " may only view; ask somebody in the group ",
                          options_.admin_group))));
  } else {
    Do(session, *request);
  }
  if (request->value.has_value()) {
    WipeText(&*request->value);
  }
}

void AgentServer::Do(AgentSession* session, const AgentRequest& request) {
  switch (request.operation) {
    case AgentOperation::kHello:
      return session->Send(Hello(*session, request.id));
    case AgentOperation::kStatus:
      return session->Send(ShowStatus(request.id));
    case AgentOperation::kTest:
      if (absl::Status status = StartTest(session, request.id); !status.ok()) {
        session->Send(BadAnswer(request.id, status));
      }
      return;
    default:
      break;
  }
  DeskReply reply = desk_->Do(request, session->identity().who);
  TellOthers(session->identity().number, reply.notices);
  if (!reply.reload) {
    return session->Send(reply.answer);
  }
  AnswerObject written = MoreAnswer(request.id);
  written.AddText("progress", "written");
  session->Send(written);
  session->SetBusy(true);
  StartReload(session->identity().number, std::move(reply.answer));
}

AnswerObject AgentServer::Hello(const AgentSession& session,
                                uint64_t id) const {
  std::vector<AnswerObject> others;
  for (const auto& [number, other] : sessions_) {
    if (other.get() != &session) {
      others.emplace_back();
      others.back()
          .AddNumber("session", number)
          .AddText("who", other->identity().who)
          .AddText("access", Word(other->identity().access));
    }
  }
  AnswerObject answer = GoodAnswer(id);
  answer.AddNumber("version", kAgentProtocol)
      .AddText("program", kVersion)
      .AddNumber("session", session.identity().number)
      .AddText("who", session.identity().who)
      .AddText("access", Word(session.identity().access))
      .AddObjects("others", others)
      .AddBool("edited", desk_->IsEdited());
  desk_->DescribePending(&answer);
  return answer;
}

AnswerObject AgentServer::ShowStatus(uint64_t id) const {
  const absl::StatusOr<ClientStatus> status =
      ReadClientStatus(options_.status_file);
  if (!status.ok()) {
    return BadAnswer(
        id, absl::Status(status.status().code(),
                         absl::StrCat("status: ", status.status().message())));
  }
  AnswerObject answer = GoodAnswer(id);
  answer.AddJson("status", status->text);
  return answer;
}

absl::Status AgentServer::StartTest(AgentSession* session, uint64_t id) {
  if (test_ != nullptr) {
    return absl::ResourceExhaustedError(
        "test: another one runs; wait until it has ended");
  }
  const uint64_t number = session->identity().number;
  const std::string file = absl::StrCat(options_.folder, "/candidate.ini");
  absl::Status status = WriteDurably(file, desk_->CandidateText());
  if (!status.ok()) {
    return status;
  }
  absl::StatusOr<std::unique_ptr<CheckChild>> child = CheckChild::Start(
      loop_,
      {.client = options_.client,
       .settings = file,
       .on_line = [this, number, id](
                      absl::string_view line) { OnTestLine(number, id, line); },
       .on_end = [this, number,
                  id](int exit_code) { OnTestEnd(number, id, exit_code); }});
  if (!child.ok()) {
    (void)RemoveDurably(file);
    return child.status();
  }
  test_ = *std::move(child);
  tester_ = number;
  session->SetBusy(true);
  return absl::OkStatus();
}

void AgentServer::OnTestLine(uint64_t session, uint64_t id,
                             absl::string_view line) {
  if (AgentSession* const asking = Find(session); asking != nullptr) {
    AnswerObject answer = MoreAnswer(id);
    if (!line.empty() && line.front() == '{') {
      answer.AddJson("check", line);
    } else {
      answer.AddText("text", line);
    }
    asking->Send(answer);
  }
}

void AgentServer::OnTestEnd(uint64_t session, uint64_t id, int exit_code) {
  test_.reset();
  tester_ = 0;
  AgentSession* const asking = Find(session);
  if (asking == nullptr) {
    return;
  }
  constexpr int kNotStarted = 127;
  if (exit_code < 0 || exit_code == kNotStarted) {
    asking->Send(BadAnswer(
        id, absl::InternalError(absl::StrCat(
                "test: ", options_.client,
                exit_code < 0 ? " was ended by a signal; try again"
                              : " cannot be run; name the client with "
                                "--client"))));
  } else {
    AnswerObject answer = GoodAnswer(id);
    answer.AddNumber("exit_code", static_cast<uint64_t>(exit_code));
    asking->Send(answer);
  }
  asking->SetBusy(false);
}

void AgentServer::StartReload(uint64_t session, AnswerObject answer) {
  reloads_.push_back({.watch = ReloadWatch(options_.status_file),
                      .session = session,
                      .answer = std::move(answer)});
  Reload& reload = reloads_.back();
  if (const std::optional<ReloadWatch::Report> report =
          reload.watch.Start(MonotonicNow());
      report.has_value()) {
    Finish(&reload, *report);
    reloads_.pop_back();
  }
}

void AgentServer::Finish(Reload* reload, const ReloadWatch::Report& report) {
  logger_->Log(LogLevel::kInfo, LogLine("commit_result")
                                    .Add("client", report.client)
                                    .Add("detail", report.detail));
  AnswerObject notice = Notice("client");
  notice.AddText("client", report.client).AddText("detail", report.detail);
  TellOthers(reload->session, ListOf(std::move(notice)));
  if (AgentSession* const session = Find(reload->session); session != nullptr) {
    reload->answer.AddText("client", report.client)
        .AddText("detail", report.detail);
    session->Send(reload->answer);
    session->SetBusy(false);
  }
}

void AgentServer::TellOthers(uint64_t session,
                             const std::vector<AnswerObject>& notices) {
  for (const auto& [number, other] : sessions_) {
    if (number != session) {
      for (const AnswerObject& notice : notices) {
        other->Send(notice);
      }
    }
  }
}

AgentSession* AgentServer::Find(uint64_t session) const {
  const auto found = sessions_.find(session);
  return found == sessions_.end() ? nullptr : found->second.get();
}

void AgentServer::RemoveEnded() {
  for (auto next = sessions_.begin(); next != sessions_.end();) {
    const auto at = next++;
    if (at->second->ended()) {
      const AnswerObject left = About("left", at->second->identity());
      if (tester_ == at->first) {
        test_.reset();
        tester_ = 0;
      }
      sessions_.erase(at);
      for (const auto& [number, other] : sessions_) {
        other->Send(left);
      }
    }
  }
}

absl::Time AgentServer::NextTime() const {
  absl::Time next = desk_->NextTime();
  for (const auto& [number, session] : sessions_) {
    next = std::min(next, session->NextTime());
  }
  for (const Reload& reload : reloads_) {
    next = std::min(next, reload.watch.NextTime());
  }
  return next;
}

void AgentServer::OnTime(absl::Time now) {
  for (const auto& [number, session] : sessions_) {
    session->OnTime(now);
  }
  if (now >= desk_->NextTime()) {
    DeskReply reply = desk_->OnTime();
    TellOthers(0, reply.notices);
    if (reply.reload) {
      StartReload(0, std::move(reply.answer));
    }
  }
  for (auto next = reloads_.begin(); next != reloads_.end();) {
    const auto at = next++;
    if (const std::optional<ReloadWatch::Report> report = at->watch.OnTime(now);
        report.has_value()) {
      Finish(&*at, *report);
      reloads_.erase(at);
    }
  }
  RemoveEnded();
}

}  // namespace ovoc::tunnel
