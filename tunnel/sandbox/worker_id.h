// SPDX-License-Identifier: Apache-2.0
//
// Which user and group the worker has.

#ifndef OVOC_TUNNEL_SANDBOX_WORKER_ID_H_
#define OVOC_TUNNEL_SANDBOX_WORKER_ID_H_

#include <sys/types.h>

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

struct WorkerId {
  uid_t user;
  gid_t group;

  friend bool operator==(const WorkerId&, const WorkerId&) = default;
};

// The worker's user when --worker_uid says nothing, if there is one.
inline constexpr char kWorkerUserName[] = "ovoc-tunnel";

// And where there is none: a number that nobody gives to anybody. It lies in
// 65520..65533, which systemd's UIDS-GIDS calls unused (61184..65519 are its
// dynamic users) and Debian (Policy 9.2.2: 65000..65533) keeps reserved; it is
// neither Alpine's and Gentoo's group 65533 nor nobody (65534), and below
// 65,536, so that a container with as many ids has it. No entry in /etc/passwd
// is needed.
inline constexpr WorkerId kDefaultWorkerId = {65526, 65526};

// Finds a user by name in the text of /etc/passwd (passwd(5)). Lines that are
// none are passed over.
std::optional<WorkerId> FindUser(absl::string_view passwd,
                                 absl::string_view name);

// ChooseWorkerId is the user that `wanted` (--worker_uid: a number, which is
// the group's as well, or a name; empty: the default) stands for. `passwd` and
// `uid_map` are the texts of /etc/passwd and /proc/self/uid_map
// (user_namespaces(7)). InvalidArgument says what is wrong and what is
// allowed: a name that is there, and never 0, whose rights the worker is to
// lose, but in a user namespace that has no other user.
absl::StatusOr<WorkerId> ChooseWorkerId(absl::string_view wanted,
                                        absl::string_view passwd,
                                        absl::string_view uid_map);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SANDBOX_WORKER_ID_H_
