// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_AGENT_AGENT_SERVER_H_
#define OVOC_TUNNEL_MANAGE_AGENT_AGENT_SERVER_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/manage/agent/agent_listener.h"
#include "tunnel/manage/agent/agent_session.h"
#include "tunnel/manage/agent/check_child.h"
#include "tunnel/manage/agent/reload_watch.h"
#include "tunnel/manage/agent/settings_desk.h"
#include "tunnel/manage/protocol/agent_request.h"
#include "tunnel/manage/protocol/answer_object.h"
#include "tunnel/report/log.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::tunnel {

// More programs at a time are told to come again.
inline constexpr size_t kMaxAgentSessions = 16;
// Of "version" in the answer to hello. It changes when a program that knows the
// protocol as it was would misunderstand it.
inline constexpr uint64_t kAgentProtocol = 1;

// AgentServer lets programs in, has the desk do what they ask, and tells all
// others about it.
class AgentServer {
 public:
  struct Options {
    std::string socket;
    std::string status_file;  // of the client
    std::string client;       // the program, for test
    std::string folder;       // where the candidate is written for test
    std::string admin_group;
    std::string view_group;
  };

  // `loop`, `desk` and `logger` must outlive the server.
  static absl::StatusOr<std::unique_ptr<AgentServer>> Open(EventLoop* loop,
                                                           SettingsDesk* desk,
                                                           Logger* logger,
                                                           Options options);

  // To be called after each turn of the loop, and at NextTime.
  void OnTime(absl::Time now);
  absl::Time NextTime() const;

 private:
  // A commit whose client is being watched.
  struct Reload {
    ReloadWatch watch;
    uint64_t session;  // 0: the agent's own
    AnswerObject answer;
  };

  AgentServer(EventLoop* loop, SettingsDesk* desk, Logger* logger,
              Options options)
      : loop_(loop),
        desk_(desk),
        logger_(logger),
        options_(std::move(options)) {}

  void OnSocket(netif::UniqueFd socket);
  void Welcome(netif::UniqueFd socket, AgentSession::Identity identity);
  void Refuse(netif::UniqueFd socket, absl::string_view who,
              const absl::Status& why);
  void OnLine(AgentSession* session, std::string* line);
  void Do(AgentSession* session, const AgentRequest& request);
  AnswerObject Hello(const AgentSession& session, uint64_t id) const;
  AnswerObject ShowStatus(uint64_t id) const;
  absl::Status StartTest(AgentSession* session, uint64_t id);
  void OnTestLine(uint64_t session, uint64_t id, absl::string_view line);
  void OnTestEnd(uint64_t session, uint64_t id, int exit_code);
  void StartReload(uint64_t session, AnswerObject answer);
  void Finish(Reload* reload, const ReloadWatch::Report& report);
  void TellOthers(uint64_t session, const std::vector<AnswerObject>& notices);
  AgentSession* Find(uint64_t session) const;
  void RemoveEnded();

  EventLoop* const loop_;
  SettingsDesk* const desk_;
  Logger* const logger_;
  const Options options_;
  uint64_t last_session_ = 0;
  std::map<uint64_t, std::unique_ptr<AgentSession>> sessions_;
  std::list<Reload> reloads_;
  std::unique_ptr<CheckChild> test_;
  uint64_t tester_ = 0;  // the session; 0: no test runs
  std::unique_ptr<AgentListener> listener_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_AGENT_AGENT_SERVER_H_
