// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_RUN_KEEPER_H_
#define OVOC_TUNNEL_RUN_KEEPER_H_

#include <string>

#include "netif/tun_device.h"
#include "tunnel/report/log.h"
#include "tunnel/sandbox/filter_violation.h"
#include "tunnel/sandbox/worker_id.h"
#include "tunnel/settings/proxy_environment.h"
#include "tunnel/settings/security_policy.h"
#include "tunnel/told_run.h"

namespace ovoc::tunnel {

struct KeeperOptions {
  std::string settings;  // the path of the file
  Policy policy = Policy::kCompat;
  WorkerId id;  // the user of its workers
  LogLevel log_level = LogLevel::kInfo;
  netif::TunOffload tun_offload = netif::TunOffload::kTcpAndUdp;
  ViolationReport violation;
  // For WSTunProxy = environment; null: it has nothing. It outlives the run.
  ProxyEnvironment* environment = nullptr;
};

// RunKeeper runs the client. It gives up the machine's root and everything else
// that a keeper does not need (ConfineKeeper), loads the settings, and keeps
// the tunnel up until a signal ends it. SIGTERM, SIGINT and SIGQUIT end it in
// order, and SIGHUP loads the settings again. These signals must be blocked
// already (Signals::Block). Afterwards the process cannot do anything that
// needs what was given up.
Outcome RunKeeper(const KeeperOptions& options, const ToldRun& told);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_RUN_KEEPER_H_
