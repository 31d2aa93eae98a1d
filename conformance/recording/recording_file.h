// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_RECORDING_RECORDING_FILE_H_
#define OVOC_CONFORMANCE_RECORDING_RECORDING_FILE_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "netif/linux/unique_fd.h"

namespace ovoc::conformance {

// NumberedPath: the file for connection `number`, from 1: "a/b.rec",
// "a/b-2.rec", "a/b-3.rec"; without an extension "b", "b-2".
std::string NumberedPath(absl::string_view path, int number);

// RecordingFile is a new file that only its owner can read, because what a
// tunnel carries concerns only the person who recorded it. Each text is passed
// to the kernel at once, so that nothing is lost however the program ends.
class RecordingFile {
 public:
  // AlreadyExists if there is a file of that name; none is overwritten.
  static absl::StatusOr<RecordingFile> Create(const std::string& path);

  // Appends all of `text`.
  [[nodiscard]] absl::Status Append(absl::string_view text);

 private:
  RecordingFile(std::string path, netif::UniqueFd fd)
      : path_(std::move(path)), fd_(std::move(fd)) {}

  std::string path_;
  netif::UniqueFd fd_;
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_RECORDING_RECORDING_FILE_H_
