// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_WORKER_ANSWERS_H_
#define OVOC_TUNNEL_KEEPER_WORKER_ANSWERS_H_

#include <functional>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "netif/interface_config.h"
#include "tunnel/config/settings_change.h"
#include "tunnel/config/tunnel_config.h"
#include "tunnel/keeper/decisions/message_budget.h"
#include "tunnel/keeper/messages/message.h"
#include "tunnel/keeper/socket_granter.h"
#include "tunnel/keeper/worker_process.h"

namespace ovoc::tunnel {

// An attempt needs one signature, or none if it resumes its session, and a
// worker makes only a few attempts a minute.
inline constexpr MessageBudget::Options kSignatureBudget = {.burst = 16,
                                                            .per_second = 0.5};

// AnswerSources has what is needed to answer a worker's requests.
struct AnswerSources {
  TunnelConfig* config;  // of the running worker; look_around refreshes it
  absl::string_view device_name;
  netif::InterfaceConfig* interface_config;
  const std::function<void(TunnelConfig*)>& look_around;
  SocketGranter* sockets;
  MessageBudget* signatures;  // kSignatureBudget
  absl::Time now;
};

// AnswerWorker does what a worker asks for and returns the answer, or nullopt
// if the message asks for nothing. It never sets an address that the settings
// do not allow (InvalidArgument), never looks at a server or makes a login that
// they do not have (InvalidArgument), and never makes a socket to an address
// that they do not allow (PermissionDenied). An honest worker does not get
// these errors, because it has checked the same. Only the keeper knows whether
// a name server or another interface has the address; the answer says so then.
absl::StatusOr<std::optional<KeeperMessage>> AnswerWorker(
    const WorkerMessage& message, const AnswerSources& sources);

// TellSettings tells `worker` the changed settings if they do not need a new
// worker. If `worker` is null there is none, and the next one begins with the
// new settings. Returns false if a new worker is needed, or this one cannot be
// told.
bool TellSettings(const SettingsChange& change, const Settings& settings,
                  WorkerProcess* worker);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_WORKER_ANSWERS_H_
