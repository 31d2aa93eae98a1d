// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_CHECK_CHECK_H_
#define OVOC_TUNNEL_CHECK_CHECK_H_

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/certificate_summary.h"
#include "auth/certificate_verifier.h"
#include "netif/icmp_echo.h"
#include "netif/ip_address.h"
#include "tunnel/attempt/attempt.h"
#include "tunnel/check/findings/check_facts.h"
#include "tunnel/check/findings/path_probe.h"
#include "tunnel/config/tunnel_config.h"
#include "tunnel/session/session.h"
#include "tunnel/session/session_end.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::tunnel {

// Check makes one attempt without a TUN device (client --check). It looks up
// the server, connects, verifies and logs in. Inside of the session it asks
// OVOC for echoes (PathProbe) and compares the clocks. Then it closes with code
// 1000. For each step it prints a line with what it saw and how long it took.
// What is found after the login is a warning and no failure. It needs no
// privileges.
class Check : private Attempt::Observer, private Session::Sink {
 public:
  // The report goes to `out`. `surroundings` are InsecureSurroundings. All
  // arguments must outlive the check.
  Check(EventLoop* loop, const TunnelConfig* config,
        absl::Span<const std::string> surroundings, std::ostream* out)
      : loop_(loop), config_(config), surroundings_(surroundings), out_(out) {}
  Check(const Check&) = delete;
  Check& operator=(const Check&) = delete;

  // Returns how the attempt ended. kClosedByUs after a login is a success, and
  // so is a tunnel that ends while the echoes are being sent: there is a
  // warning of that.
  absl::StatusOr<End> Run(const Session::RandomBytes& random);

  // What it saw, after Run.
  const CheckFacts& facts() const { return facts_; }

 private:
  void OnHop(const Hop& hop, const absl::Status& why) override;
  void OnResolving() override;
  void OnResolved(absl::Span<const netif::IpAddress> addresses) override;
  void OnConnecting(const netif::IpAddress& address) override;
  void OnConnected(const netif::IpAddress& address,
                   absl::Duration took) override;
  void OnProxyOpen() override;
  void OnSecured(const TlsClientTransport* tls) override;
  void OnEnd(const End& end) override { end_ = end; }
  void OnOpen(const netif::Ipv4Prefix& overlay) override;
  void OnPacket(absl::Span<const uint8_t> packet) override;

  void OnTurn(Attempt* attempt, const Session::RandomBytes& random);
  void SendEchoes(Attempt* attempt, absl::Time now);
  void ReportPath();
  void CompareClocks(const Session& session);
  void OnVerdict(const auth::CertificateVerifier::Verdict& verdict);
  void WarnOfExpiry(absl::string_view whose,
                    const auth::CertificateSummary& certificate,
                    absl::Time now);
  End Judge(const End& end);

  void PrintWarnings();
  void Warn(absl::string_view name, absl::string_view text);
  // Prints one line: the step, what was seen, and the time since the last step.
  void Print(absl::string_view step, absl::string_view seen);
  // Does the same with the time of the step itself.
  void Print(absl::string_view step, absl::string_view seen,
             absl::Duration took);

  EventLoop* const loop_;
  const TunnelConfig* const config_;
  const absl::Span<const std::string> surroundings_;
  std::ostream* const out_;
  absl::Time last_step_;
  Hop hop_;            // where the connection goes
  bool open_ = false;  // just now
  std::optional<netif::Ipv4Prefix> overlay_;
  netif::EchoExchange exchange_;
  std::optional<PathProbe> probe_;  // while and after echoes are sent
  std::optional<End> end_;
  CheckFacts facts_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_CHECK_CHECK_H_
