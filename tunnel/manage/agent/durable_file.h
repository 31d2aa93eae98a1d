// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_AGENT_DURABLE_FILE_H_
#define OVOC_TUNNEL_MANAGE_AGENT_DURABLE_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// WriteDurably replaces the file at `path` as a whole: after a crash or a loss
// of power there is the old text or the new one. The text goes into PATH.new in
// the same folder, is synced to disk, takes the place of the file, and the
// folder is synced. If `path` is a link, the file that it leads to is replaced.
// The mode is 0600, and the owner that of the old file. Whatever is at PATH.new
// is removed before. The error names the file and the system call, and says
// what to do; the old file is there then.
absl::Status WriteDurably(const std::string& path, absl::string_view text);

// RemoveDurably removes the file at `path`; that it is not there is no error.
absl::Status RemoveDurably(const std::string& path);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_AGENT_DURABLE_FILE_H_
