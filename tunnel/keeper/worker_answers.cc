// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/worker_answers.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "auth/basic_credentials.h"
#include "netif/ip_address.h"
#include "netif/overlay.h"
#include "netif/overlay_assignment.h"
#include "tunnel/attempt/attempt.h"
#include "tunnel/settings/tuning.h"

namespace ovoc::tunnel {
namespace {

absl::StatusOr<std::optional<KeeperMessage>> Set(const SetAddress& request,
                                                 const AnswerSources& sources) {
  const Attempt::Options& attempt = sources.config->attempt;
  const absl::Status allowed =
      netif::CheckNarrowedOverlay(request.overlay, attempt.session.overlay);
  if (!allowed.ok()) {
    return allowed;
  }
  const netif::Overlay overlay(
      {.address = request.overlay.address(),
       .prefix_length = request.overlay.length(),
       .ovoc_address = attempt.session.overlay.ovoc_address,
       .left_out = OffOverlay(attempt)});
  if (overlay.LeavesOut(overlay.address())) {
    return KeeperMessage(AddressSet{absl::AlreadyExistsError(
        absl::StrCat("the overlay address ", overlay.address().ToString(),
                     " is that of a name server or of the server itself"))});
  }
  return KeeperMessage(AddressSet{sources.interface_config->Configure(
      sources.device_name, overlay, sources.config->settings.mtu)});
}

// An honest worker has read the same settings.
absl::StatusOr<std::optional<KeeperMessage>> LookAround(
    const AskSurroundings& request, const AnswerSources& sources) {
  TunnelConfig& config = *sources.config;
  const bool is_proxy = request.server == kProxyPlace;
  if (is_proxy ? !config.proxy.has_value()
               : request.server >= config.settings.servers.size()) {
    return absl::InvalidArgumentError(
        "the worker asks about a server that the settings do not have");
  }
  sources.look_around(&config);
  if (is_proxy) {
    return KeeperMessage(Surroundings{config.attempt.dns.servers,
                                      config.sockets.vrf,
                                      config.proxy->hop.known});
  }
  return KeeperMessage(Surroundings{
      config.attempt.dns.servers, config.sockets.vrf,
      request.server < config.known.size() ? config.known[request.server]
                                           : std::vector<netif::IpAddress>()});
}

// An honest worker knows whether the proxy has a login.
absl::StatusOr<std::optional<KeeperMessage>> LogIn(LoginOf whose,
                                                   const TunnelConfig& config) {
  const auth::BasicCredentials* const login =
      whose == LoginOf::kProxy ? config.proxy_credentials.get()
                               : config.credentials.get();
  if (login == nullptr) {
    return absl::InvalidArgumentError(
        "the worker asks for a login that the settings do not have");
  }
  return KeeperMessage(Authorization{login->AuthorizationValue()});
}

// PermissionDenied, which no honest worker gets, ends it.
absl::StatusOr<std::optional<KeeperMessage>> SignFor(
    const SignatureRequest& request, const AnswerSources& sources) {
  if (sources.config->signing_key == nullptr) {
    return absl::PermissionDeniedError("there is no key to sign with");
  }
  if (!sources.signatures->Take(sources.now)) {
    return KeeperMessage(SignatureMade{
        absl::ResourceExhaustedError("too many signatures in a short time"),
        ""});
  }
  absl::StatusOr<std::string> signature =
      sources.config->signing_key->Sign(request);
  if (absl::IsPermissionDenied(signature.status())) {
    return signature.status();
  }
  return KeeperMessage(
      SignatureMade{signature.status(), signature.value_or("")});
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
  if (const auto* ask = std::get_if<AskSignature>(&message)) {
    return SignFor(ask->request, sources);
  }
  if (const auto* ask = std::get_if<AskSurroundings>(&message)) {
    return LookAround(*ask, sources);
  }
  if (const auto* ask = std::get_if<AskAuthorization>(&message)) {
    return LogIn(ask->whose, *sources.config);
  }
  return std::nullopt;
}

bool TellSettings(const SettingsChange& change, const Settings& settings,
                  WorkerProcess* worker) {
  switch (change.takeover) {
    case Takeover::kNothing:
    case Takeover::kNextLookup:
    case Takeover::kNextLogin:
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
