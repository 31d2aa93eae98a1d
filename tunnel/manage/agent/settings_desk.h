// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_AGENT_SETTINGS_DESK_H_
#define OVOC_TUNNEL_MANAGE_AGENT_SETTINGS_DESK_H_

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tunnel/manage/agent/commit_keeper.h"
#include "tunnel/manage/protocol/agent_request.h"
#include "tunnel/manage/protocol/answer_object.h"
#include "tunnel/manage/settings_store/candidate_store.h"
#include "tunnel/report/log.h"
#include "tunnel/settings/security_policy.h"

namespace ovoc::tunnel {

// DeskReply is what came of a request. With `reload` the settings file has a
// new text that the client is to read.
struct DeskReply {
  AnswerObject answer;
  std::vector<AnswerObject> notices;  // for all other sessions
  bool reload = false;
};

// SettingsDesk does the operations that are about settings: it holds running
// and candidate settings, and writes files. Who may ask is the caller's matter.
class SettingsDesk {
 public:
  // Reads the settings file. `logger` must outlive the desk.
  static absl::StatusOr<std::unique_ptr<SettingsDesk>> Open(
      std::unique_ptr<CommitKeeper> keeper, Policy policy, Logger* logger);

  // Does one of kGet, kEdit, kValidate, kCompare, kCommit, kConfirm, kRollback,
  // kDiscard and kHistory for `who`. Of other operations the answer is an
  // error.
  DeskReply Do(const AgentRequest& request, absl::string_view who);

  // When to call OnTime; InfiniteFuture if there is no need to.
  absl::Time NextTime() const { return keeper_->pending().NextTime(); }
  // Undoes a commit that nobody has confirmed in time. The reply's answer means
  // nothing.
  DeskReply OnTime();

  // The candidate's text, for `client --check`.
  absl::string_view CandidateText() const {
    return store_.Text(CandidateStore::Which::kCandidate);
  }
  bool IsEdited() const { return store_.IsEdited(); }
  // Adds which commit waits for its confirmation, and for how many seconds.
  void DescribePending(AnswerObject* answer) const;

 private:
  SettingsDesk(std::unique_ptr<CommitKeeper> keeper, Policy policy,
               Logger* logger, absl::string_view text)
      : keeper_(std::move(keeper)),
        policy_(policy),
        logger_(logger),
        store_(text) {}

  // Takes over what another program has written. FailedPrecondition if that
  // meets an edited candidate.
  absl::Status FollowFile();
  DeskReply Get(const AgentRequest& request) const;
  DeskReply Edit(const AgentRequest& request, absl::string_view who);
  DeskReply Commit(const AgentRequest& request, absl::string_view who);
  DeskReply Confirm(const AgentRequest& request, absl::string_view who);
  DeskReply Rollback(const AgentRequest& request, absl::string_view who);
  DeskReply Discard(const AgentRequest& request, absl::string_view who);
  DeskReply History(const AgentRequest& request) const;

  const std::unique_ptr<CommitKeeper> keeper_;
  const Policy policy_;
  Logger* const logger_;
  CandidateStore store_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_AGENT_SETTINGS_DESK_H_
