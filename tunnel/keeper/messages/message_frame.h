// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_MESSAGES_MESSAGE_FRAME_H_
#define OVOC_TUNNEL_KEEPER_MESSAGES_MESSAGE_FRAME_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::tunnel {

// The bytes before the fields: the kind (1 byte) and the length of the fields
// (2 bytes).
inline constexpr size_t kFrameHeadBytes = 3;

// MessageFrame is a message whose fields have not been read yet.
struct MessageFrame {
  size_t kind;
  absl::Span<const uint8_t> fields;
};

// MalformedMessage is an InvalidArgument error. `what` says what is wrong with
// the message.
absl::Status MalformedMessage(absl::string_view what);

// OpenFrame takes a datagram apart. It must have exactly `message_bytes`, and
// only zeros after the fields. Otherwise the error is a MalformedMessage.
absl::StatusOr<MessageFrame> OpenFrame(absl::Span<const uint8_t> bytes,
                                       size_t message_bytes);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_MESSAGES_MESSAGE_FRAME_H_
