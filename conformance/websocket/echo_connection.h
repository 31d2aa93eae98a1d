// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_WEBSOCKET_ECHO_CONNECTION_H_
#define OVOC_CONFORMANCE_WEBSOCKET_ECHO_CONNECTION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/upgrade_request.h"
#include "conformance/websocket/echo_end.h"
#include "conformance/websocket/echo_session.h"
#include "netif/ip_address.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/transport/direct_socket_maker.h"
#include "tunnel/transport/tcp_connector.h"
#include "tunnel/transport/tls_client.h"
#include "tunnel/transport/transport.h"

namespace ovoc::conformance {

// EchoConnection runs one EchoSession over TCP or TLS, from the connect to the
// end. While the socket takes no more, it reads on as long as the session has
// room for its output.
class EchoConnection : private tunnel::TcpConnector::Observer {
 public:
  struct Target {
    std::vector<netif::IpAddress> addresses;
    uint16_t port = 0;
    std::string name;                  // For the certificate.
    tunnel::TlsClient* tls = nullptr;  // Null: plain TCP.
  };
  struct Options {
    EchoSession::Task task = EchoSession::Task::kEcho;
    EchoSession::Limits limits;
    absl::Duration handshake = absl::Seconds(10);  // TLS
  };

  // All must outlive the connection. Nothing happens before Run.
  EchoConnection(tunnel::EventLoop* loop, const Target* target,
                 const auth::UpgradeRequest* request, const Options& options,
                 EchoSession::RandomBytes random);
  EchoConnection(const EchoConnection&) = delete;
  EchoConnection& operator=(const EchoConnection&) = delete;
  ~EchoConnection() override;

  // Runs the loop until the connection is over, and returns how it ended, or an
  // error if the loop itself failed. Call it once.
  [[nodiscard]] absl::StatusOr<EchoEnd> Run();

  // The message of EchoSession::Task::kReadOne; empty when none came.
  std::string text() const;

 private:
  // TcpConnector::Observer.
  void OnConnecting(const netif::IpAddress&) override {}
  void OnConnectDone(
      absl::StatusOr<tunnel::TcpConnector::Connected> result) override;

  void Secure(absl::StatusOr<tunnel::TcpConnector::Connected> result);
  void OnTime(absl::Time now);
  absl::Time NextTime() const;
  void Turn();
  void Handshake(absl::Time now);
  void Read(absl::Time now);
  bool Fill(absl::Time now);
  void Write(absl::Time now);
  void Settle();
  void NotConnected(absl::Status why);

  tunnel::EventLoop* const loop_;
  const Target* const target_;
  const auth::UpgradeRequest* const request_;
  const Options options_;
  const EchoSession::RandomBytes random_;
  const tunnel::SocketOptions socket_options_;
  tunnel::DirectSocketMaker sockets_{&socket_options_};
  tunnel::TcpConnector connector_;
  std::unique_ptr<tunnel::Transport> transport_;
  std::unique_ptr<EchoSession> session_;
  absl::Time handshake_deadline_ = absl::InfiniteFuture();
  std::vector<uint8_t> input_;
  absl::Span<const uint8_t> unread_;  // of input_, by the session
  EchoEnd end_;
  bool blocked_ = false;       // output waits for the socket
  bool stream_ended_ = false;  // there is nothing more to read
  bool more_to_read_ = false;  // left for the next turn
  bool over_ = false;
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_WEBSOCKET_ECHO_CONNECTION_H_
