// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_TRANSPORT_H_
#define OVOC_TUNNEL_TRANSPORT_TRANSPORT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <variant>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/transport/decisions/send_window.h"

namespace ovoc::tunnel {

// IoResult is the result of one step of a non-blocking transport.
enum class IoResult {
  kDone,        // Something was done: bytes moved, or the handshake is over.
  kWouldBlock,  // Nothing now; see Transport::WantsWrite for what to wait for.
  kMore,    // The peer's bytes came to nothing so far, and more may be here,
            // of which the socket may not tell: call again without waiting,
            // but let others have their turn first. Read, Handshake.
  kClosed,  // The peer has ended its side in order.
  kFailed,  // See Transport::status. Sticky.
};

class Transport;

// TransportBase is what a stream runs over: a connected, non-blocking TCP
// socket, or another transport whose handshake is done.
using TransportBase = std::variant<netif::UniqueFd, std::unique_ptr<Transport>>;

// Transport is a byte stream over its base, which it owns: plain, or TLS in
// either role. The caller waits (epoll) and calls again. It holds only a little
// ahead of the network, see SendWindow: the caller should keep the rest, where
// something urgent may still overtake it.
class Transport {
 public:
  explicit Transport(TransportBase base);
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;

  // Does what has to be done before bytes can flow. Returns any IoResult.
  // However much the peer sends, one call looks at no more than one TLS record.
  virtual IoResult Handshake() = 0;

  // Reads at most out.size() bytes; `*count` is above 0 only with kDone. One
  // call has the same limit of work as Handshake.
  virtual IoResult Read(absl::Span<uint8_t> out, size_t* count) = 0;

  // Whether Read should be called again before waiting: bytes of the peer are
  // here already, but the socket does not report them.
  virtual bool HasInput() const { return false; }

  // Takes some of `in`; `*count` is above 0 only with kDone. What it takes may
  // wait for Flush.
  virtual IoResult Write(absl::Span<const uint8_t> in, size_t* count) = 0;

  // Sends what was taken: kDone if nothing is waiting any more, else
  // kWouldBlock or kFailed.
  virtual IoResult Flush() { return IoResult::kDone; }

  // Whether something waits for Flush.
  virtual bool HasOutput() const { return false; }

  // Writes what `pending` gives until that is empty, and flushes. `taken` is
  // called with the number of bytes to take off it. kDone if everything was
  // handed over; otherwise like Write.
  IoResult WriteAll(absl::FunctionRef<absl::Span<const uint8_t>()> pending,
                    absl::FunctionRef<void(size_t)> taken);

  // Sends TLS close_notify and ends our side, without waiting.
  virtual void Shutdown() = 0;

  // True when the last kWouldBlock of Handshake waits for the socket to take
  // bytes, false when it waits for bytes to come.
  virtual bool WantsWrite() const { return false; }

  // The reason for kFailed: kUnauthenticated if a certificate did not verify,
  // kAborted if the peer reset the connection, kUnavailable for everything else
  // (a lost path, broken TLS). It never contains a byte of the stream.
  const absl::Status& status() const { return status_; }

  // The socket at the bottom.
  int fd() const;
  // Gives the base away. Only the destructor may be called afterwards.
  TransportBase TakeBase() { return std::move(base_); }

 protected:
  // Sets status(), unless an earlier failure has set it.
  IoResult Fail(absl::Status status);
  // The same, for what a system call said of the socket.
  IoResult FailSocket(int error, const char* step);
  // Sets status() to a reason that says more than the library's own.
  IoResult Replace(absl::Status status);

  // How much may be ahead of the network, by what the socket has taken.
  size_t window_bytes() const { return window_.bytes(); }
  void CountSent(size_t bytes) { sent_bytes_ += bytes; }
  // Flags of send(2), without which the limit would be of no use.
  int window_flags() const;
  // The transport below this one; null if that is a socket.
  Transport* below() const;

 private:
  void LimitUnsent();

  TransportBase base_;
  absl::Status status_;
  SendWindow window_;
  size_t sent_bytes_ = 0;  // that window_ was not told of
};

// PlainTransport: the socket itself, without TLS.
class PlainTransport : public Transport {
 public:
  explicit PlainTransport(netif::UniqueFd socket)
      : Transport(std::move(socket)) {}
  IoResult Handshake() override { return IoResult::kDone; }
  IoResult Read(absl::Span<uint8_t> out, size_t* count) override;
  IoResult Write(absl::Span<const uint8_t> in, size_t* count) override;
  void Shutdown() override;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_TRANSPORT_H_
