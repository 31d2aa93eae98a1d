// SPDX-License-Identifier: Apache-2.0
//
// The file from which other programs read the status.

#ifndef OVOC_TUNNEL_REPORT_STATUS_FILE_H_
#define OVOC_TUNNEL_REPORT_STATUS_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// StatusFile replaces the file at `path` as a whole. A reader sees the old text
// or the new text, never a part. The text is written to PATH.tmp, which is then
// renamed. Whatever is at PATH.tmp before is removed; a link is not followed.
// The mode is 0644 whatever the umask is. Nothing is synced to disk, because
// the status of a process that has ended is worth nothing.
class StatusFile {
 public:
  explicit StatusFile(absl::string_view path) : path_(path) {}

  // Returns FailedPrecondition if the path is that of a device, a pipe, a
  // socket or a folder, which a file must not replace. The error names the path
  // and what is there.
  absl::Status CheckTarget() const;

  // If Write fails, the old file stays. The error names the path and the system
  // call and says what to do, or is that of CheckTarget.
  absl::Status Write(absl::string_view text) const;

 private:
  std::string path_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_STATUS_FILE_H_
