// SPDX-License-Identifier: Apache-2.0
//
// A scripted OVOC over plain HTTP on the loopback interface, for tests.

#ifndef OVOC_TUNNEL_TESTING_LOOPBACK_SERVER_H_
#define OVOC_TUNNEL_TESTING_LOOPBACK_SERVER_H_

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "netif/unique_fd.h"
#include "tunnel/event_loop.h"

namespace ovoc::tunnel {

// LoopbackServer listens on 127.0.0.1 and serves one connection after the
// other, in the event loop of the test. It answers an upgrade request with the
// 101 of a real server, a Close with a Close, and nothing else by itself.
class LoopbackServer {
 public:
  explicit LoopbackServer(EventLoop* loop);
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer();

  uint16_t port() const { return port_; }

  // The address that the next 101 assigns, with prefix 18.
  void SetOverlay(absl::string_view address) {
    overlay_ = std::string(address);
  }
  // The next request is answered with this text, and the connection closed.
  void AnswerNext(absl::string_view text) { answers_.emplace_back(text); }

  // To the present client. Send sends bytes as they are.
  void Send(absl::string_view bytes);
  void SendPacket(absl::Span<const uint8_t> packet);
  void Disconnect();

  int connections() const { return connections_; }  // accepted so far
  bool connected() const { return client_.valid(); }
  const std::string& request() const { return request_; }  // the last one
  // The client's frames since the last call: the first byte and the unmasked
  // payload in hex.
  std::vector<std::string> TakeFrames();

 private:
  void OnConnection();
  void OnBytes();
  void OnRequest();
  void ReadFrames();

  EventLoop* const loop_;
  netif::UniqueFd listener_;
  netif::UniqueFd client_;
  uint16_t port_ = 0;
  std::string overlay_ = "169.254.0.2";
  std::deque<std::string> answers_;
  int connections_ = 0;
  bool logged_in_ = false;
  std::string input_;
  std::string request_;
  std::vector<std::string> frames_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TESTING_LOOPBACK_SERVER_H_
