// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_RECORDING_RELAY_H_
#define OVOC_CONFORMANCE_RECORDING_RELAY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "conformance/recording/recording.h"
#include "tunnel/transport/transport.h"

namespace ovoc::conformance {

// The most bytes that are read at once, and that wait for the other side.
inline constexpr size_t kRelayBytes = 16384;

// Relay passes bytes between two connected transports, unchanged, after their
// handshakes. It passes on an end too: an orderly end of each direction alone,
// a failure of one side as a reset of the other. What cannot be written stops
// the reading from the other side.
class Relay {
 public:
  // Observer is called for everything that a side sends, in order, before it is
  // passed on. It must not destroy the relay.
  class Observer {
   public:
    virtual ~Observer() = default;
    virtual void OnBytes(Side side, absl::Span<const uint8_t> bytes) = 0;
    virtual void OnEnd(Side side, EventKind kind) = 0;
  };

  Relay(std::unique_ptr<tunnel::Transport> client,
        std::unique_ptr<tunnel::Transport> server, Observer* observer);

  enum class Turn {
    kOver,  // nothing can be done until a socket has news
    kMore,  // there is more, left for the next turn for the others' sake
  };

  // Moves what can be moved.
  Turn Serve();

  // The socket of `side` has an error or was hung up both ways.
  void OnHangUp(Side side);

  // What to wait for at a side's socket; neither: for a hang-up only.
  bool WantsRead(Side side) const;
  bool WantsWrite(Side side) const {
    return !End(side).pending.empty() || End(side).transport->HasOutput();
  }
  int fd(Side side) const { return End(side).transport->fd(); }
  // Nothing is left to do; destroy it.
  bool done() const;

 private:
  struct OneEnd {
    std::unique_ptr<tunnel::Transport> transport;
    std::vector<uint8_t> pending;  // to be written to it
    bool ended = false;            // it has said all
    bool told = false;             // it knows that the other has
  };

  static Side Other(Side side) {
    return side == Side::kClient ? Side::kServer : Side::kClient;
  }
  OneEnd& End(Side side) { return side == Side::kClient ? client_ : server_; }
  const OneEnd& End(Side side) const {
    return side == Side::kClient ? client_ : server_;
  }
  // Reads from `from` and writes to the other; false: no progress.
  bool Move(Side from);
  bool Flush(Side to);
  void Fail(Side side);

  OneEnd client_;
  OneEnd server_;
  Observer* const observer_;
  std::vector<uint8_t> buffer_;
  bool failed_ = false;
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_RECORDING_RELAY_H_
