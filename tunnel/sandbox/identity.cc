// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/identity.h"

#include <errno.h>
#include <grp.h>
#include <string.h>
#include <unistd.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

constexpr uid_t kSame = static_cast<uid_t>(-1);

absl::Status Failure(const char* call, uid_t id) {
  const int error = errno;
  const char* remedy =
      error == EPERM
          ? " (this needs CAP_SETUID and CAP_SETGID); start the client as "
            "root, or give --worker_uid the user that the client runs as"
      : error == EINVAL
          ? " (this user namespace does not have it); choose another user with "
            "--worker_uid"
          : "";
  return absl::Status(absl::ErrnoToStatusCode(error),
                      absl::StrCat(call, " for the worker's user ", id, ": ",
                                   strerror(error), remedy));
}

}  // namespace

absl::Status ReserveWorkerId(const WorkerId& id) {
  if (geteuid() == id.user) {
    return absl::OkStatus();
  }
  if (setresgid(id.group, kSame, kSame) != 0) {
    return Failure("setresgid", id.group);
  }
  // Where groups cannot be set at all (setgroups is "deny" in an unprivileged
  // user namespace, user_namespaces(7)), there are none worth dropping.
  if (getgroups(0, nullptr) != 0 && setgroups(0, nullptr) != 0) {
    return Failure("setgroups", id.user);
  }
  return setresuid(id.user, kSame, kSame) == 0 ? absl::OkStatus()
                                               : Failure("setresuid", id.user);
}

absl::Status BecomeWorker(const WorkerId& id) {
  if (setresgid(id.group, id.group, id.group) != 0) {
    return Failure("setresgid", id.group);
  }
  return setresuid(id.user, id.user, id.user) == 0
             ? absl::OkStatus()
             : Failure("setresuid", id.user);
}

}  // namespace ovoc::tunnel
