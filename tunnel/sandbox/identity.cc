// SPDX-License-Identifier: Apache-2.0
#include "tunnel/sandbox/identity.h"

#include <errno.h>
#include <grp.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

constexpr uid_t kSame = static_cast<uid_t>(-1);

absl::Status Failure(const char* call, uid_t id) {
  const int error = errno;
  const char* remedy =
      error == EPERM
          ? "; this needs CAP_SETUID and CAP_SETGID, or --worker_uid with the "
            "user that the client runs as"
      : error == EINVAL
          ? "; this user namespace does not know it, choose another with "
            "--worker_uid"
          : "";
  return absl::ErrnoToStatus(
      error, absl::StrCat(call, " for the worker's user ", id, remedy));
}

}  // namespace

absl::Status ReserveWorkerId(uid_t id) {
  if (geteuid() == id) {
    return absl::OkStatus();
  }
  if (setresgid(id, kSame, kSame) != 0) {
    return Failure("setresgid", id);
  }
  // Where groups cannot be set at all (setgroups is "deny" in an unprivileged
  // user namespace, user_namespaces(7)), there are none worth dropping.
  if (getgroups(0, nullptr) != 0 && setgroups(0, nullptr) != 0) {
    return Failure("setgroups", id);
  }
  return setresuid(id, kSame, kSame) == 0 ? absl::OkStatus()
                                          : Failure("setresuid", id);
}

absl::Status BecomeWorker(uid_t id) {
  if (setresgid(id, id, id) != 0) {
    return Failure("setresgid", id);
  }
  return setresuid(id, id, id) == 0 ? absl::OkStatus()
                                    : Failure("setresuid", id);
}

}  // namespace ovoc::tunnel
