// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_AGENT_COMMIT_KEEPER_H_
#define OVOC_TUNNEL_MANAGE_AGENT_COMMIT_KEEPER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "auth/secret.h"
#include "tunnel/manage/agent/agent_disk.h"
#include "tunnel/manage/settings_store/commit_history.h"
#include "tunnel/manage/settings_store/confirmed_commit.h"

namespace ovoc::tunnel {

// CommitRequest is what is to become the settings file.
struct CommitRequest {
  absl::string_view text;
  absl::string_view who;
  absl::string_view comment;
  int confirm = 0;  // minutes; 0: for good
};

// CommitKeeper writes commits to disk in an order that a crash cannot harm, and
// undoes those that nobody confirms. Each method that returns an error has
// changed nothing that the next call does not put right.
class CommitKeeper {
 public:
  using Clock = std::function<ConfirmedCommit::Now()>;

  static absl::StatusOr<std::unique_ptr<CommitKeeper>> Open(AgentDisk disk,
                                                            Clock clock);

  // Reads the settings file. What another program has written since the last
  // commit becomes a commit of its own, so that it can be gone back to.
  absl::StatusOr<auth::Secret> ReadSettings();

  // The text becomes the settings file. Without `confirm`, what waited for its
  // confirmation is confirmed. FailedPrecondition: there is nothing to go back
  // to yet.
  absl::Status Commit(const CommitRequest& request);

  // Returns the number of the commit that waited. FailedPrecondition: none did.
  absl::StatusOr<uint64_t> Confirm();

  // Undoes what waits, and returns the settings that are in the file again. If
  // it cannot, it is to be tried again at pending().NextTime(), unless the
  // earlier settings are gone (NotFound).
  absl::StatusOr<auth::Secret> GoBack();

  // The settings of an earlier commit.
  absl::StatusOr<auth::Secret> ReadCommit(uint64_t number) const {
    return disk_.ReadCommit(number);
  }

  const CommitHistory& history() const { return history_; }
  const ConfirmedCommit& pending() const { return pending_; }
  const std::string& settings() const { return disk_.settings(); }
  ConfirmedCommit::Now now() const { return clock_(); }

 private:
  CommitKeeper(AgentDisk disk, Clock clock)
      : disk_(std::move(disk)), clock_(std::move(clock)) {}

  absl::Status Keep(const CommitRequest& commit);
  absl::StatusOr<ConfirmedCommit> NextPending(int confirm) const;

  const AgentDisk disk_;
  const Clock clock_;
  CommitHistory history_;
  ConfirmedCommit pending_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_AGENT_COMMIT_KEEPER_H_
