// SPDX-License-Identifier: Apache-2.0
//
// What a resolver without sockets asks their owner to do.

#ifndef OVOC_NETIF_DNS_DNS_ACTION_H_
#define OVOC_NETIF_DNS_DNS_ACTION_H_

#include <cstdint>
#include <deque>
#include <vector>

#include "netif/ip_address.h"

namespace ovoc::netif {

// DnsAction is something that the owner of the sockets has to do.
struct DnsAction {
  enum class Kind {
    kNone,
    kOpenUdp,  // new socket, port chosen at random by the kernel, connected to
               // port 53 of server; send bytes as one datagram
    kOpenTcp,  // new socket, connect to port 53 of server, send bytes
    kClose,    // close the socket; what still comes from it is ignored
  };
  Kind kind = Kind::kNone;
  uint32_t socket_id = 0;  // never used twice
  IpAddress server;
  std::vector<uint8_t> bytes;
};

// DnsSocketError is what the owner knows of a socket of no more use.
enum class DnsSocketError {
  kOther,       // it could not be made, connected or used, or was closed
  kPortClosed,  // ECONNREFUSED: the server runs, and nothing listens there
};

// DnsActions hands actions to the owner, first in, first out. If a socket is
// closed before it was opened, neither action is handed out.
class DnsActions {
 public:
  uint32_t NewSocketId() { return ++last_socket_id_; }
  void Push(DnsAction action);
  void Close(uint32_t socket_id);
  DnsAction Pop();  // kNone when there is nothing to do

 private:
  uint32_t last_socket_id_ = 0;
  std::deque<DnsAction> queue_;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_DNS_DNS_ACTION_H_
