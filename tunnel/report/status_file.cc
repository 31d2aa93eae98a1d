// SPDX-License-Identifier: Apache-2.0

#include "tunnel/report/status_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

constexpr mode_t kMode = 0644;  // read by anyone: it holds no secret

absl::string_view Remedy(int error) {
  return error == ENOSPC || error == EDQUOT
             ? "make room on its file system"
             : "use a folder that is there and in which the client's user may "
               "make files";
}

absl::Status ErrnoStatus(int error, absl::string_view call,
                         absl::string_view path) {
  // A relative path begins at the working folder, the machine's root.
  const absl::Status problem = absl::ErrnoToStatus(
      error,
      absl::StrCat(call, absl::StartsWith(path, "/") ? " " : " /", path));
  return absl::Status(problem.code(),
                      absl::StrCat(problem.message(), "; ", Remedy(error)));
}

absl::Status WriteAll(int fd, absl::string_view text, absl::string_view path) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return ErrnoStatus(errno, "write", path);
    }
    text.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status WriteNewFile(const std::string& path, absl::string_view text) {
  if (unlink(path.c_str()) != 0 && errno != ENOENT) {
    return ErrnoStatus(errno, "unlink", path);
  }
  // O_EXCL: not through a link that another user put here in between.
  const int fd =
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMode);
  if (fd < 0) {
    return ErrnoStatus(errno, "open", path);
  }
  absl::Status status = WriteAll(fd, text, path);
  if (status.ok() && fchmod(fd, kMode) != 0) {
    status = ErrnoStatus(errno, "fchmod", path);
  }
  if (close(fd) != 0 && status.ok()) {
    status = ErrnoStatus(errno, "close", path);
  }
  return status;
}

// What no file takes the place of; empty for what it may.
absl::string_view KindThatStays(mode_t mode) {
  if (S_ISDIR(mode)) {
    return "a folder";
  }
  if (S_ISFIFO(mode)) {
    return "a pipe";
  }
  if (S_ISSOCK(mode)) {
    return "a socket";
  }
  return S_ISCHR(mode) || S_ISBLK(mode) ? "a device" : "";
}

}  // namespace

// A rename would put a file in the place of a device that all programs use,
// such as /dev/null, or of a pipe.
absl::Status StatusFile::CheckTarget() const {
  struct stat info = {};
  if (lstat(path_.c_str(), &info) != 0) {
    return absl::OkStatus();  // what is wrong with it, Write says
  }
  const absl::string_view kind = KindThatStays(info.st_mode);
  return kind.empty()
             ? absl::OkStatus()
             : absl::FailedPreconditionError(absl::StrCat(
                   absl::StartsWith(path_, "/") ? "" : "/", path_, " is ", kind,
                   ", which the status file would replace; name a "
                   "regular file or a new one"));
}

absl::Status StatusFile::Write(absl::string_view text) const {
  if (absl::Status target = CheckTarget(); !target.ok()) {
    return target;
  }
  const std::string temporary = absl::StrCat(path_, ".tmp");
  absl::Status status = WriteNewFile(temporary, text);
  if (status.ok() && rename(temporary.c_str(), path_.c_str()) != 0) {
    status = ErrnoStatus(errno, "rename", path_);
  }
  if (!status.ok()) {
    unlink(temporary.c_str());
  }
  return status;
}

}  // namespace ovoc::tunnel
