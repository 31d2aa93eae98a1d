// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_RECORDING_RECORDED_CONNECTION_H_
#define OVOC_CONFORMANCE_RECORDING_RECORDED_CONNECTION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "conformance/recording/connection_recorder.h"
#include "conformance/recording/recording.h"
#include "conformance/recording/recording_file.h"
#include "conformance/recording/relay.h"
#include "netif/ip_address.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/transport/direct_socket_maker.h"
#include "tunnel/transport/tcp_connector.h"
#include "tunnel/transport/tls_client.h"
#include "tunnel/transport/transport.h"

namespace ovoc::conformance {

// kBeginTimeout: the time from the device's connection until both ends are up.
inline constexpr absl::Duration kBeginTimeout = absl::Seconds(20);

// Upstream is how to reach OVOC.
struct Upstream {
  std::vector<netif::IpAddress> addresses;
  uint16_t port = 443;
  std::string name;                  // in its certificate, and the SNI
  tunnel::TlsClient* tls = nullptr;  // null: plain
};

// RecordedConnection is one connection of a device, passed on to OVOC. First
// comes the device's TLS, then TCP and TLS to OVOC. When both are up, the file
// is made and the time begins. A connection that never gets so far leaves no
// file.
class RecordedConnection : private tunnel::TcpConnector::Observer,
                           private Relay::Observer {
 public:
  // Makes the file, with its heading.
  using MakeFile = std::function<absl::StatusOr<RecordingFile>()>;

  // `device` is the device's transport, before its handshake. Everything that
  // is pointed to must outlive the connection.
  RecordedConnection(std::unique_ptr<tunnel::Transport> device,
                     tunnel::EventLoop* loop, const Upstream* upstream,
                     MakeFile make_file, absl::Time now);
  RecordedConnection(const RecordedConnection&) = delete;
  RecordedConnection& operator=(const RecordedConnection&) = delete;
  ~RecordedConnection() override;

  // Begins with the device's handshake; done() when that fails.
  void Start();

  // To be called after each batch of events, and at NextTime().
  void OnTime(absl::Time now);
  absl::Time NextTime() const;

  bool done() const { return done_; }
  // Whether there is, or was, a file.
  bool recorded() const { return file_.has_value(); }
  // OK, or why it ended early: "device: ...", "OVOC: ...", or the file's error.
  const absl::Status& status() const { return status_; }

 private:
  void OnConnecting(const netif::IpAddress&) override {}
  void OnConnectDone(
      absl::StatusOr<tunnel::TcpConnector::Connected> result) override;
  void OnBytes(Side side, absl::Span<const uint8_t> bytes) override;
  void OnEnd(Side side, EventKind kind) override;

  void Watch(int fd, Side side);
  void OnEvents(Side side, uint32_t events);
  // Goes on with the handshake of one transport; true when it is over.
  bool ShakeHands(tunnel::Transport* transport, const char* who);
  void Connect();
  void BeginRelay();
  void Pump();
  void Append(const std::string& text);
  void Fail(absl::Status status);

  tunnel::EventLoop* const loop_;
  const Upstream* const upstream_;
  const MakeFile make_file_;
  const absl::Time deadline_;
  absl::Time now_;
  std::unique_ptr<tunnel::Transport> device_;
  tunnel::SocketOptions socket_options_;
  tunnel::DirectSocketMaker sockets_{&socket_options_};
  std::unique_ptr<tunnel::TcpConnector> connector_;
  std::optional<netif::UniqueFd> connected_;  // not yet looked at
  std::unique_ptr<tunnel::Transport> ovoc_;
  std::unique_ptr<Relay> relay_;  // has both transports from then on
  absl::Time begun_;
  ConnectionRecorder recorder_;
  std::optional<RecordingFile> file_;
  std::vector<int> watched_;
  bool more_ = false;  // the relay has more to do without any event
  bool done_ = false;
  absl::Status status_;
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_RECORDING_RECORDED_CONNECTION_H_
