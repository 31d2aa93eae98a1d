// SPDX-License-Identifier: Apache-2.0
#include "tunnel/run_check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "netif/linux/device_networks.h"
#include "tunnel/check/check.h"
#include "tunnel/check/check_report.h"
#include "tunnel/check/findings/check_facts.h"
#include "tunnel/check/findings/expiry.h"
#include "tunnel/check/findings/overlay_conflicts.h"
#include "tunnel/command_line/exit_code.h"
#include "tunnel/command_line/version.h"
#include "tunnel/config/tunnel_config.h"
#include "tunnel/config/tunnel_sockets.h"
#include "tunnel/progress/remedy.h"
#include "tunnel/sandbox/file_root.h"
#include "tunnel/sandbox/sandbox.h"
#include "tunnel/session/session_end.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/system/insecure_surroundings.h"
#include "tunnel/system/secure_random.h"
#include "tunnel/transport/decisions/socket_rule.h"
#include "tunnel/transport/direct_socket_maker.h"

namespace ovoc::tunnel {
namespace {

Outcome Failed(ExitCode code, const absl::Status& why) {
  return {code, std::string(why.message())};
}

absl::Status Confine(const CheckOptions& options,
                     const SocketOptions& sockets) {
  std::vector<uint16_t> ports = {sockets.server_port, sockets.dns_port};
  if (sockets.proxy_port != 0) {
    ports.push_back(sockets.proxy_port);
  }
  const absl::StatusOr<SandboxReport> confined =
      ConfineAlone({options.id, std::move(ports), options.violation});
  if (absl::IsUnavailable(confined.status())) {
    std::cerr << "client: not confined: " << confined.status().message()
              << "\n";
    return absl::OkStatus();
  }
  return confined.status();
}

void AddFailure(const End& end, const TunnelConfig& config, CheckFacts* facts) {
  facts->reason = std::string(Word(end.reason));
  facts->detail = std::string(end.detail.message());
  facts->remedy = Remedy(end, config.settings, config.attempt.server);
}

std::string Failure(const CheckFacts& facts) {
  return absl::StrCat(facts.reason, ": ", facts.detail);
}

// Details and remedies have semicolons: the words say where it begins.
std::string WhatToDo(const CheckFacts& facts) {
  return facts.remedy.empty() ? ""
                              : absl::StrCat("; what to do: ", facts.remedy);
}

// To be called while this process may still ask the kernel. What it does not
// tell is no reason to end.
std::vector<std::string> FindConflicts(const TunnelConfig& config) {
  const absl::StatusOr<std::vector<netif::DeviceNetworks>> devices =
      netif::ListDeviceNetworks();
  return devices.ok() ? OverlayConflicts(*devices, config.settings.interface,
                                         config.settings.overlay)
                      : std::vector<std::string>();
}

// What holds for all servers. A warning of ours is one for the text as well.
void BeginReport(absl::Span<const std::string> surroundings,
                 absl::Span<const std::string> conflicts, TunnelConfig* config,
                 CheckReport* report) {
  for (const InsecureSetting& setting : config->insecure) {
    report->insecure.push_back(absl::StrCat(setting.name, "=", setting.value));
  }
  report->insecure.insert(report->insecure.end(), surroundings.begin(),
                          surroundings.end());
  for (const std::string& warning : config->warnings) {
    report->warnings.push_back({"settings", warning});
  }
  for (const std::string& conflict : conflicts) {
    report->warnings.push_back({"overlay_conflict", conflict});
    config->warnings.push_back(conflict);
  }
  if (config->tls == nullptr || config->tls->own_chain().empty()) {
    return;
  }
  report->client_certificate = config->tls->own_chain().front();
  // A clock from before this release is wrong for certain.
  for (const std::string& expiry : OwnExpiryWarnings(
           config->tls->own_chain(),
           std::max(absl::Now(), absl::FromUnixSeconds(kReleaseUnixSeconds)))) {
    report->warnings.push_back({"client_certificate_expiry", expiry});
    config->warnings.push_back(expiry);
  }
}

void Print(absl::string_view step, absl::string_view seen, std::ostream* out) {
  *out << absl::StreamFormat("%-12s %s\n", step, seen);
}

// One server. What is said once is said with the first.
absl::StatusOr<End> CheckOne(EventLoop* loop, size_t place,
                             absl::Span<const std::string> surroundings,
                             TunnelConfig* config, std::ostream* out,
                             CheckReport* report) {
  if (place > 0) {
    config->insecure.clear();
    config->warnings.clear();
    surroundings = {};
  }
  SelectServer(place, config);
  Check check(loop, config, surroundings, out);
  absl::StatusOr<End> end = check.Run(FillSecureRandom);
  report->servers.push_back(check.facts());
  if (end.ok() && end->reason != EndReason::kClosedByUs) {
    AddFailure(*end, *config, &report->servers.back());
  }
  return end;
}

// All servers, in their order. One that works is enough for a tunnel; if none
// does, the outcome is that of the first.
Outcome CheckServers(EventLoop* loop,
                     absl::Span<const std::string> surroundings,
                     TunnelConfig* config, std::ostream* out,
                     CheckReport* report) {
  const std::vector<ServerHost>& servers = config->settings.servers;
  const bool several = servers.size() > 1;
  std::string& in_use = report->server;
  Outcome outcome = {ExitCode::kDone, {}};
  for (size_t i = 0; i < servers.size(); ++i) {
    const std::string& name = servers[i].name;
    if (several) {
      Print("server",
            absl::StrCat(name, " (", i + 1, " of ", servers.size(), ")"), out);
    }
    const absl::StatusOr<End> end =
        CheckOne(loop, i, surroundings, config, out, report);
    if (!end.ok()) {
      return Failed(ExitCode::kInternal, end.status());
    }
    if (end->reason == EndReason::kClosedByUs) {
      in_use = in_use.empty() ? name : in_use;
      continue;
    }
    const CheckFacts& facts = report->servers.back();
    const std::string failure = Failure(facts);
    if (several) {
      Print("failed", failure, out);
      Print("what to do", facts.remedy, out);
    }
    if (i == 0) {
      outcome = {ExitCodeFor(end->reason),
                 absl::StrCat("check failed: ", several ? name + ": " : "",
                              failure, WhatToDo(facts))};
    }
  }
  if (several && !in_use.empty()) {
    Print("in use", absl::StrCat(in_use, ", the first server that works"), out);
  }
  return in_use.empty() ? outcome : Outcome{ExitCode::kDone, {}};
}

Outcome MakeCheck(const CheckOptions& options, std::ostream* out,
                  CheckReport* report) {
  const absl::StatusOr<std::unique_ptr<EventLoop>> loop = EventLoop::Create();
  if (!loop.ok()) {
    return Failed(ExitCode::kInternal, loop.status());
  }
  const absl::Status rights = TakeFileRightsOfKeeper(options.id);
  if (!rights.ok()) {
    return Failed(ExitCode::kSandbox, rights);
  }
  const ProxyEnvironment none;
  const absl::StatusOr<std::unique_ptr<TunnelConfig>> config = LoadTunnelConfig(
      options.settings, options.policy, FileRoot::Own(),
      options.environment == nullptr ? none : *options.environment);
  if (!config.ok()) {
    return Failed(ExitCode::kSettings, config.status());
  }
  DirectSocketMaker direct(&(*config)->sockets);
  RuledSocketMaker ruled([&config] { return AttemptSocketRules(**config); },
                         &direct);
  (*config)->attempt.sockets = &ruled;
  const std::vector<std::string> surroundings =
      InsecureSurroundings((*config)->settings.interface);
  const std::vector<std::string> conflicts = FindConflicts(**config);
  const absl::Status confined = Confine(options, (*config)->sockets);
  if (!confined.ok()) {
    return Failed(ExitCode::kSandbox, confined);
  }
  BeginReport(surroundings, conflicts, config->get(), report);
  return CheckServers(loop->get(), surroundings, config->get(), out, report);
}

// With the outcome: why no server gives a tunnel, or why none was tried.
void EndReport(const Outcome& outcome, CheckReport* report) {
  report->exit_code = static_cast<int>(outcome.code);
  report->version = kVersion;
  if (outcome.code == ExitCode::kDone) {
    return;
  }
  if (report->servers.empty() || report->servers.front().reason.empty()) {
    report->reason = std::string(Word(outcome.code));
    report->detail = outcome.why;
    return;
  }
  const CheckFacts& first = report->servers.front();
  report->reason = first.reason;
  report->detail = first.detail;
  report->remedy = first.remedy;
}

}  // namespace

Outcome RunCheck(const CheckOptions& options, std::ostream* out) {
  CheckReport report;
  if (options.form == CheckForm::kText) {
    return MakeCheck(options, out, &report);
  }
  std::ostream nowhere(nullptr);
  const Outcome outcome = MakeCheck(options, &nowhere, &report);
  EndReport(outcome, &report);
  *out << CheckReportJson(report);
  return outcome;
}

}  // namespace ovoc::tunnel
