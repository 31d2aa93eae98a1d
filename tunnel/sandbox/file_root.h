// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SANDBOX_FILE_ROOT_H_
#define OVOC_TUNNEL_SANDBOX_FILE_ROOT_H_

#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// FileRoot is where paths begin: at the process's root, as usual, or at its
// working folder, for a process whose root is empty (see EnterEmptyRoot).
class FileRoot {
 public:
  // Paths as they are.
  static FileRoot Own() { return FileRoot(""); }

  // The working folder is the machine's root, whatever the process's is.
  // Relative paths begin at the absolute path `start`.
  static FileRoot WorkingFolder(absl::string_view start) {
    return FileRoot(start);
  }

  // The path for system calls that take one; with WorkingFolder it has no
  // leading slash. Links with an absolute target are not followed by those.
  std::string Path(absl::string_view path) const;

  // open(2) for reading, with `flags` added; links are followed, but where
  // openat2(2) is missing or refused not those with an absolute target. -1 and
  // errno like open.
  int Open(absl::string_view path, int flags) const;

 private:
  explicit FileRoot(absl::string_view start) : start_(start) {}

  std::string start_;  // empty for Own
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_FILE_ROOT_H_
