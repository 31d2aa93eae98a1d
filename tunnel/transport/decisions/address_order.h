// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_DECISIONS_ADDRESS_ORDER_H_
#define OVOC_TUNNEL_TRANSPORT_DECISIONS_ADDRESS_ORDER_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "netif/ip_address.h"

namespace ovoc::tunnel {

// AddressOrder remembers from one attempt to the next what happened with the
// addresses of the server's name, and says in which order to try them. A server
// that accepts connections and then stays silent must not win every race.
//
//   1. the address that logged in last, unless it has failed since
//   2. those without a failure, alternating between the families, IPv6 first
//      (RFC 8305)
//   3. those that failed, the longest ago first
//
// So the attempt after a failure starts with another address, if there is one.
// It is pure, and remembers at most kMaxRemembered failures, whatever a name
// server answers from one lookup to the next.
class AddressOrder {
 public:
  static constexpr size_t kMaxRemembered = 32;
  // A tunnel is lost early if it was up for less than ReconnectPolicy::Options
  // calls stable. This many early losses in a row count as a failure of the
  // address: it lets us log in, but is of no use.
  static constexpr int kMaxEarlyLosses = 3;

  // What the end of an attempt says about its address.
  enum class Outcome {
    kNothing,    // closed by us, or the end was not the address's fault
    kFailed,     // no tunnel, or one that broke a rule or fell silent
    kLost,       // the tunnel was up for long, and ended
    kLostEarly,  // the tunnel was up, and ended soon
  };

  // A new attempt begins.
  void Begin();
  // It has begun to connect to the address.
  void OnTrying(const netif::IpAddress& address);
  // The address has won the race.
  void OnConnected(const netif::IpAddress& address);
  // It has logged in there.
  void OnWorked();
  // The attempt is over. If there was no connection, every address that was
  // tried has failed, and the first of them will be tried last.
  void OnEnd(Outcome outcome);

  // All of `addresses`, in the order above.
  std::vector<netif::IpAddress> Arrange(
      absl::Span<const netif::IpAddress> addresses) const;

  // Whether to wait for the other family's addresses before any of `addresses`
  // is tried: the address that worked is missing, or all have failed.
  bool ShouldWait(absl::Span<const netif::IpAddress> addresses) const;

  // After OnEnd: whether one of `addresses` is worth another attempt before the
  // name as a whole is given up. It has not failed, and the attempt has not
  // tried it in vain: one that only lost the race is not left either, so that a
  // family without a path keeps nobody waiting.
  bool HasLeft(absl::Span<const netif::IpAddress> addresses) const;

  // Whether it has failed and not worked since.
  bool HasFailed(const netif::IpAddress& address) const;

 private:
  void MarkFailed(const netif::IpAddress& address);

  std::optional<netif::IpAddress> best_;
  std::deque<netif::IpAddress> failed_;  // the longest ago first
  int early_losses_ = 0;                 // of best_, in a row
  // Of the attempt that runs.
  std::vector<netif::IpAddress> tried_;
  std::optional<netif::IpAddress> connected_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_DECISIONS_ADDRESS_ORDER_H_
