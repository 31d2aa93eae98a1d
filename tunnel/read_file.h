// SPDX-License-Identifier: Apache-2.0
//
// Small files that the settings name, read into memory that wipes itself.

#ifndef OVOC_TUNNEL_READ_FILE_H_
#define OVOC_TUNNEL_READ_FILE_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "auth/secret.h"
#include "tunnel/sandbox/file_root.h"

namespace ovoc::tunnel {

// FilePrivacy says who else may have access to a file.
enum class FilePrivacy : uint8_t {
  kAny,
  kOwnerOnly,  // no permission bit for group and others at all
};

// FileContents is a file's bytes and its permission bits.
struct FileContents {
  auth::Secret bytes;
  mode_t mode;  // 0..07777
};

// kGroupAndOthers are the permission bits that kOwnerOnly refuses.
inline constexpr mode_t kGroupAndOthers = 077;

// ReadSmallFile reads a regular file of at most max_bytes. Links are followed;
// what is checked is the file that was opened. Never waits for a pipe. The
// error's message is what was found, in a few words ("mode 0644", "a
// directory", "No such file or directory"), for SettingError::found.
absl::StatusOr<FileContents> ReadSmallFile(
    const std::string& path, size_t max_bytes, FilePrivacy privacy,
    const FileRoot& root = FileRoot::Own());

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_READ_FILE_H_
