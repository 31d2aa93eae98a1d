// SPDX-License-Identifier: Apache-2.0
//
// The file other programs read the status from.

#ifndef OVOC_TUNNEL_REPORT_STATUS_FILE_H_
#define OVOC_TUNNEL_REPORT_STATUS_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// StatusFile replaces the file at `path` as a whole: a reader sees the old text
// or the new one, never a part. The text goes to PATH.tmp first, which is
// renamed; whatever stands at PATH.tmp is removed and never followed. Mode 0644
// whatever the umask. Nothing is synced to disk: the status of a process that
// is gone is worth nothing.
class StatusFile {
 public:
  explicit StatusFile(absl::string_view path) : path_(path) {}

  // FailedPrecondition where a device, a pipe, a socket or a folder has the
  // path: no file can or may take its place. The error names path and kind.
  absl::Status CheckTarget() const;

  // Write leaves the old file alone when it fails; the error names path and
  // system call, or is CheckTarget's.
  absl::Status Write(absl::string_view text) const;

 private:
  std::string path_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_STATUS_FILE_H_
