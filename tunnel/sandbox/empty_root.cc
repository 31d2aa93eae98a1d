// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/empty_root.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

// One of them can be written to on any Linux; the folder lives for an instant.
constexpr const char* kParents[] = {"/run", "/tmp", "/dev/shm"};

}  // namespace

absl::Status EnterEmptyRoot() {
  if (chdir("/") != 0) {
    return absl::ErrnoToStatus(errno, "chdir /");
  }
  for (const char* parent : kParents) {
    std::string folder = absl::StrCat(parent, "/ovoc-tunnel.XXXXXX");
    if (mkdtemp(folder.data()) == nullptr) {
      continue;
    }
    const int entered = chroot(folder.c_str());
    const int error = errno;
    // The path of before chroot, seen from the working folder.
    rmdir(folder.c_str() + 1);
    if (entered != 0) {
      return absl::Status(
          absl::ErrnoToStatusCode(error),
          absl::StrCat("cannot chroot into an empty folder: ", strerror(error),
                       error == EPERM
                           ? " (this needs CAP_SYS_CHROOT); start the client "
                             "as root, or with the capabilities in "
                             "SANDBOXING.md"
                           : ""));
    }
    return absl::OkStatus();
  }
  return absl::UnavailableError(
      "cannot make an empty folder in /run, /tmp or /dev/shm for chroot; make "
      "one of them writable");
}

absl::Status LeaveFiles() {
  return chdir("/") == 0 ? absl::OkStatus()
                         : absl::ErrnoToStatus(errno, "chdir");
}

}  // namespace ovoc::tunnel
