// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_FRAME_FRAME_ERROR_H_
#define OVOC_FRAME_FRAME_ERROR_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "frame/close_code.h"

namespace ovoc::frame {

// FrameError is the rule of RFC 6455 that a peer broke. The first one is kept
// and decides how the connection fails.
enum class FrameError : uint8_t {
  kNone,
  kReservedBits,            // RSV bits although no extension is negotiated.
  kReservedOpcode,          // 3..7 or 11..15.
  kMaskedFrame,             // A server masked a frame.
  kUnmaskedFrame,           // A client did not mask a frame.
  kFragmentedControl,       // A control frame without FIN.
  kControlTooLong,          // A control frame above 125 octets.
  kNonMinimalLength,        // A length in a longer form than it needs.
  kLengthTopBit,            // A 64-bit length of 2^63 or more.
  kLengthTooLarge,          // A frame above our limit.
  kMessageTooLarge,         // A message above our limit.
  kUnexpectedContinuation,  // A continuation of nothing.
  kExpectedContinuation,    // A new message inside an unfinished one.
  kInvalidUtf8,             // A text message that is not UTF-8.
  kInvalidClosePayload,     // A Close payload of one octet.
  kInvalidCloseCode,        // A Close code that may not be on the wire.
  kInvalidCloseReason,      // A Close reason that is not UTF-8.
};

inline constexpr int kFrameErrorCount = 17;  // kNone included.

// CloseCodeFor is the code to close with: 1002, 1007 or 1009; 1000 for kNone.
// RFC 6455 7.4.1.
CloseCode CloseCodeFor(FrameError error);

// Describe says which rule was broken and where the RFC states it. It contains
// nothing that the peer sent: "server masked a frame (RFC 6455 5.1)".
absl::string_view Describe(FrameError error);

}  // namespace ovoc::frame

#endif  // OVOC_FRAME_FRAME_ERROR_H_
