// SPDX-License-Identifier: Apache-2.0
//
// Small files that the settings name, read into memory that wipes itself.

#ifndef OVOC_TUNNEL_SETTINGS_READ_FILE_H_
#define OVOC_TUNNEL_SETTINGS_READ_FILE_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "auth/secret.h"
#include "tunnel/sandbox/file_root.h"

namespace ovoc::tunnel {

// FilePrivacy says who else may have access to a file. Its own users are root
// and the user that this process runs as (the effective one). In a user
// namespace (user_namespaces(7)) whose map lacks the file's owner, that owner
// shows as a number that nobody has, such as 65534: it may be root, outside,
// and counts as an own user.
enum class FilePrivacy : uint8_t {
  kAny,        // as the C library reads /etc/resolv.conf
  kOwnWrites,  // an own user's; group and others may not write it
  kOwnReads,   // that, and no permission bit for group and others at all
};

// FileContents is a text file and its permission bits.
struct FileContents {
  auth::Secret bytes;
  mode_t mode;  // 0..07777

  // The text, without a UTF-8 byte-order mark in front. A view of `bytes`.
  absl::string_view Text() const;
};

// kGroupAndOthers are the permission bits that kOwnReads refuses.
inline constexpr mode_t kGroupAndOthers = 077;

// ReadSmallFile reads a regular file of at most max_bytes. Links are followed;
// what is checked is the file that was opened, so that another user who may
// write a folder on the way can put nothing of his own in its place. Never
// waits for a pipe. The error's message says what is wrong with the file and
// can follow its name: "is a directory", "is readable by others (mode 0644)",
// "cannot be read: No such file or directory". FileRemedy says what to do.
absl::StatusOr<FileContents> ReadSmallFile(
    const std::string& path, size_t max_bytes, FilePrivacy privacy,
    const FileRoot& root = FileRoot::Own());

// FileRemedy says what to do about such an error, for SettingError::remedy:
// "run chmod 600". It asks for no more than what is missing.
std::string FileRemedy(const absl::Status& error);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_READ_FILE_H_
