// SPDX-License-Identifier: Apache-2.0
//
// A TLS front end of a loopback port, for tests.

#ifndef OVOC_TUNNEL_TESTING_TLS_FRONT_H_
#define OVOC_TUNNEL_TESTING_TLS_FRONT_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "netif/linux/unique_fd.h"
#include "openssl/ssl.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/testing/loopback_listener.h"
#include "tunnel/transport/transport.h"

namespace ovoc::tunnel {

// TlsFront listens on 127.0.0.1, ends the TLS of one connection after the
// other, and passes the bytes on to another port of 127.0.0.1 and back: what
// stunnel does. It runs in the event loop of the test. What does not fit into a
// socket at once waits without a limit.
class TlsFront {
 public:
  // `context` is a server's, and outlives the front.
  TlsFront(EventLoop* loop, SSL_CTX* context, uint16_t to_port);
  TlsFront(const TlsFront&) = delete;
  TlsFront& operator=(const TlsFront&) = delete;
  ~TlsFront();

  uint16_t port() const { return listener_.port(); }
  int handshakes() const { return handshakes_; }  // that were completed

  // It is a proxy itself: the head of the next request is answered with this
  // text, and only what follows is passed on.
  void AnswerConnect(absl::string_view text) { answer_ = std::string(text); }

 private:
  void OnConnection();
  void OnClient();
  void OnServer();
  void ReadClient();
  bool PassOn();
  void FlushClient();
  void Drop();

  EventLoop* const loop_;
  SSL_CTX* const context_;
  const uint16_t to_port_;
  LoopbackListener listener_;
  std::unique_ptr<Transport> client_;
  netif::UniqueFd server_;  // once the handshake is over
  std::string answer_;
  std::string to_server_;
  std::string to_client_;
  int handshakes_ = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TESTING_TLS_FRONT_H_
