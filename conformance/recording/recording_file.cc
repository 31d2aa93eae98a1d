// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/recording_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstddef>

#include "absl/strings/str_cat.h"

namespace ovoc::conformance {
namespace {

constexpr mode_t kOwnerOnly = 0600;

absl::Status Problem(int error, absl::string_view path) {
  return absl::ErrnoToStatus(error, path);
}

}  // namespace

std::string NumberedPath(absl::string_view path, int number) {
  if (number <= 1) {
    return std::string(path);
  }
  const size_t name = path.rfind('/') + 1;  // npos + 1 is 0
  const size_t dot = path.rfind('.');
  const bool extension = dot != absl::string_view::npos && dot > name;
  const size_t end = extension ? dot : path.size();
  return absl::StrCat(path.substr(0, end), "-", number, path.substr(end));
}

absl::StatusOr<RecordingFile> RecordingFile::Create(const std::string& path) {
  netif::UniqueFd fd(open(path.c_str(),
                          O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC,
                          kOwnerOnly));
  if (!fd.valid()) {
    return Problem(errno, path);
  }
  return RecordingFile(path, std::move(fd));
}

absl::Status RecordingFile::Append(absl::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(fd_.get(), text.data(), text.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return Problem(errno, path_);
    }
    text.remove_prefix(static_cast<size_t>(count));
  }
  return absl::OkStatus();
}

}  // namespace ovoc::conformance
