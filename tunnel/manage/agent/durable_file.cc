// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/durable_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "absl/strings/str_cat.h"
#include "netif/linux/unique_fd.h"

namespace ovoc::tunnel {
namespace {

absl::Status Failed(const std::string& path, absl::string_view call) {
  const int error = errno;
  return absl::ErrnoToStatus(
      error, absl::StrCat(path, ": ", call, ": ", strerror(error),
                          "; let the agent write there, and see that there is "
                          "room on the disk"));
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) {
    return ".";
  }
  return slash == 0 ? "/" : path.substr(0, slash);
}

absl::Status SyncFolder(const std::string& path) {
  const std::string folder = FolderOf(path);
  const netif::UniqueFd fd(
      open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid() || fsync(fd.get()) != 0) {
    return Failed(folder, fd.valid() ? "fsync" : "open");
  }
  return absl::OkStatus();
}

absl::Status WriteAll(const std::string& path, int fd, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return Failed(path, "write");
    }
    text.remove_prefix(static_cast<size_t>(written));
  }
  return fsync(fd) == 0 ? absl::OkStatus() : Failed(path, "fsync");
}

absl::Status WriteNew(const std::string& fresh, const std::string& old,
                      absl::string_view text) {
  if (unlink(fresh.c_str()) != 0 && errno != ENOENT) {
    return Failed(fresh, "unlink");
  }
  constexpr mode_t kOwnerOnly = 0600;
  const netif::UniqueFd fd(
      open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
           kOwnerOnly));
  if (!fd.valid()) {
    return Failed(fresh, "open");
  }
  struct stat info = {};
  if (stat(old.c_str(), &info) == 0 &&
      (info.st_uid != geteuid() || info.st_gid != getegid()) &&
      fchown(fd.get(), info.st_uid, info.st_gid) != 0) {
    return Failed(fresh, "fchown");
  }
  return WriteAll(fresh, fd.get(), text);
}

// Where links lead to; the path itself if nothing is there.
std::string WithoutLinks(const std::string& path) {
  std::array<char, PATH_MAX> real;
  return realpath(path.c_str(), real.data()) != nullptr
             ? std::string(real.data())
             : path;
}

}  // namespace

absl::Status WriteDurably(const std::string& path, absl::string_view text) {
  const std::string target = WithoutLinks(path);
  const std::string fresh = absl::StrCat(target, ".new");
  absl::Status status = WriteNew(fresh, target, text);
  if (status.ok() && rename(fresh.c_str(), target.c_str()) != 0) {
    status = Failed(target, "rename");
  }
  if (!status.ok()) {
    (void)unlink(fresh.c_str());
    return status;
  }
  return SyncFolder(target);
}

absl::Status RemoveDurably(const std::string& path) {
  if (unlink(path.c_str()) != 0) {
    return errno == ENOENT ? absl::OkStatus() : Failed(path, "unlink");
  }
  return SyncFolder(path);
}

}  // namespace ovoc::tunnel
