// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_CHECK_H_
#define OVOC_TUNNEL_CHECK_H_

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "tunnel/attempt.h"
#include "tunnel/event_loop.h"
#include "tunnel/session/session.h"
#include "tunnel/session/session_end.h"
#include "tunnel/tunnel_config.h"

namespace ovoc::tunnel {

// Check makes one attempt without a device (client --check): it resolves,
// connects, verifies, logs in, closes with 1000, and prints a line per step
// with its time and what it saw. It needs no privilege.
class Check : private Attempt::Observer, private Session::Sink {
 public:
  // `out` gets the report; all outlive the check. `surroundings` are
  // InsecureSurroundings.
  Check(EventLoop* loop, const TunnelConfig* config,
        absl::Span<const std::string> surroundings, std::ostream* out)
      : loop_(loop), config_(config), surroundings_(surroundings), out_(out) {}
  Check(const Check&) = delete;
  Check& operator=(const Check&) = delete;

  // How it ended: kClosedByUs after a login is success.
  absl::StatusOr<End> Run(Session::RandomBytes random);

 private:
  void OnResolving() override;
  void OnResolved(absl::Span<const netif::IpAddress> addresses) override;
  void OnConnecting(const netif::IpAddress& address) override;
  void OnConnected(const netif::IpAddress& address,
                   absl::Duration took) override;
  void OnSecured(const TlsClientTransport* tls) override;
  void OnEnd(const End& end) override { end_ = end; }
  void OnOpen(const auth::OverlayAssignment& overlay) override;
  void OnPacket(absl::Span<const uint8_t>) override {}

  void PrintWarnings();
  // One line: the step, what was seen, the time since the step before.
  void Print(absl::string_view step, absl::string_view seen);
  // The same with the step's own time.
  void Print(absl::string_view step, absl::string_view seen,
             absl::Duration took);

  EventLoop* const loop_;
  const TunnelConfig* const config_;
  const absl::Span<const std::string> surroundings_;
  std::ostream* const out_;
  absl::Time last_step_;
  bool open_ = false;
  std::optional<End> end_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_CHECK_H_
