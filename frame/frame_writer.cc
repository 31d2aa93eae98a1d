// SPDX-License-Identifier: Apache-2.0
#include "frame/frame_writer.h"

#include <cstring>

namespace ovoc::frame {
namespace {

bool MayBeSent(Opcode opcode, size_t payload_bytes) {
  // RFC 6455 5.5 MUST: a control payload has at most 125 octets.
  return IsKnown(opcode) &&
         (!IsControl(opcode) || payload_bytes <= kMaxControlPayloadBytes);
}

}  // namespace

size_t WriteClientFrame(Opcode opcode, absl::Span<const uint8_t> payload,
                        const MaskKey& key, absl::Span<uint8_t> out) {
  const size_t size = ClientFrameBytes(payload.size());
  if (!MayBeSent(opcode, payload.size()) || out.size() < size) {
    return 0;
  }
  // RFC 6455 5.1 MUST: a client masks all frames that it sends.
  // RFC 6455 5.3 MUST: a masked frame has its mask bit set.
  // RFC 6455 5.2 MUST: RSV bits are 0 in what is sent.
  // RFC 6455 5.2 MUST: the minimal number of octets encodes the length.
  // RFC 6455 6.1 MUST: data is sent in frames
  // RFC 6455 6.1 MUST: the first frame's opcode says text or binary
  // RFC 6455 6.1 MUST: the last frame of a message has FIN set.
  const FrameHeader header = {.opcode = opcode,
                              .masked = true,
                              .mask_key = key,
                              .payload_length = payload.size()};
  const size_t header_bytes = EncodeFrameHeader(header, out);
  CopyMasked(payload, out.subspan(header_bytes), key);
  return size;
}

size_t WriteServerFrame(Opcode opcode, absl::Span<const uint8_t> payload,
                        absl::Span<uint8_t> out) {
  const size_t size = ServerFrameBytes(payload.size());
  if (!MayBeSent(opcode, payload.size()) || out.size() < size) {
    return 0;
  }
  // RFC 6455 5.1, for a server: it masks no frame.
  const FrameHeader header = {.opcode = opcode,
                              .payload_length = payload.size()};
  const size_t header_bytes = EncodeFrameHeader(header, out);
  if (!payload.empty()) {  // memmove: the payload may lie at its place.
    std::memmove(out.subspan(header_bytes).data(), payload.data(),
                 payload.size());
  }
  return size;
}

}  // namespace ovoc::frame
