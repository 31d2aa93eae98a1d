// SPDX-License-Identifier: Apache-2.0
#include "tunnel/run_check.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tunnel/check.h"
#include "tunnel/check_advice.h"
#include "tunnel/event_loop.h"
#include "tunnel/exit_code.h"
#include "tunnel/insecure_surroundings.h"
#include "tunnel/sandbox/sandbox.h"
#include "tunnel/secure_random.h"
#include "tunnel/session/session_end.h"
#include "tunnel/transport/direct_socket_maker.h"
#include "tunnel/transport/socket_rule.h"
#include "tunnel/tunnel_config.h"

namespace ovoc::tunnel {
namespace {

Outcome Failed(ExitCode code, const absl::Status& why) {
  return {code, std::string(why.message())};
}

absl::Status Confine(const CheckOptions& options,
                     const SocketOptions& sockets) {
  const absl::StatusOr<SandboxReport> confined = ConfineAlone(
      {options.id, {sockets.server_port, sockets.dns_port}, options.violation});
  if (absl::IsUnavailable(confined.status())) {
    std::cerr << "client: not confined: " << confined.status().message()
              << "\n";
    return absl::OkStatus();
  }
  return confined.status();
}

}  // namespace

Outcome RunCheck(const CheckOptions& options, std::ostream* out) {
  const absl::StatusOr<std::unique_ptr<EventLoop>> loop = EventLoop::Create();
  if (!loop.ok()) {
    return Failed(ExitCode::kInternal, loop.status());
  }
  const absl::Status rights = TakeFileRightsOfKeeper(options.id);
  if (!rights.ok()) {
    return Failed(ExitCode::kSandbox, rights);
  }
  const absl::StatusOr<std::unique_ptr<TunnelConfig>> config =
      LoadTunnelConfig(options.settings, options.policy);
  if (!config.ok()) {
    return Failed(ExitCode::kSettings, config.status());
  }
  DirectSocketMaker direct(&(*config)->sockets);
  RuledSocketMaker ruled([&config] { return SocketRuleOf(**config); }, &direct);
  (*config)->attempt.sockets = &ruled;
  const std::vector<std::string> surroundings =
      InsecureSurroundings((*config)->settings.interface);
  const absl::Status confined = Confine(options, (*config)->sockets);
  if (!confined.ok()) {
    return Failed(ExitCode::kSandbox, confined);
  }
  Check check(loop->get(), config->get(), surroundings, out);
  const absl::StatusOr<End> end = check.Run(FillSecureRandom);
  if (!end.ok()) {
    return Failed(ExitCode::kInternal, end.status());
  }
  if (end->reason == EndReason::kClosedByUs) {
    return {ExitCode::kDone, {}};
  }
  const absl::string_view advice = CheckAdvice(*end, (*config)->settings);
  return {
      ExitCodeFor(end->reason),
      absl::StrCat("check failed: ", Word(end->reason), ": ",
                   end->detail.message(), advice.empty() ? "" : "; ", advice)};
}

}  // namespace ovoc::tunnel
