// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SANDBOX_FILE_ROOT_H_
#define OVOC_TUNNEL_SANDBOX_FILE_ROOT_H_

#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// FileRoot says where paths begin: at the root of the process, as usual, or at
// its working folder if its root is empty (see EnterEmptyRoot).
class FileRoot {
 public:
  // Paths are used as they are.
  static FileRoot Own() { return FileRoot(""); }

  // The working folder is the machine's root, whatever the root of the process
  // is. Relative paths begin at the absolute path `start`.
  static FileRoot WorkingFolder(absl::string_view start) {
    return FileRoot(start);
  }

  // Returns the path for a system call. With WorkingFolder it has no leading
  // slash. System calls do not follow links with an absolute target there.
  std::string Path(absl::string_view path) const;

  // Calls open(2) for reading, with `flags` added. It follows links. If
  // openat2(2) is missing or refused, it does not follow links with an absolute
  // target. On an error it returns -1 and sets errno, as open does.
  int Open(absl::string_view path, int flags) const;

 private:
  explicit FileRoot(absl::string_view start) : start_(start) {}

  std::string start_;  // empty for Own
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_FILE_ROOT_H_
