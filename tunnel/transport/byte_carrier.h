// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_BYTE_CARRIER_H_
#define OVOC_TUNNEL_TRANSPORT_BYTE_CARRIER_H_

#include <sys/types.h>

#include <cstdint>

#include "absl/types/span.h"

namespace ovoc::tunnel {

// ByteCarrier is what carries the records of a TLS connection: a socket, or
// another connection. It does not block. Its calls report failures as system
// calls do: -1, with errno set. EAGAIN and EINTR are no failures.
class ByteCarrier {
 public:
  virtual ~ByteCarrier() = default;

  // Takes some of `bytes` and returns how many; `flags` are those of send(2).
  // What it took before and could not pass on goes first, also when `bytes` is
  // empty.
  virtual ssize_t Send(absl::Span<const uint8_t> bytes, int flags) = 0;

  // Whether it has taken bytes that it could not pass on yet.
  virtual bool HasOutput() const { return false; }

  // Receives into `first`, and what has come beyond that into `more`, if the
  // carrier can do so at once. 0: the peer has ended its side.
  virtual ssize_t Receive(absl::Span<uint8_t> first,
                          absl::Span<uint8_t> more) = 0;

  // Whether Receive should be called again before waiting: there may be bytes
  // that the socket does not report.
  virtual bool HasInput() const { return false; }
};

// SocketCarrier is a connected, non-blocking stream socket, which it does not
// own.
class SocketCarrier : public ByteCarrier {
 public:
  explicit SocketCarrier(int socket) : socket_(socket) {}
  ssize_t Send(absl::Span<const uint8_t> bytes, int flags) override;
  ssize_t Receive(absl::Span<uint8_t> first, absl::Span<uint8_t> more) override;

 private:
  const int socket_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_BYTE_CARRIER_H_
