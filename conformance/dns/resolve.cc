// SPDX-License-Identifier: Apache-2.0
//
// resolve looks up one name with the client's resolver; see dns/README.md.
#include <cstdint>
#include <iostream>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "conformance/dns/lookup.h"
#include "conformance/dns/resolve_arguments.h"
#include "conformance/dns/resolve_report.h"
#include "netif/dns/resolver.h"
#include "netif/ip_address.h"
#include "netif/linux/socket_address.h"
#include "tunnel/system/flush_output.h"
#include "tunnel/system/secure_random.h"
#include "tunnel/transport/direct_socket_maker.h"
#include "tunnel/transport/dns_client.h"

namespace ovoc::conformance {
namespace {

int Fail(ResolveExit code, absl::string_view message) {
  std::cerr << "resolve: " << message << "\n";
  return static_cast<int>(code);
}

// A report that nobody got is none.
int Shown(ResolveExit code) {
  const absl::Status shown = tunnel::FlushOutput(&std::cout);
  if (shown.ok()) {
    return static_cast<int>(code);
  }
  return Fail(code == ResolveExit::kDone ? ResolveExit::kOutput : code,
              shown.message());
}

int Run(absl::Span<const char* const> arguments) {
  const absl::StatusOr<ResolveArguments> parsed =
      ParseResolveArguments(arguments);
  if (!parsed.ok()) {
    return Fail(ResolveExit::kUsage, parsed.status().message());
  }
  if (parsed->help) {
    std::cout << kResolveHelp;
    return Shown(ResolveExit::kDone);
  }
  tunnel::DnsClient::Options options;
  for (const netif::IpAddress& server : parsed->servers) {
    options.servers.push_back(netif::ResolveZone(server));
  }
  options.families = parsed->families;
  tunnel::SocketOptions socket_options;
  socket_options.dns_port = parsed->port;
  tunnel::DirectSocketMaker sockets(&socket_options);
  const absl::StatusOr<netif::ResolverResult> result =
      LookUp(options, &sockets, tunnel::FillSecureRandom, parsed->name);
  if (!result.ok()) {
    return Fail(ResolveExit::kInternal, result.status().message());
  }
  const ResolveReport report = ReportOf(*result);
  if (report.exit == ResolveExit::kUsage) {
    std::cerr << "resolve: " << report.text;
  } else {
    std::cout << report.text;
  }
  return Shown(report.exit);
}

}  // namespace
}  // namespace ovoc::conformance

int main(int argc, char** argv) {
  return ovoc::conformance::Run(
      absl::MakeConstSpan(argv, static_cast<size_t>(argc)));
}
