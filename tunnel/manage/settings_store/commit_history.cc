// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/settings_store/commit_history.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ovoc::tunnel {
namespace {

std::string Printable(absl::string_view text) {
  std::string printable(text.substr(0, kMaxCommitTextBytes));
  for (char& c : printable) {
    if (c < 0x20 || c > 0x7e) {
      c = '?';
    }
  }
  return printable;
}

bool ReadLine(absl::string_view line, CommitRecord* commit) {
  const std::vector<absl::string_view> fields = absl::StrSplit(line, '\t');
  std::string why;
  if (fields.size() != 4 || !absl::SimpleAtoi(fields[0], &commit->number) ||
      commit->number == 0 ||
      !absl::ParseTime(absl::RFC3339_full, fields[1], &commit->time, &why)) {
    return false;
  }
  commit->who = std::string(fields[2]);
  commit->comment = std::string(fields[3]);
  return commit->who == Printable(fields[2]) &&
         commit->comment == Printable(fields[3]);
}

}  // namespace

uint64_t CommitHistory::Add(absl::Time time, absl::string_view who,
                            absl::string_view comment) {
  const uint64_t number = commits_.empty() ? 1 : commits_.front().number + 1;
  const absl::Time whole = absl::FromUnixSeconds(absl::ToUnixSeconds(time));
  commits_.insert(commits_.begin(),
                  {number, whole, Printable(who), Printable(comment)});
  if (commits_.size() > kMaxRollback + 1) {
    commits_.pop_back();
  }
  return number;
}

std::optional<CommitRecord> CommitHistory::Back(size_t back) const {
  return back < commits_.size() ? std::optional(commits_[back]) : std::nullopt;
}

uint64_t CommitHistory::OldestNumber() const {
  return commits_.empty() ? 0 : commits_.back().number;
}

std::string CommitHistory::ToText() const {
  std::string text;
  for (const CommitRecord& commit : commits_) {
    absl::StrAppend(
        &text, commit.number, "\t",
        absl::FormatTime(absl::RFC3339_sec, commit.time, absl::UTCTimeZone()),
        "\t", commit.who, "\t", commit.comment, "\n");
  }
  return text;
}

absl::StatusOr<CommitHistory> CommitHistory::FromText(absl::string_view text) {
  CommitHistory history;
  int number = 0;
  for (const absl::string_view line :
       absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    ++number;
    CommitRecord commit;
    const bool is_older = ReadLine(line, &commit) &&
                          (history.commits_.empty() ||
                           commit.number < history.commits_.back().number);
    if (!is_older || history.commits_.size() > kMaxRollback) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, " is none of the list of commits"));
    }
    history.commits_.push_back(std::move(commit));
  }
  return history;
}

}  // namespace ovoc::tunnel
