// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_SETTINGS_STORE_COMMIT_HISTORY_H_
#define OVOC_TUNNEL_MANAGE_SETTINGS_STORE_COMMIT_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace ovoc::tunnel {

// How many commits before the last one can be gone back to.
inline constexpr size_t kMaxRollback = 10;
// Of who and comment, each. Longer ones are cut.
inline constexpr size_t kMaxCommitTextBytes = 200;
inline constexpr size_t kMaxHistoryBytes = 16384;

// CommitRecord is one commit. It has no setting's value: the text of the
// settings is in a file of its own.
struct CommitRecord {
  uint64_t number = 0;  // from 1 on; never used twice
  absl::Time time;      // of the device's clock, in seconds
  std::string who;
  std::string comment;
};

// CommitHistory is the list of the last commits: the one whose settings are in
// the file, and at most kMaxRollback before it.
class CommitHistory {
 public:
  // Adds the next commit and returns its number. Every byte of `who` and
  // `comment` that is not printable ASCII becomes a '?', so that a line of a
  // log stays one.
  uint64_t Add(absl::Time time, absl::string_view who,
               absl::string_view comment);

  // The newest first.
  const std::vector<CommitRecord>& commits() const { return commits_; }
  // The commit `back` before the last one, which is 0; none if there are not so
  // many.
  std::optional<CommitRecord> Back(size_t back) const;
  // The oldest number of which the text is still needed; 0 if there is none.
  uint64_t OldestNumber() const;

  // The text of the history's file: a line for each commit, the newest first:
  // number, time (RFC 3339), who and comment, with tabs between them.
  std::string ToText() const;
  // Reads such a text. The error is InvalidArgument; it names the line.
  static absl::StatusOr<CommitHistory> FromText(absl::string_view text);

 private:
  std::vector<CommitRecord> commits_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_SETTINGS_STORE_COMMIT_HISTORY_H_
