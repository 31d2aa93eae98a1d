// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_WORKER_PROCESS_H_
#define OVOC_TUNNEL_KEEPER_WORKER_PROCESS_H_

#include <sys/types.h>

#include <optional>

#include "tunnel/keeper/channel.h"

namespace ovoc::tunnel {

// WorkerProcess is a running worker, as its keeper sees it.
class WorkerProcess {
 public:
  virtual ~WorkerProcess() = default;

  virtual pid_t pid() const = 0;
  virtual Channel* channel() = 0;

  // Ends it at once (SIGKILL).
  virtual void Kill() = 0;

  // Returns its wait status (waitpid(2)) once it has ended, or kUnknownEnd.
  // Until this has returned a value, no other process has its pid.
  virtual std::optional<int> Ended() = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_WORKER_PROCESS_H_
