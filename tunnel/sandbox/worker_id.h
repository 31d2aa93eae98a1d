// SPDX-License-Identifier: Apache-2.0
//
// Chooses the user and the group of the worker.

#ifndef OVOC_TUNNEL_SANDBOX_WORKER_ID_H_
#define OVOC_TUNNEL_SANDBOX_WORKER_ID_H_

#include <sys/types.h>

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

struct WorkerId {
  uid_t user;
  gid_t group;

  friend bool operator==(const WorkerId&, const WorkerId&) = default;
};

// The worker's user without --worker_uid, if that user exists.
inline constexpr char kWorkerUserName[] = "ovoc-tunnel";

// The worker's user otherwise. Nobody assigns this number. It is in
// 65520..65533, which systemd's UIDS-GIDS calls unused (61184..65519 are its
// dynamic users) and Debian reserves (Policy 9.2.2: 65000..65533). It is
// neither group 65533 of Alpine and Gentoo nor nobody (65534). It is below
// 65,536, so a container with that many IDs has it. It needs no entry in
// /etc/passwd.
inline constexpr WorkerId kDefaultWorkerId = {65526, 65526};

// FindUser finds a user by name in the text of /etc/passwd (passwd(5)). It
// skips malformed lines.
std::optional<WorkerId> FindUser(absl::string_view passwd,
                                 absl::string_view name);

// ChooseWorkerId returns the user for `wanted`, the value of --worker_uid. That
// is a number, which is then also the group's, or a name, or empty for the
// default. `passwd` and `uid_map` are the texts of /etc/passwd and
// /proc/self/uid_map (user_namespaces(7)). The error is InvalidArgument if
// there is no such user, or it is root, whose rights the worker must lose. Root
// is accepted in a user namespace that has no other user.
absl::StatusOr<WorkerId> ChooseWorkerId(absl::string_view wanted,
                                        absl::string_view passwd,
                                        absl::string_view uid_map);

// UnusableUser returns why kWorkerUserName cannot be used although `passwd`,
// the text of /etc/passwd, has it: the user is root, or the entry is malformed.
// It is one line for the log, with what to do. It is empty if there is no
// entry, or one that can be used.
std::string UnusableUser(absl::string_view passwd);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_WORKER_ID_H_
