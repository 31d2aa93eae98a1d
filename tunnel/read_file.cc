// SPDX-License-Identifier: Apache-2.0

#include "tunnel/read_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/span.h"

namespace ovoc::tunnel {
namespace {

constexpr mode_t kPermissionBits = 07777;

// Descriptor closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) {
      close(fd_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

absl::Status ErrnoStatus(int error) {
  return absl::Status(absl::ErrnoToStatusCode(error),
                      std::generic_category().message(error));
}

absl::Status CheckFile(const struct stat& info, FilePrivacy privacy) {
  if (S_ISDIR(info.st_mode)) {
    return absl::FailedPreconditionError("a directory");
  }
  if (!S_ISREG(info.st_mode)) {
    return absl::FailedPreconditionError("something else than a regular file");
  }
  const mode_t mode = info.st_mode & kPermissionBits;
  if (privacy == FilePrivacy::kOwnerOnly && (mode & kGroupAndOthers) != 0) {
    return absl::PermissionDeniedError(absl::StrFormat("mode %04o", mode));
  }
  return absl::OkStatus();
}

// ReadInto fills `out` up to the file's end. 0 or the errno of read.
int ReadInto(int fd, absl::Span<char> out, size_t* count) {
  *count = 0;
  while (*count < out.size()) {
    const ssize_t got = read(fd, out.data() + *count, out.size() - *count);
    if (got == 0) {
      break;
    }
    if (got > 0) {
      *count += static_cast<size_t>(got);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

// The bytes to be ready for: more than fstat's, which may be out of date, and
// is 0 for a file of the kernel's.
size_t Expected(const struct stat& info) {
  constexpr size_t kGrowthBytes = 4096;
  return static_cast<size_t>(std::max<off_t>(info.st_size, 0)) + kGrowthBytes;
}

}  // namespace

absl::StatusOr<FileContents> ReadSmallFile(const std::string& path,
                                           size_t max_bytes,
                                           FilePrivacy privacy,
                                           const FileRoot& root) {
  // O_NONBLOCK: a pipe nobody writes to would hold the program for ever.
  const Descriptor file(root.Open(path, O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.get() < 0) {
    return ErrnoStatus(errno);
  }
  struct stat info = {};
  if (fstat(file.get(), &info) != 0) {
    return ErrnoStatus(errno);
  }
  if (absl::Status status = CheckFile(info, privacy); !status.ok()) {
    return status;
  }
  int error = 0;
  const auto fill = [&file, &error](absl::Span<char> out) {
    size_t count = 0;
    error = ReadInto(file.get(), out, &count);
    return count;
  };
  // One byte more than allowed, to see that there is one.
  const size_t room = std::min(max_bytes, Expected(info)) + 1;
  auth::Secret bytes = auth::Secret::FromFill(room, fill);
  if (error != 0) {
    return ErrnoStatus(error);
  }
  if (bytes.size() == room && room <= max_bytes) {
    return absl::AbortedError("more bytes than when it was opened");
  }
  if (bytes.size() > max_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("more than ", max_bytes, " bytes"));
  }
  return FileContents{std::move(bytes), info.st_mode & kPermissionBits};
}

}  // namespace ovoc::tunnel
