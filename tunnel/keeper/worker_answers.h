// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_WORKER_ANSWERS_H_
#define OVOC_TUNNEL_KEEPER_WORKER_ANSWERS_H_

#include <functional>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "netif/interface_config.h"
#include "tunnel/keeper/message.h"
#include "tunnel/keeper/message_budget.h"
#include "tunnel/keeper/socket_granter.h"
#include "tunnel/keeper/worker_process.h"
#include "tunnel/settings_change.h"
#include "tunnel/tunnel_config.h"

namespace ovoc::tunnel {

// An attempt takes one signature, and none when it resumes its session; a
// worker makes few attempts a minute.
inline constexpr MessageBudget::Options kSignatureBudget = {.burst = 16,
                                                            .per_second = 0.5};

// What a worker's requests are answered from.
struct AnswerSources {
  TunnelConfig* config;  // of the running worker; looked around for
  absl::string_view device_name;
  netif::InterfaceConfig* interface_config;
  const std::function<void(TunnelConfig*)>& look_around;
  SocketGranter* sockets;
  MessageBudget* signatures;  // kSignatureBudget
  absl::Time now;
};

// AnswerWorker does what a worker asks for and gives the answer; nullopt when
// the message asks for nothing. An address that the settings do not allow is
// set by no means (InvalidArgument), nor is a socket to another end made
// (PermissionDenied): no honest worker gets these, for it has checked the same.
// An address that a name server or another interface has is an answer that says
// so: only the keeper can know.
absl::StatusOr<std::optional<KeeperMessage>> AnswerWorker(
    const WorkerMessage& message, const AnswerSources& sources);

// TellSettings has the worker go on with changed settings, if no other one is
// needed for them. Null: there is none, and the next one begins with them.
// False: another worker is needed, or this one cannot be told.
bool TellSettings(const SettingsChange& change, const Settings& settings,
                  WorkerProcess* worker);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_WORKER_ANSWERS_H_
