// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/worker_answers.h"

#include <utility>
#include <variant>

#include "auth/overlay_assignment.h"
#include "netif/ip_address.h"
#include "tunnel/tuning.h"

namespace ovoc::tunnel {
namespace {

absl::StatusOr<std::optional<KeeperMessage>> Set(const SetAddress& request,
                                                 const AnswerSources& sources) {
  const absl::Status allowed = auth::CheckOverlayAssignment(
      request.overlay, sources.config->attempt.session.overlay);
  if (!allowed.ok()) {
    return allowed;
  }
  return KeeperMessage(AddressSet{sources.interface_config->Configure(
      sources.device_name,
      netif::Ipv4Address::FromHostOrder(request.overlay.address),
      request.overlay.prefix_length, sources.config->settings.mtu)});
}

}  // namespace

absl::StatusOr<std::optional<KeeperMessage>> AnswerWorker(
    const WorkerMessage& message, const AnswerSources& sources) {
  if (const auto* set = std::get_if<SetAddress>(&message)) {
    return Set(*set, sources);
  }
  if (const auto* ask = std::get_if<AskSocket>(&message)) {
    absl::StatusOr<SocketMade> made =
        sources.sockets->Grant(ask->request, *sources.config, sources.now);
    if (!made.ok()) {
      return made.status();
    }
    return KeeperMessage(*std::move(made));
  }
  if (std::holds_alternative<AskSurroundings>(message)) {
    sources.look_around(sources.config);
    return KeeperMessage(
        Surroundings{sources.config->attempt.dns.servers, sources.config->vrf});
  }
  if (std::holds_alternative<AskAuthorization>(message)) {
    return KeeperMessage(
        Authorization{sources.config->credentials->AuthorizationValue()});
  }
  return std::nullopt;
}

bool TellSettings(const SettingsChange& change, const Settings& settings,
                  WorkerProcess* worker) {
  switch (change.takeover) {
    case Takeover::kNothing:
    case Takeover::kNextUse:
      return true;
    case Takeover::kTellWorker:
      return worker == nullptr ||
             worker->channel()
                 ->Send(KeeperMessage(Tune{TuningOf(settings)}),
                        Channel::Wait::kNo)
                 .ok();
    case Takeover::kNewWorker:
      break;
  }
  return false;
}

}  // namespace ovoc::tunnel
