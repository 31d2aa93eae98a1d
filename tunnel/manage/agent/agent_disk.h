// SPDX-License-Identifier: Apache-2.0
//
// The files of the settings agent.

#ifndef OVOC_TUNNEL_MANAGE_AGENT_AGENT_DISK_H_
#define OVOC_TUNNEL_MANAGE_AGENT_AGENT_DISK_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "auth/secret.h"
#include "tunnel/manage/settings_store/commit_history.h"
#include "tunnel/manage/settings_store/confirmed_commit.h"

namespace ovoc::tunnel {

// AgentDisk reads and writes the settings file, and in a folder that is the
// agent's own: `history` (the list of commits), `commit-N.ini` (the settings of
// each) and `pending` (a commit that waits for its confirmation). All of them
// have the mode 0600, and the folder 0700. All are written durably. Errors name
// the file and say what to do.
class AgentDisk {
 public:
  AgentDisk(std::string settings, std::string folder);

  // Makes the folder. FailedPrecondition if it is there and others may write
  // into it.
  absl::Status Prepare() const;

  // The text of the settings file; empty if there is none.
  absl::StatusOr<auth::Secret> ReadSettings() const;
  absl::Status WriteSettings(absl::string_view text) const;

  absl::StatusOr<CommitHistory> ReadHistory() const;
  absl::Status WriteHistory(const CommitHistory& history) const;

  absl::StatusOr<auth::Secret> ReadCommit(uint64_t number) const;
  absl::Status WriteCommit(uint64_t number, absl::string_view text) const;
  // Removes the settings of the commits that `history` no longer has, but for
  // `kept`.
  void RemoveOldCommits(const CommitHistory& history, uint64_t kept) const;

  absl::StatusOr<ConfirmedCommit> ReadPending(
      const ConfirmedCommit::Now& now) const;
  absl::Status WritePending(const ConfirmedCommit& pending) const;

  const std::string& settings() const { return settings_; }
  const std::string& folder() const { return folder_; }

 private:
  std::string CommitPath(uint64_t number) const;

  const std::string settings_;
  const std::string folder_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_AGENT_AGENT_DISK_H_
