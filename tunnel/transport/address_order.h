// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_ADDRESS_ORDER_H_
#define OVOC_TUNNEL_TRANSPORT_ADDRESS_ORDER_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "netif/ip_address.h"

namespace ovoc::tunnel {

// AddressOrder remembers, from one attempt to the next, how the addresses of
// the server's name fared, and says in which order to try them: a server that
// accepts connections and then stays silent must not win every race.
//
//   1. the address that logged in last, unless it has failed since
//   2. those without a failure, the families alternating, IPv6 first (RFC 8305)
//   3. those that failed, the longest ago first
//
// So an attempt after a failure starts with another address, if there is one.
// Pure; it remembers at most kMaxRemembered failures, whatever a name server
// answers from one lookup to the next.
class AddressOrder {
 public:
  static constexpr size_t kMaxRemembered = 32;
  // A tunnel is lost early when it was up for less than what
  // ReconnectPolicy::Options calls stable. So many in a row are a failure of
  // the address: it logs in, and is of no use.
  static constexpr int kMaxEarlyLosses = 3;

  // What the end of an attempt says of its address.
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
  // The attempt is over. Without a connection every address that was tried has
  // failed, and the first of them is the last to be tried again.
  void OnEnd(Outcome outcome);

  // All of `addresses`, in the order above.
  std::vector<netif::IpAddress> Arrange(
      absl::Span<const netif::IpAddress> addresses) const;

  // Whether it is worth waiting for the other family's addresses before any of
  // `addresses` is tried: the one that worked is missing, or all have failed.
  bool ShouldWait(absl::Span<const netif::IpAddress> addresses) const;

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

#endif  // OVOC_TUNNEL_TRANSPORT_ADDRESS_ORDER_H_
