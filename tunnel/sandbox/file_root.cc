// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/file_root.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

// openat2(2) is of Linux 5.6. Container runtimes that do not know it say EPERM
// or ENOSYS; what it does not understand is E2BIG, EINVAL or EOPNOTSUPP. If the
// file itself was the reason, open(2) says so again.
bool IsUnavailable(int error) {
  return error == ENOSYS || error == EPERM || error == EOPNOTSUPP ||
         error == E2BIG || error == EINVAL;
}

}  // namespace

std::string FileRoot::Path(absl::string_view path) const {
  if (start_.empty()) {
    return std::string(path);
  }
  std::string whole = absl::StartsWith(path, "/")
                          ? std::string(path)
                          : absl::StrCat(start_, "/", path);
  whole.erase(0, whole.find_first_not_of('/'));
  return whole.empty() ? "." : whole;
}

int FileRoot::Open(absl::string_view path, int flags) const {
  const std::string whole = Path(path);
  if (start_.empty()) {
    return open(whole.c_str(), O_RDONLY | flags);
  }
  open_how how = {};
  how.flags = static_cast<uint64_t>(O_RDONLY | flags);
  how.resolve = RESOLVE_IN_ROOT;
  const long fd =
      syscall(SYS_openat2, AT_FDCWD, whole.c_str(), &how, sizeof(how));
  if (fd < 0 && IsUnavailable(errno)) {
    return open(whole.c_str(), O_RDONLY | flags);
  }
  return static_cast<int>(fd);
}

}  // namespace ovoc::tunnel
