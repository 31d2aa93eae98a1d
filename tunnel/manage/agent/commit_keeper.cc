// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/commit_keeper.h"

#include <optional>

#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

// How long after a failure, such as a full disk, it is tried again to undo a
// commit.
constexpr absl::Duration kRevertRetry = absl::Seconds(10);

absl::string_view Reveal(const auth::Secret& text) {
  return text.Reveal(auth::InsecureSecretAccess::Get());
}

}  // namespace

absl::StatusOr<std::unique_ptr<CommitKeeper>> CommitKeeper::Open(AgentDisk disk,
                                                                 Clock clock) {
  auto keeper = std::unique_ptr<CommitKeeper>(
      new CommitKeeper(std::move(disk), std::move(clock)));
  absl::Status status = keeper->disk_.Prepare();
  if (!status.ok()) {
    return status;
  }
  absl::StatusOr<CommitHistory> history = keeper->disk_.ReadHistory();
  absl::StatusOr<ConfirmedCommit> pending =
      keeper->disk_.ReadPending(keeper->clock_());
  status.Update(history.status());
  status.Update(pending.status());
  if (!status.ok()) {
    return status;
  }
  keeper->history_ = *std::move(history);
  keeper->pending_ = *std::move(pending);
  return keeper;
}

absl::Status CommitKeeper::Keep(const CommitRequest& commit) {
  CommitHistory longer = history_;
  const uint64_t number = longer.Add(clock_().wall, commit.who, commit.comment);
  absl::Status status = disk_.WriteCommit(number, commit.text);
  if (status.ok()) {
    status = disk_.WriteHistory(longer);
  }
  if (status.ok()) {
    history_ = std::move(longer);
    disk_.RemoveOldCommits(history_, pending_.back_to());
  }
  return status;
}

absl::StatusOr<auth::Secret> CommitKeeper::ReadSettings() {
  absl::StatusOr<auth::Secret> text = disk_.ReadSettings();
  const std::optional<CommitRecord> last = history_.Back(0);
  if (!text.ok() || (!last.has_value() && text->empty())) {
    return text;
  }
  if (last.has_value()) {
    const absl::StatusOr<auth::Secret> known = disk_.ReadCommit(last->number);
    if (known.ok() && *known == *text) {
      return text;
    }
  }
  const absl::Status kept = Keep({.text = Reveal(*text),
                                  .who = "another program",
                                  .comment = "written without the agent"});
  return kept.ok() ? std::move(text) : kept;
}

// What waits after the next commit.
absl::StatusOr<ConfirmedCommit> CommitKeeper::NextPending(int confirm) const {
  ConfirmedCommit next = pending_;
  const std::optional<CommitRecord> last = history_.Back(0);
  if (confirm == 0) {
    next.Confirm();
  } else if (last.has_value()) {
    next.Begin(last->number + 1, last->number, confirm, clock_());
  } else {
    return absl::FailedPreconditionError(
        "commit: there are no settings yet to go back to; commit without "
        "confirm");
  }
  return next;
}

// A crash between two of these writes leaves either the old settings, or new
// ones that are undone if they were to be confirmed.
absl::Status CommitKeeper::Commit(const CommitRequest& request) {
  const absl::StatusOr<ConfirmedCommit> next = NextPending(request.confirm);
  if (!next.ok()) {
    return next.status();
  }
  const bool waits = request.confirm != 0;
  absl::Status status = waits ? disk_.WritePending(*next) : absl::OkStatus();
  if (status.ok()) {
    status = disk_.WriteSettings(request.text);
  }
  if (!status.ok()) {
    // The next start would undo what was not done.
    disk_.WritePending(pending_).IgnoreError();
    return status;
  }
  pending_ = *next;
  status = Keep(request);
  status.Update(waits ? absl::OkStatus() : disk_.WritePending(pending_));
  return status;
}

absl::StatusOr<uint64_t> CommitKeeper::Confirm() {
  if (pending_.state() == ConfirmedCommit::State::kNone) {
    return absl::FailedPreconditionError(
        "confirm: no commit waits for its confirmation; see history");
  }
  ConfirmedCommit confirmed = pending_;
  confirmed.Confirm();
  const absl::Status status = disk_.WritePending(confirmed);
  if (!status.ok()) {
    return status;
  }
  pending_ = confirmed;
  return pending_.number();
}

absl::StatusOr<auth::Secret> CommitKeeper::GoBack() {
  absl::StatusOr<auth::Secret> text = disk_.ReadCommit(pending_.back_to());
  absl::Status status =
      text.ok() ? disk_.WriteSettings(Reveal(*text)) : text.status();
  if (!status.ok() && !absl::IsNotFound(status)) {
    pending_.RetryAt(clock_().monotonic + kRevertRetry);
    return status;
  }
  pending_.Reverted();
  status.Update(disk_.WritePending(pending_));
  if (status.ok()) {
    status = Keep({.text = Reveal(*text),
                   .who = "the agent",
                   .comment = absl::StrCat("commit ", pending_.number(),
                                           " was not confirmed in time")});
  }
  return status.ok() ? std::move(text) : status;
}

}  // namespace ovoc::tunnel
