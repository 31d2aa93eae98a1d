// SPDX-License-Identifier: Apache-2.0
//
// RFC 6455 5.4 on a list of frames at once: the plain assembler that the
// streaming one is compared with.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_MESSAGES_H_
#define OVOC_FUZZ_ORACLE_NAIVE_MESSAGES_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "frame/frame_counters.h"
#include "frame/frame_error.h"
#include "frame/frame_header.h"
#include "frame/message_reader.h"

namespace ovoc::fuzz {

struct NaiveMessage {
  frame::Opcode opcode = frame::Opcode::kBinary;
  std::vector<uint8_t> payload;  // Unmasked.
};

// NaiveMessages is everything that a MessageReader should say about a stream.
struct NaiveMessages {
  std::vector<NaiveMessage> messages;  // Those that came before the error.
  frame::FrameError error = frame::FrameError::kNone;
  frame::FrameCounters counters;  // Of frames and of messages.
  bool between_frames = false;
};

// ReadNaiveMessages reads a stream up to its end or the first broken rule.
NaiveMessages ReadNaiveMessages(absl::Span<const uint8_t> stream,
                                const frame::MessageReaderOptions& options);

// SaysTheSame is true when the reader has ended as it should, whatever messages
// it gave on the way.
bool SaysTheSame(const frame::MessageReader& reader,
                 const NaiveMessages& naive);

// NaiveCloseError is the rule that the payload of a Close frame breaks, or
// kNone. RFC 6455 5.5.1, 7.4, 8.1.
frame::FrameError NaiveCloseError(absl::Span<const uint8_t> payload);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_MESSAGES_H_
