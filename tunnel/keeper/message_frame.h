// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_MESSAGE_FRAME_H_
#define OVOC_TUNNEL_KEEPER_MESSAGE_FRAME_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::tunnel {

// In front of the fields: the kind (1 byte) and their length (2 bytes).
inline constexpr size_t kFrameHeadBytes = 3;

// MessageFrame is a message of which only the fields are still to be read.
struct MessageFrame {
  size_t kind;
  absl::Span<const uint8_t> fields;
};

// InvalidArgument: `what` is wrong with a message.
absl::Status MalformedMessage(absl::string_view what);

// OpenFrame takes a datagram of exactly `message_bytes` whose bytes behind the
// fields are 0; else it is a MalformedMessage.
absl::StatusOr<MessageFrame> OpenFrame(absl::Span<const uint8_t> bytes,
                                       size_t message_bytes);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_MESSAGE_FRAME_H_
