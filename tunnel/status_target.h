// SPDX-License-Identifier: Apache-2.0
//
// Keeps the status file from taking the place of a file that the client reads,
// and knows where it is by default.

#ifndef OVOC_TUNNEL_STATUS_TARGET_H_
#define OVOC_TUNNEL_STATUS_TARGET_H_

#include <string>

#include "absl/status/status.h"
#include "tunnel/sandbox/file_root.h"

namespace ovoc::tunnel {

// CheckNotSettingsFile returns InvalidArgument if `status_file`, the value of
// --status_file, is the settings file: the same path, or another path to the
// same file (by device and inode, stat(2)). Empty paths are never the same. The
// message names the option and says what to do.
absl::Status CheckNotSettingsFile(const FileRoot& files,
                                  const std::string& status_file,
                                  const std::string& settings);

// CheckNotNamedFile does the same for the files that the settings file at
// `settings` names, also if something else is wrong with the settings. What
// that is it does not say.
absl::Status CheckNotNamedFile(const FileRoot& files,
                               const std::string& status_file,
                               const std::string& settings);

// Where the status file is if --status_file does not say so.
inline constexpr char kDefaultStatusFolder[] = "/run/ovoc-tunnel";

// DefaultStatusFile is the path of the status file without --status_file, or
// empty. `refused` says why the folder is there and not used; it is empty
// otherwise.
struct DefaultStatusFile {
  std::string path;
  std::string refused;
};

// FindDefaultStatusFile takes `folder` if it exists, is no link, belongs to
// root or to this process's user, and nobody else may write into it: another
// user could put a link or an old status there. To be called while the
// machine's root is this process's.
DefaultStatusFile FindDefaultStatusFile(
    const std::string& folder = kDefaultStatusFolder);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_STATUS_TARGET_H_
