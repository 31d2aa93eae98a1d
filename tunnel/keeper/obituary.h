// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_OBITUARY_H_
#define OVOC_TUNNEL_KEEPER_OBITUARY_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "tunnel/exit_code.h"

namespace ovoc::tunnel {

// EndedWith: `wait_status` is that of an exit with `code`.
bool EndedWith(int wait_status, ExitCode code);

// Obituary says what a worker died of, for log and status: `refusal`, the rule
// that it broke, when its keeper killed it for one (empty: none); its signal;
// the system call that its filter stopped, by its own account if it gave one;
// its exit code. `wait_status` is that of waitpid(2).
std::string Obituary(int wait_status, absl::string_view refusal,
                     std::optional<int> violation);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_OBITUARY_H_
