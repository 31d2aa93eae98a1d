// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_RUN_KEEPER_H_
#define OVOC_TUNNEL_RUN_KEEPER_H_

#include <string>

#include "netif/tun_device.h"
#include "tunnel/report/log.h"
#include "tunnel/sandbox/filter_violation.h"
#include "tunnel/sandbox/worker_id.h"
#include "tunnel/settings/security_policy.h"
#include "tunnel/told_run.h"

namespace ovoc::tunnel {

struct KeeperOptions {
  std::string settings;  // the path of the file
  Policy policy = Policy::kCompat;
  WorkerId id;  // of its workers
  LogLevel log_level = LogLevel::kInfo;
  netif::TunOffload tun_offload = netif::TunOffload::kTcpAndUdp;
  ViolationReport violation;
};

// RunKeeper is a run of the client: it gives up the machine's root and whatever
// else a keeper does without (ConfineKeeper), loads the settings and keeps the
// tunnel up until a signal ends it. SIGTERM, SIGINT and SIGQUIT end it in
// order, SIGHUP loads the settings again; they must be blocked
// (Signals::Block). Not to be followed by anything that needs what was given
// up.
Outcome RunKeeper(const KeeperOptions& options, const ToldRun& told);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_RUN_KEEPER_H_
