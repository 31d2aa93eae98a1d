// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_FRAME_FRAME_HEADER_H_
#define OVOC_FRAME_FRAME_HEADER_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "frame/mask.h"

namespace ovoc::frame {

// Opcode is the kind of a frame, RFC 6455 5.2. A decoded header may have any
// value 0..15; those without a name are reserved.
enum class Opcode : uint8_t {
  kContinuation = 0x0,
  kText = 0x1,
  kBinary = 0x2,
  kClose = 0x8,
  kPing = 0x9,
  kPong = 0xA,
};

// IsControl is true for 8..15, the reserved ones included. RFC 6455 5.5.
constexpr bool IsControl(Opcode opcode) {
  return (static_cast<uint8_t>(opcode) & 0x8) != 0;
}

// IsKnown is false for the reserved opcodes, 3..7 and 11..15. RFC 6455 5.2.
bool IsKnown(Opcode opcode);

// LengthForm is how the payload length is written, RFC 6455 5.2.
enum class LengthForm : uint8_t {
  kMinimal,      // The shortest of the three forms, as the RFC demands.
  kLonger16Bit,  // 16 bits where 7 would do.
  kLonger64Bit,  // 64 bits where 7 or 16 would do.
};

// FrameHeader is everything of a frame before its payload. The fields keep what
// was on the wire, so encoding a decoded header gives the same octets.
struct FrameHeader {
  bool fin = true;
  uint8_t rsv = 0;  // RSV1, RSV2, RSV3 as 4, 2, 1.
  Opcode opcode = Opcode::kBinary;
  bool masked = false;
  MaskKey mask_key = {};  // All zero when not masked.
  uint64_t payload_length = 0;
  LengthForm length_form = LengthForm::kMinimal;

  friend bool operator==(const FrameHeader&, const FrameHeader&) = default;
};

inline constexpr size_t kMinFrameHeaderBytes = 2;   // RFC 6455 5.2
inline constexpr size_t kMaxFrameHeaderBytes = 14;  // RFC 6455 5.2: 2 + 8 + 4
inline constexpr size_t kMaxControlPayloadBytes = 125;  // RFC 6455 5.5

// MinimalLengthBytes is the number of octets, 0, 2 or 8, that the shortest form
// of a length takes after the first two octets of a header. RFC 6455 5.2.
constexpr size_t MinimalLengthBytes(uint64_t payload_length) {
  if (payload_length < 126) {
    return 0;
  }
  return payload_length <= 0xFFFF ? 2 : 8;
}

enum class HeaderResult {
  kOk,        // `header` and `consumed` (2..14 octets) are written.
  kNeedMore,  // `in` ends inside the header; nothing is written.
};

// DecodeFrameHeader reads the header at the beginning of `in`. It checks only
// the syntax: every combination of bits is a header, and 14 octets always
// contain a whole one. The parser decides what a peer may send. RFC 6455 5.2.
[[nodiscard]] HeaderResult DecodeFrameHeader(absl::Span<const uint8_t> in,
                                             FrameHeader* header,
                                             size_t* consumed);

// EncodeFrameHeader writes `header` to `out` and returns its size, 2..14. If
// `out` is too small, or the length is too large for kLonger16Bit, it writes
// nothing and returns 0. Of rsv and opcode it writes the bits that have a
// place. It does not check the rules of sending; the writer does.
size_t EncodeFrameHeader(const FrameHeader& header, absl::Span<uint8_t> out);

}  // namespace ovoc::frame

#endif  // OVOC_FRAME_FRAME_HEADER_H_
