// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/messages/message_frame.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tunnel/keeper/messages/message_fields.h"

namespace ovoc::tunnel {

absl::Status MalformedMessage(absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("message between keeper and worker: ", what));
}

absl::StatusOr<MessageFrame> OpenFrame(absl::Span<const uint8_t> bytes,
                                       size_t message_bytes) {
  if (bytes.size() != message_bytes) {
    return MalformedMessage(absl::StrCat("it has ", bytes.size(),
                                         " bytes instead of ", message_bytes));
  }
  FieldReader head(bytes.first(kFrameHeadBytes));
  const size_t kind = head.Number(1);
  const size_t size = head.Number(2);
  const absl::Span<const uint8_t> rest = bytes.subspan(kFrameHeadBytes);
  if (size > rest.size()) {
    return MalformedMessage(
        absl::StrCat("there is no room for fields of ", size, " bytes"));
  }
  const absl::Span<const uint8_t> padding = rest.subspan(size);
  if (std::any_of(padding.begin(), padding.end(),
                  [](uint8_t byte) { return byte != 0; })) {
    return MalformedMessage("there are bytes after the fields");
  }
  return MessageFrame{kind, rest.first(size)};
}

}  // namespace ovoc::tunnel
