// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_WORKER_H_
#define OVOC_TUNNEL_KEEPER_WORKER_H_

#include <sys/types.h>

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "netif/tun_device.h"
#include "tunnel/config/tunnel_config.h"
#include "tunnel/keeper/channel.h"
#include "tunnel/keeper/worker_process.h"
#include "tunnel/report/log.h"
#include "tunnel/sandbox/worker_id.h"

namespace ovoc::tunnel {

// WorkerOptions is what a worker is started with.
struct WorkerOptions {
  WorkerId id;  // as given to ConfineKeeper
  LogLevel log_level = LogLevel::kInfo;
  absl::Duration refresh_period = absl::Seconds(5);  // see TunnelClient
  // Wipes what else of the keeper's a worker must not have; may be empty.
  std::function<void()> forget = {};
};

// StartWorker forks the worker, a child of this confined keeper. The child
// keeps two descriptors, its channel and the device's. It wipes the password
// that it inherited, confines itself (ConfineWorker), and runs a TunnelClient
// with `config`. It ends with an ExitCode, which is kInterface if the device is
// gone.
absl::StatusOr<std::unique_ptr<WorkerProcess>> StartWorker(
    const WorkerOptions& options, TunnelConfig* config,
    const netif::TunDevice& device);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_WORKER_H_
