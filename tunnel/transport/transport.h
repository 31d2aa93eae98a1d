// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_TRANSPORT_H_
#define OVOC_TUNNEL_TRANSPORT_TRANSPORT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "netif/linux/unique_fd.h"
#include "openssl/ssl.h"
#include "tunnel/transport/decisions/send_window.h"
#include "tunnel/transport/record_buffer.h"

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

// Transport is a byte stream over a connected, non-blocking TCP socket, which
// it owns: plain, or TLS in either role. The caller waits (epoll) and calls
// again. It holds only a little ahead of the network, see SendWindow: the
// caller should keep the rest, where something urgent may still overtake it.
class Transport {
 public:
  explicit Transport(netif::UniqueFd socket);
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

  int fd() const { return socket_.get(); }
  // Gives the socket away. Only the destructor may be called afterwards.
  netif::UniqueFd TakeSocket() { return std::move(socket_); }

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

 private:
  void LimitUnsent();

  netif::UniqueFd socket_;
  absl::Status status_;
  SendWindow window_;
  size_t sent_bytes_ = 0;  // that window_ was not told of
};

// PlainTransport: the socket itself, without TLS.
class PlainTransport : public Transport {
 public:
  using Transport::Transport;
  IoResult Handshake() override { return IoResult::kDone; }
  IoResult Read(absl::Span<uint8_t> out, size_t* count) override;
  IoResult Write(absl::Span<const uint8_t> in, size_t* count) override;
  void Shutdown() override;
};

// TlsTransport: TLS by BoringSSL. `ssl` has its role (connect or accept state)
// and everything else set, except the descriptor. Output goes into records that
// are as full as possible, several with one system call; on a slow path into a
// few small ones.
class TlsTransport : public Transport {
 public:
  TlsTransport(netif::UniqueFd socket, bssl::UniquePtr<SSL> ssl);
  IoResult Handshake() override;
  IoResult Read(absl::Span<uint8_t> out, size_t* count) override;
  bool HasInput() const override;
  IoResult Write(absl::Span<const uint8_t> in, size_t* count) override;
  IoResult Flush() override;
  bool HasOutput() const override { return records_->output_bytes() > 0; }
  void Shutdown() override;
  bool WantsWrite() const override { return wants_write_; }

  SSL* ssl() const { return ssl_.get(); }

 private:
  bool HasRoomFor(size_t plaintext_bytes) const;
  // Makes an IoResult of what an SSL_* call returned.
  IoResult Finish(int result, const char* step);

  const std::unique_ptr<RecordBuffer> records_;
  bssl::UniquePtr<SSL> ssl_;
  bool wants_write_ = false;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_TRANSPORT_H_
