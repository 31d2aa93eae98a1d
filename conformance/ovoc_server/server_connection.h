// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_OVOC_SERVER_SERVER_CONNECTION_H_
#define OVOC_CONFORMANCE_OVOC_SERVER_SERVER_CONNECTION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "conformance/ovoc_server/peer.h"
#include "tunnel/transport/transport.h"

namespace ovoc::conformance {

// How long a closed connection waits for the client to close its side, so that
// a reset does not destroy what was sent last.
inline constexpr absl::Duration kLingerTime = absl::Seconds(1);

// ServerConnection connects a transport with a peer: it moves the bytes, and
// closes when the peer has ended.
class ServerConnection {
 public:
  // `remote` is for the log. The rest as for Peer.
  ServerConnection(std::unique_ptr<tunnel::Transport> transport,
                   std::string remote, const Peer::Options* options,
                   PeerHost* host, std::function<void()> output_ready,
                   absl::Time now);

  enum class Turn {
    kOver,  // nothing is left to read for now
    kMore,  // there is more, left for the next turn for the others' sake
  };

  // The socket may be readable or writable: makes the handshake, reads (through
  // `buffer`) and writes as far as possible. `wall` is the time of day.
  Turn Serve(absl::Span<uint8_t> buffer, absl::Time now, absl::Time wall);
  // Writes what the peer has queued, as far as possible.
  void Flush(absl::Time now);
  // NextTime() may have come.
  void OnTime(absl::Time now);
  absl::Time NextTime() const;
  // The server stops.
  void Stop(absl::Time now);

  // Whether to wait for the socket to take bytes.
  bool wants_write() const;
  // Nothing is left to do; destroy it.
  bool done() const { return state_ == State::kDone; }
  const Peer& peer() const { return peer_; }
  const std::string& remote() const { return remote_; }

 private:
  enum class State {
    kHandshake,  // of the transport
    kStreaming,  // bytes flow
    kLingering,  // our side is closed, what still comes is thrown away
    kDone,
  };

  Turn ShakeHands(absl::Span<uint8_t> buffer, absl::Time now, absl::Time wall);
  Turn Read(absl::Span<uint8_t> buffer, absl::Time now, absl::Time wall);
  void OnIoEnd(tunnel::IoResult result);
  void CloseIfEnded(absl::Time now);

  std::unique_ptr<tunnel::Transport> transport_;
  const std::string remote_;
  Peer peer_;
  State state_ = State::kHandshake;
  bool blocked_ = false;  // the socket takes no more for now
  // Of the close; InfiniteFuture while the peer has not ended.
  absl::Time close_deadline_ = absl::InfiniteFuture();
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_OVOC_SERVER_SERVER_CONNECTION_H_
