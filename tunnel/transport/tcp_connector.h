// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_TCP_CONNECTOR_H_
#define OVOC_TUNNEL_TRANSPORT_TCP_CONNECTOR_H_

#include <map>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "netif/ip_address.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/transport/decisions/connection_racer.h"
#include "tunnel/transport/decisions/more_addresses.h"
#include "tunnel/transport/decisions/socket_maker.h"

namespace ovoc::tunnel {

// TcpConnector opens the TCP connection to the first of several addresses that
// answers: it has the sockets of a ConnectionRacer.
class TcpConnector {
 public:
  struct Connected {
    netif::UniqueFd socket;  // as the SocketMaker gave it
    netif::IpAddress address;
    absl::Duration took;  // of this address's attempt alone
  };
  // Observer is called as the race goes on; it must not delete the connector.
  class Observer {
   public:
    virtual ~Observer() = default;
    virtual void OnConnecting(const netif::IpAddress& address) = 0;
    // The end of the race, once: a connection, or why there is none.
    virtual void OnConnectDone(absl::StatusOr<Connected> result) = 0;
  };

  // `purpose` is kServer or kProxy.
  TcpConnector(EventLoop* loop, SocketMaker* sockets, Observer* observer,
               const ConnectionRacer::Options& race = {},
               SocketPurpose purpose = SocketPurpose::kServer);
  TcpConnector(const TcpConnector&) = delete;
  TcpConnector& operator=(const TcpConnector&) = delete;
  ~TcpConnector();

  // Adds addresses and begins what may begin. After MoreAddresses::kNone the
  // race ends when the last of them has failed.
  void Add(absl::Span<const netif::IpAddress> addresses, MoreAddresses more,
           absl::Time now);

  void OnTime(absl::Time now);
  absl::Time NextTime() const;

 private:
  struct Pending {
    netif::UniqueFd socket;
    netif::IpAddress address;
    absl::Time begun;
  };

  void Advance(absl::Time now);
  void Begin(const ConnectionRacer::Attempt& attempt);
  void OnWritable(size_t id);
  void Drop(size_t id);
  void FinishIfExhausted();

  EventLoop* const loop_;
  SocketMaker* const sockets_;
  const SocketPurpose purpose_;
  Observer* const observer_;
  ConnectionRacer racer_;
  MoreAddresses more_ = MoreAddresses::kMayCome;
  bool done_ = false;
  std::map<size_t, Pending> pending_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_TCP_CONNECTOR_H_
