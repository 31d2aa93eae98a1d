// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/close_frame.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "frame/frame_header.h"

namespace ovoc::tunnel {
namespace {

constexpr size_t kCloseCodeBytes = 2;  // RFC 6455 5.5.1

}  // namespace

void WriteClose(frame::CloseCode code, FrameQueue* output) {
  std::array<uint8_t, kCloseCodeBytes> payload;
  frame::EncodeClosePayload(code, "", absl::MakeSpan(payload));
  output->WriteControl(frame::Opcode::kClose, payload);
}

// RFC 6455 5.5.1 MUST: a Close is answered with a Close, unless one was sent.
End AnswerClose(absl::Span<const uint8_t> payload, FrameQueue* output) {
  output->WriteControl(
      frame::Opcode::kClose,
      payload.first(std::min(payload.size(), kCloseCodeBytes)));
  // RFC 6455 5.5.1 MUST NOT: the reason in a Close is shown to users
  frame::ClosePayload close;  // 1005, no status, when there is no code
  (void)frame::ParseClosePayload(payload, &close);  // the reader has checked it
  return {EndReason::kClosedByPeer,
          absl::UnavailableError(
              absl::StrCat("Close ", static_cast<int>(close.code)))};
}

}  // namespace ovoc::tunnel
