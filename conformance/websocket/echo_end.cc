// SPDX-License-Identifier: Apache-2.0
#include "conformance/websocket/echo_end.h"

#include <cstdint>

#include "absl/strings/str_cat.h"

namespace ovoc::conformance {
namespace {

std::string WithCode(absl::string_view text, frame::CloseCode code) {
  if (code == frame::CloseCode::kNoStatus) {
    return absl::StrCat(text, ", no code");
  }
  return absl::StrCat(text, ", code ", static_cast<uint16_t>(code));
}

std::string Text(const EchoEnd& end) {
  switch (end.reason) {
    case EchoEnd::Reason::kStreamEnd:
      return "the stream ended without a Close";
    case EchoEnd::Reason::kServerClosed:
      return WithCode("closed by the server", end.code);
    case EchoEnd::Reason::kWeClosed:
      return WithCode("closed by us", end.code);
    case EchoEnd::Reason::kBrokenRule:
      return WithCode(absl::StrCat("failed by us: ", Describe(end.error)),
                      end.code);
    case EchoEnd::Reason::kTimeout:
      return "given up";
    case EchoEnd::Reason::kRefused:
      return "not opened";
    case EchoEnd::Reason::kNotConnected:
      break;
  }
  return "not connected";
}

}  // namespace

std::string Describe(const EchoEnd& end) {
  return end.detail.ok()
             ? Text(end)
             : absl::StrCat(Text(end), " (", end.detail.message(), ")");
}

}  // namespace ovoc::conformance
