// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_PROXY_TUNNEL_H_
#define OVOC_TUNNEL_TRANSPORT_PROXY_TUNNEL_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/secret.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/transport/decisions/proxy_exchange.h"
#include "tunnel/transport/transport.h"

namespace ovoc::tunnel {

// ProxyTunnel asks a proxy for a tunnel over a transport to it, whose handshake
// it makes first, and gives the transport back once the tunnel is open: a
// ProxyExchange with its IO. The request, which may hold a login, goes out only
// after the handshake. It is wiped when it is sent, or with this object.
class ProxyTunnel {
 public:
  // Observer must not delete the tunnel from within a call. One of the two is
  // called, once, and nothing afterwards.
  class Observer {
   public:
    virtual ~Observer() = default;
    // What is read and written from now on is the server's.
    virtual void OnTunnelOpen(std::unique_ptr<Transport> transport) = 0;
    virtual void OnTunnelFailed(ProxyFailure failure,
                                const absl::Status& detail) = 0;
  };

  // `request` is of auth::BuildConnectRequest. `authorization` is its
  // Proxy-Authorization value, or null; it is used during the call only.
  ProxyTunnel(EventLoop* loop, std::unique_ptr<Transport> transport,
              auth::Secret request, const auth::Secret* authorization,
              Observer* observer, absl::Time now);
  ProxyTunnel(const ProxyTunnel&) = delete;
  ProxyTunnel& operator=(const ProxyTunnel&) = delete;
  ~ProxyTunnel();

  void Start(absl::Time now);
  void OnTime(absl::Time now);
  absl::Time NextTime() const;

 private:
  // Goes on as far as the transport allows.
  void Proceed(absl::Time now);
  // True once the handshake is over.
  bool Handshake();
  // True once the whole request is sent.
  bool WriteRequest();
  void ReadAnswer(absl::Time now);
  IoResult ReadSome(absl::Span<uint8_t> out, size_t* count);
  void Settle(ProxyExchange::Result result);
  void Fail(ProxyFailure failure, const absl::Status& detail);
  void FailTransport();

  EventLoop* const loop_;
  std::unique_ptr<Transport> transport_;  // null once it was given back
  auth::Secret request_;
  size_t sent_bytes_ = 0;  // of request_
  ProxyExchange exchange_;
  Observer* const observer_;
  bool secured_ = false;  // the transport's handshake is over
  bool unread_ = false;   // there may be input that epoll does not report
  bool ended_ = false;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_PROXY_TUNNEL_H_
