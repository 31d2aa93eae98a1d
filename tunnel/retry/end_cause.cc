// SPDX-License-Identifier: Apache-2.0
#include "tunnel/retry/end_cause.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::string_view kPayload = "ovoc/end_cause";  // one byte

}  // namespace

absl::Status WithCause(absl::Status why, EndCause cause) {
  if (cause == EndCause::kUnknown) {
    why.ErasePayload(kPayload);
    return why;
  }
  const std::string byte(1, static_cast<char>(cause));
  why.SetPayload(kPayload, absl::Cord(byte));
  return why;
}

EndCause CauseOf(const absl::Status& why) {
  const auto cause = why.GetPayload(kPayload);
  return cause.has_value() && cause->size() == 1
             ? static_cast<EndCause>(static_cast<uint8_t>((*cause)[0]))
             : EndCause::kUnknown;
}

}  // namespace ovoc::tunnel
