// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_FRAME_FRAME_WRITER_H_
#define OVOC_FRAME_FRAME_WRITER_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "frame/frame_header.h"
#include "frame/mask.h"

namespace ovoc::frame {

// ClientFrameBytes is the size of a client's frame with this many octets of
// payload: 6, 8 or 14 octets more.
constexpr size_t ClientFrameBytes(size_t payload_bytes) {
  return kMinFrameHeaderBytes + MinimalLengthBytes(payload_bytes) +
         MaskKey().size() + payload_bytes;
}

// ServerFrameBytes is the same for a server's frame: 2, 4 or 10 more.
constexpr size_t ServerFrameBytes(size_t payload_bytes) {
  return kMinFrameHeaderBytes + MinimalLengthBytes(payload_bytes) +
         payload_bytes;
}

// WriteClientFrame writes a message as one masked frame to the front of `out`
// and returns its size, ClientFrameBytes(payload.size()). It writes nothing and
// returns 0 if `out` is smaller than that, the opcode is reserved, or a control
// payload is longer than 125 octets.
//
// Masking and copying are one pass. If the payload is already at its place, the
// last payload.size() octets of the frame in `out`, it is masked there without
// a copy. It must not overlap `out` in any other way.
//
// `key` must be fresh for each frame and unpredictable (RFC 6455 5.3). The
// caller has to draw it.
size_t WriteClientFrame(Opcode opcode, absl::Span<const uint8_t> payload,
                        const MaskKey& key, absl::Span<uint8_t> out);

// WriteServerFrame is the same without a mask, for a server. RFC 6455 5.1.
size_t WriteServerFrame(Opcode opcode, absl::Span<const uint8_t> payload,
                        absl::Span<uint8_t> out);

}  // namespace ovoc::frame

#endif  // OVOC_FRAME_FRAME_WRITER_H_
