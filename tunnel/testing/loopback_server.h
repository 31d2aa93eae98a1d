// SPDX-License-Identifier: Apache-2.0
//
// A scripted OVOC over plain HTTP on the loopback interface, for tests.

#ifndef OVOC_TUNNEL_TESTING_LOOPBACK_SERVER_H_
#define OVOC_TUNNEL_TESTING_LOOPBACK_SERVER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/testing/loopback_listener.h"

namespace ovoc::tunnel {

// LoopbackServer listens on 127.0.0.HOST and serves one connection after the
// other, in the event loop of the test. It answers an upgrade request with the
// 101 of a real server, a Close with a Close, and nothing else by itself unless
// it is told to.
class LoopbackServer {
 public:
  // Port 0: one that is free.
  explicit LoopbackServer(EventLoop* loop, uint8_t host = 1, uint16_t port = 0);
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer();

  uint16_t port() const { return listener_.port(); }

  // The address that the next 101 assigns, with prefix 18.
  void SetOverlay(absl::string_view address) {
    overlay_ = std::string(address);
  }
  // Field lines, each with its CRLF, that the next 101 has besides.
  void SetFields(absl::string_view lines) { fields_ = std::string(lines); }
  // Echo requests in packets of up to `bytes` are answered, as by OVOC; 0: none
  // is.
  void AnswerEchoes(size_t bytes) { echo_bytes_ = bytes; }
  // An echo request ends the connection, without a Close frame.
  void EndAtEcho() { ends_at_echo_ = true; }
  // The next request is answered with this text, and the connection closed.
  void AnswerNext(absl::string_view text) { answers_.emplace_back(text); }
  // It is a proxy too: the next CONNECT is answered with this text, and what
  // follows is for the server.
  void TunnelNext(absl::string_view text) { tunnels_.emplace_back(text); }

  // To the present client. Send sends bytes as they are.
  void Send(absl::string_view bytes);
  void SendPacket(absl::Span<const uint8_t> packet);
  void Disconnect();

  int connections() const { return connections_; }  // accepted so far
  bool connected() const { return client_.valid(); }
  const std::string& request() const { return request_; }  // the last one
  const std::string& connect() const { return connect_; }  // the last CONNECT
  // The client's frames since the last call: the first byte and the unmasked
  // payload in hex.
  std::vector<std::string> TakeFrames();

 private:
  void OnConnection();
  void OnBytes();
  void OnRequest();
  void ReadFrames();
  void AnswerEcho(absl::string_view packet);

  EventLoop* const loop_;
  LoopbackListener listener_;
  netif::UniqueFd client_;
  std::string overlay_ = "169.254.0.2";
  std::string fields_;
  size_t echo_bytes_ = 0;
  bool ends_at_echo_ = false;
  std::deque<std::string> answers_;
  std::deque<std::string> tunnels_;
  std::string connect_;
  int connections_ = 0;
  bool logged_in_ = false;
  std::string input_;
  std::string request_;
  std::vector<std::string> frames_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TESTING_LOOPBACK_SERVER_H_
