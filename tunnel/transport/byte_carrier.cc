// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/byte_carrier.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>

namespace ovoc::tunnel {

ssize_t SocketCarrier::Send(absl::Span<const uint8_t> bytes, int flags) {
  return send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | flags);
}

ssize_t SocketCarrier::Receive(absl::Span<uint8_t> first,
                               absl::Span<uint8_t> more) {
  const std::array<iovec, 2> pieces = {{
      {first.data(), first.size()},
      {more.data(), more.size()},
  }};
  return readv(socket_, pieces.data(), pieces.size());
}

}  // namespace ovoc::tunnel
