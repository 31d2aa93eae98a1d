// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_RECORDING_SESSION_REPLAY_H_
#define OVOC_CONFORMANCE_RECORDING_SESSION_REPLAY_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/secret.h"
#include "auth/websocket_key.h"
#include "conformance/recording/recording.h"
#include "conformance/recording/stream_reader.h"
#include "tunnel/session/session.h"

namespace ovoc::conformance {

// SessionReplay drives one session of the client with one recording. The
// server's bytes come in at their recorded times, and the packets of the
// client's kernel go in as a device's packets. The client's Close becomes a
// call to close, and the recorded key replaces a random one. The recorded
// credentials are not used.
class SessionReplay : private tunnel::Session::Sink {
 public:
  struct Options {
    // The server's bytes go in in pieces of this size; 0 counts as 1.
    size_t piece_bytes = size_t{1} << 20;
    // Called for each packet that the session lets in; may be empty.
    std::function<void(absl::Span<const uint8_t>)> on_packet;
  };

  // InvalidArgument if the recorded Sec-WebSocket-Key is not a key (see
  // WebSocketKey::FromText). A request without one gets another key, which no
  // recorded 101 answers.
  static absl::StatusOr<std::unique_ptr<SessionReplay>> Create(
      const Recording& recording, Options options);

  // The events of the recording, in order.
  void Play(const RecordedEvent& event);

  // Outcome is the result: the overlay address, the counters that are not 0
  // (without bytes and pings sent), and the end; for example "open
  // 169.254.0.2/32 packets_in=4 packets_out=4 end peer_closed", or "... still
  // open".
  std::string Outcome() const;

  const tunnel::Session& session() const { return *session_; }

 private:
  SessionReplay(Options options, auth::Secret authorization)
      : options_(std::move(options)),
        authorization_(std::move(authorization)) {}

  absl::Status Begin(const auth::WebSocketKey& key);
  void OnOpen(const netif::Ipv4Prefix& overlay) override;
  void OnPacket(absl::Span<const uint8_t> packet) override;
  void FromServer(const RecordedEvent& event);
  void FromDevice(absl::Span<const uint8_t> bytes);
  void Drain();

  const Options options_;
  const auth::Secret authorization_;
  std::unique_ptr<tunnel::Session> session_;
  absl::Time now_;
  StreamReader client_;  // what the recorded client sent
  std::string opened_;
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_RECORDING_SESSION_REPLAY_H_
