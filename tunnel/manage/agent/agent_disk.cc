// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/agent_disk.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "tunnel/manage/agent/durable_file.h"
#include "tunnel/settings/files/read_file.h"
#include "tunnel/settings/ini_file.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kCommitPrefix = "commit-";
constexpr absl::string_view kCommitSuffix = ".ini";

absl::string_view Reveal(const auth::Secret& text) {
  return text.Reveal(auth::InsecureSecretAccess::Get());
}

// A file that only an own user may write; empty if there is none.
absl::StatusOr<auth::Secret> ReadOrEmpty(const std::string& path, size_t limit,
                                         FilePrivacy privacy) {
  absl::StatusOr<FileContents> file = ReadSmallFile(path, limit, privacy);
  if (absl::IsNotFound(file.status())) {
    return auth::Secret::FromString("");
  }
  if (!file.ok()) {
    const std::string remedy = FileRemedy(file.status());
    return absl::Status(file.status().code(),
                        absl::StrCat(path, ": file ", file.status().message(),
                                     remedy.empty() ? "" : "; ", remedy));
  }
  return std::move(file->bytes);
}

absl::Status OtherText(const std::string& path, const absl::Status& why) {
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": ", why.message(), "; move the file away"));
}

// The number in "commit-NUMBER.ini"; 0 for all other names.
uint64_t CommitNumber(absl::string_view name) {
  uint64_t number = 0;
  const bool is_commit = absl::ConsumePrefix(&name, kCommitPrefix) &&
                         absl::ConsumeSuffix(&name, kCommitSuffix) &&
                         absl::SimpleAtoi(name, &number);
  return is_commit ? number : 0;
}

std::vector<uint64_t> CommitsIn(const std::string& folder) {
  std::vector<uint64_t> numbers;
  DIR* const open = opendir(folder.c_str());
  if (open == nullptr) {
    return numbers;
  }
  while (const dirent* const entry = readdir(open)) {
    if (const uint64_t number = CommitNumber(entry->d_name); number != 0) {
      numbers.push_back(number);
    }
  }
  closedir(open);
  return numbers;
}

}  // namespace

AgentDisk::AgentDisk(std::string settings, std::string folder)
    : settings_(std::move(settings)), folder_(std::move(folder)) {}

absl::Status AgentDisk::Prepare() const {
  constexpr mode_t kOwnerOnly = 0700;
  if (mkdir(folder_.c_str(), kOwnerOnly) != 0 && errno != EEXIST) {
    const int error = errno;
    return absl::ErrnoToStatus(
        error, absl::StrCat("--state: ", folder_, ": ", strerror(error),
                            "; make the folder above it, or name another"));
  }
  struct stat info = {};
  if (lstat(folder_.c_str(), &info) != 0 || !S_ISDIR(info.st_mode) ||
      info.st_uid != geteuid() || (info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "--state: ", folder_,
        " is no folder of this user that nobody else may open; run chmod 700, "
        "or name another"));
  }
  return absl::OkStatus();
}

absl::StatusOr<auth::Secret> AgentDisk::ReadSettings() const {
  return ReadOrEmpty(settings_, kMaxDeviceIniFileBytes,
                     FilePrivacy::kOwnWrites);
}

absl::Status AgentDisk::WriteSettings(absl::string_view text) const {
  return WriteDurably(settings_, text);
}

absl::StatusOr<CommitHistory> AgentDisk::ReadHistory() const {
  const std::string path = absl::StrCat(folder_, "/history");
  const absl::StatusOr<auth::Secret> text =
      ReadOrEmpty(path, kMaxHistoryBytes, FilePrivacy::kOwnReads);
  if (!text.ok()) {
    return text.status();
  }
  absl::StatusOr<CommitHistory> read = CommitHistory::FromText(Reveal(*text));
  return read.ok() ? std::move(read) : OtherText(path, read.status());
}

absl::Status AgentDisk::WriteHistory(const CommitHistory& history) const {
  return WriteDurably(absl::StrCat(folder_, "/history"), history.ToText());
}

std::string AgentDisk::CommitPath(uint64_t number) const {
  return absl::StrCat(folder_, "/", kCommitPrefix, number, kCommitSuffix);
}

absl::StatusOr<auth::Secret> AgentDisk::ReadCommit(uint64_t number) const {
  const std::string path = CommitPath(number);
  if (access(path.c_str(), F_OK) != 0) {
    return absl::NotFoundError(absl::StrCat(
        path,
        ": the settings of this commit are no longer there; use another "
        "one of history"));
  }
  return ReadOrEmpty(path, kMaxDeviceIniFileBytes, FilePrivacy::kOwnReads);
}

absl::Status AgentDisk::WriteCommit(uint64_t number,
                                    absl::string_view text) const {
  return WriteDurably(CommitPath(number), text);
}

void AgentDisk::RemoveOldCommits(const CommitHistory& history,
                                 uint64_t kept) const {
  for (const uint64_t number : CommitsIn(folder_)) {
    if (number < history.OldestNumber() && number != kept) {
      // What is left is removed after the next commit.
      RemoveDurably(CommitPath(number)).IgnoreError();
    }
  }
}

absl::StatusOr<ConfirmedCommit> AgentDisk::ReadPending(
    const ConfirmedCommit::Now& now) const {
  const std::string path = absl::StrCat(folder_, "/pending");
  const absl::StatusOr<auth::Secret> text =
      ReadOrEmpty(path, kMaxPendingBytes, FilePrivacy::kOwnReads);
  if (!text.ok()) {
    return text.status();
  }
  absl::StatusOr<ConfirmedCommit> read =
      ConfirmedCommit::FromText(Reveal(*text), now);
  return read.ok() ? std::move(read) : OtherText(path, read.status());
}

absl::Status AgentDisk::WritePending(const ConfirmedCommit& pending) const {
  const std::string path = absl::StrCat(folder_, "/pending");
  const std::string text = pending.ToText();
  return text.empty() ? RemoveDurably(path) : WriteDurably(path, text);
}

}  // namespace ovoc::tunnel
