// SPDX-License-Identifier: Apache-2.0
//
// Prints four lines: a status in which everything is known, which has the
// examples of docs/status.md; one in which nothing is; one in which nothing is
// known of what there is; and one with each counter that there is.

#include <iostream>

#include "absl/time/time.h"
#include "auth/certificate_summary.h"
#include "tunnel/report/content/status.h"
#include "tunnel/report/content/worker_sums.h"

namespace ovoc::tunnel {
namespace {

auth::CertificateSummary Device(absl::Time started) {
  auth::CertificateSummary certificate;
  certificate.subject = "CN=sbc-7,O=Example";
  certificate.issuer = "CN=Example device CA,O=Example";
  certificate.names = {"sbc-7.example.net"};
  certificate.names_left_out = 0;
  certificate.not_before = started - absl::Hours(24 * 335);
  certificate.not_after = started + absl::Hours(24 * 30);
  certificate.sha256.fill(0xc7);
  return certificate;
}

ServerIdentity Server(absl::Time started) {
  ServerIdentity server;
  server.version = "TLSv1.3";
  server.cipher = "TLS_AES_256_GCM_SHA384";
  server.group = "X25519";
  server.resumed = true;
  server.verified = true;
  server.certificate.subject = "CN=ovoc.example.net,O=Example";
  server.certificate.issuer = "CN=Example CA,O=Example";
  server.certificate.names = {"ovoc.example.net", "192.0.2.1"};
  server.certificate.names_left_out = 0;
  server.certificate.not_before = started - absl::Hours(48);
  server.certificate.not_after = started + absl::Hours(24 * 90);
  server.certificate.sha256.fill(0xa5);
  server.chain_not_after = started + absl::Hours(24 * 60);
  return server;
}

Status WholeStatus() {
  const absl::Time started = absl::FromUnixSeconds(1795399200);
  Status status;
  status.state = TunnelState::kWaiting;
  status.reason = "dead_peer";
  status.detail =
      "nothing came from the server for 1m, not even answers to pings";
  status.remedy = "check the uplink and OVOC";
  status.version = "1.0.0";
  status.policy = "compat";
  status.server = "ovoc.example.net";
  status.servers = {"ovoc.example.net", "ovoc2.example.net"};
  status.server_address = "192.0.2.8:3128";
  status.proxy = "proxy.example.net:3128";
  status.interface = "ovoc0";
  status.overlay_address = "169.254.0.2/32";
  status.insecure = {"WSTunVerifyPeer=0"};
  status.reload_refused = "/etc/ovoc-tunnel.ini:1: WSTunServer: it is missing";
  status.client_certificate = Device(started);
  status.certificate_checked_at = started - absl::Hours(24);
  status.next_attempt = started + absl::Seconds(7265);
  status.server_identity = Server(started);
  status.round_trip = {absl::Microseconds(23500), absl::Microseconds(21125),
                       absl::Microseconds(24008)};
  status.ends = {{"dead_peer", 2}};
  status.counters = {{"packets_in", 1234}};
  status.log_lines_dropped = 3;
  status.events.push_back({started + absl::Milliseconds(7200500),
                           LogLevel::kError, "tunnel_down",
                           "from=worker reason=dead_peer"});
  status.started = started;
  status.uptime = absl::Seconds(7260);
  status.state_since = started + absl::Milliseconds(7200500);
  status.updated = started + absl::Seconds(7260);
  status.pid = 4242;
  status.exit_code = 0;
  return status;
}

// Whatever can be there is there, and nothing is known of it.
Status HollowStatus() {
  Status status;
  status.client_certificate.emplace();
  status.server_identity.emplace();
  status.round_trip.emplace();
  status.events.push_back({absl::UnixEpoch(), LogLevel::kInfo, "", ""});
  return status;
}

// The last two are the publisher's own.
Status StatusWithAllCounters() {
  Progress progress;
  progress.totals.fill(1);
  WorkerSums sums;
  sums.Take(progress);
  Status status;
  status.counters = sums.Counters();
  status.counters["log_lines_dropped"] = 1;
  status.counters["worker_log_lines_dropped"] = 1;
  return status;
}

}  // namespace
}  // namespace ovoc::tunnel

int main() {
  std::cout << ovoc::tunnel::StatusJson(ovoc::tunnel::WholeStatus())
            << ovoc::tunnel::StatusJson(ovoc::tunnel::Status())
            << ovoc::tunnel::StatusJson(ovoc::tunnel::HollowStatus())
            << ovoc::tunnel::StatusJson(ovoc::tunnel::StatusWithAllCounters());
  return std::cout.flush() ? 0 : 1;
}
