// SPDX-License-Identifier: Apache-2.0
//
// Reads small files that the settings name into memory that wipes itself.

#ifndef OVOC_TUNNEL_SETTINGS_FILES_READ_FILE_H_
#define OVOC_TUNNEL_SETTINGS_FILES_READ_FILE_H_

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

// FilePrivacy says who may own a file and who else may access it. The own users
// are root and the effective user of this process. In a user namespace
// (user_namespaces(7)) whose map lacks the file's owner, the owner appears as a
// number that nobody has, such as 65534. It may be the root user outside, so it
// counts as an own user.
enum class FilePrivacy : uint8_t {
  kAny,        // as the C library reads /etc/resolv.conf
  kOwnWrites,  // an own user owns it; group and others may not write it
  kOwnReads,   // also, group and others have no permission at all
};

// FileContents is the text of a file and its permission bits.
struct FileContents {
  auth::Secret bytes;
  mode_t mode;  // 0..07777

  // The text without a leading UTF-8 byte-order mark, as a view of `bytes`.
  absl::string_view Text() const;
};

// kGroupAndOthers are the permission bits that kOwnReads refuses.
inline constexpr mode_t kGroupAndOthers = 077;

// ReadSmallFile reads a regular file of at most max_bytes. It follows links. It
// checks the file that it has opened, so another user who may write a folder of
// the path cannot substitute a file. It never waits for a pipe. The message of
// an error says what is wrong with the file and can follow the file's name: "is
// a directory", "is readable by others (mode 0644)", "cannot be read: No such
// file or directory". FileRemedy says what to do.
absl::StatusOr<FileContents> ReadSmallFile(
    const std::string& path, size_t max_bytes, FilePrivacy privacy,
    const FileRoot& root = FileRoot::Own());

// FileRemedy says what to do about such an error, for SettingError::remedy:
// "run chmod 600". It asks for no more than what is missing.
std::string FileRemedy(const absl::Status& error);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_FILES_READ_FILE_H_
