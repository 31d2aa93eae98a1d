// SPDX-License-Identifier: Apache-2.0
#include "frame/frame_error.h"

#include <array>
#include <cstddef>

namespace ovoc::frame {
namespace {

struct Row {
  FrameError error;
  CloseCode code;
  absl::string_view text;
};

// RFC 6455 7.4.1: 1002 for a broken rule, 1007 for data that is not what its
// type says, 1009 for a message too big to process.
constexpr std::array<Row, kFrameErrorCount> kRows = {{
    {FrameError::kNone, CloseCode::kNormal, "no error"},
    {FrameError::kReservedBits, CloseCode::kProtocolError,
     "RSV bits set without a negotiated extension (RFC 6455 5.2)"},
    {FrameError::kReservedOpcode, CloseCode::kProtocolError,
     "reserved opcode (RFC 6455 5.2)"},
    {FrameError::kMaskedFrame, CloseCode::kProtocolError,
     "server masked a frame (RFC 6455 5.1)"},
    {FrameError::kUnmaskedFrame, CloseCode::kProtocolError,
     "client sent a frame without a mask (RFC 6455 5.1)"},
    {FrameError::kFragmentedControl, CloseCode::kProtocolError,
     "control frame without FIN (RFC 6455 5.5)"},
    {FrameError::kControlTooLong, CloseCode::kProtocolError,
     "control frame of more than 125 octets (RFC 6455 5.5)"},
    {FrameError::kNonMinimalLength, CloseCode::kProtocolError,
     "length not in its shortest form (RFC 6455 5.2)"},
    {FrameError::kLengthTopBit, CloseCode::kProtocolError,
     "64-bit length with its highest bit set (RFC 6455 5.2)"},
    {FrameError::kLengthTooLarge, CloseCode::kMessageTooBig,
     "frame longer than our limit (RFC 6455 10.4)"},
    {FrameError::kMessageTooLarge, CloseCode::kMessageTooBig,
     "message longer than our limit (RFC 6455 10.4)"},
    {FrameError::kUnexpectedContinuation, CloseCode::kProtocolError,
     "continuation frame without a message to continue (RFC 6455 5.4)"},
    {FrameError::kExpectedContinuation, CloseCode::kProtocolError,
     "new message before the last one was finished (RFC 6455 5.4)"},
    {FrameError::kInvalidUtf8, CloseCode::kInvalidPayload,
     "text message is not UTF-8 (RFC 6455 8.1)"},
    {FrameError::kInvalidClosePayload, CloseCode::kProtocolError,
     "Close payload of one octet (RFC 6455 5.5.1)"},
    {FrameError::kInvalidCloseCode, CloseCode::kProtocolError,
     "Close code that may not be sent (RFC 6455 7.4)"},
    {FrameError::kInvalidCloseReason, CloseCode::kInvalidPayload,
     "Close reason is not UTF-8 (RFC 6455 8.1)"},
}};

constexpr bool RowsAreInOrder() {
  for (size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<size_t>(kRows[i].error) != i || kRows[i].text.empty()) {
      return false;
    }
  }
  return true;
}
static_assert(RowsAreInOrder(), "one row per FrameError, in its order");

}  // namespace

CloseCode CloseCodeFor(FrameError error) {
  return kRows[static_cast<size_t>(error)].code;
}

absl::string_view Describe(FrameError error) {
  return kRows[static_cast<size_t>(error)].text;
}

}  // namespace ovoc::frame
