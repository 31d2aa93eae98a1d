// SPDX-License-Identifier: Apache-2.0
#include "frame/close_code.h"

#include <algorithm>

#include "frame/utf8.h"

namespace ovoc::frame {
namespace {

absl::Span<const uint8_t> AsBytes(absl::string_view text) {
  return absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()),
                             text.size());
}

absl::string_view AsText(absl::Span<const uint8_t> bytes) {
  return absl::string_view(reinterpret_cast<const char*>(bytes.data()),
                           bytes.size());
}

bool IsUtf8(absl::Span<const uint8_t> text) {
  Utf8Validator validator;
  return validator.Add(text) && validator.Complete();
}

// True for the second and later octets of a character, RFC 3629 3.
bool IsTail(char octet) { return (static_cast<uint8_t>(octet) & 0xC0) == 0x80; }

// The longest beginning of `reason` that ends between characters and has at
// most `limit` octets; empty when the reason is not UTF-8.
absl::string_view FitReason(absl::string_view reason, size_t limit) {
  size_t size = std::min(reason.size(), limit);
  while (size > 0 && size < reason.size() && IsTail(reason[size])) {
    --size;
  }
  const absl::string_view fit = reason.substr(0, size);
  return IsUtf8(AsBytes(fit)) ? fit : absl::string_view();
}

}  // namespace

bool IsValidReceivedCloseCode(uint16_t code) {
  // RFC 6455 7.4.1 MUST NOT: 1005, 1006 and 1015 in a Close frame.
  // 1004 is reserved there; 0..999 are unused and 1016..2999 are for a future
  // revision of the protocol, which nobody has negotiated (7.4.2).
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
         (code >= 3000 && code <= 4999);
}

ClosePayloadResult ParseClosePayload(absl::Span<const uint8_t> payload,
                                     ClosePayload* close) {
  if (payload.empty()) {
    *close = ClosePayload();
    return ClosePayloadResult::kOk;
  }
  // RFC 6455 5.5.1 MUST: a Close body begins with a code of two octets.
  if (payload.size() < kCloseCodeBytes) {
    return ClosePayloadResult::kTruncatedCode;
  }
  const uint16_t code = static_cast<uint16_t>((payload[0] << 8) | payload[1]);
  if (!IsValidReceivedCloseCode(code)) {
    return ClosePayloadResult::kInvalidCode;
  }
  const absl::Span<const uint8_t> reason = payload.subspan(kCloseCodeBytes);
  // RFC 6455 8.1 MUST: fail on a Close reason that is not UTF-8.
  if (!IsUtf8(reason)) {
    return ClosePayloadResult::kInvalidReason;
  }
  *close = ClosePayload{static_cast<CloseCode>(code), AsText(reason)};
  return ClosePayloadResult::kOk;
}

size_t EncodeClosePayload(CloseCode code, absl::string_view reason,
                          absl::Span<uint8_t> out) {
  const uint16_t value = static_cast<uint16_t>(code);
  if (!IsValidReceivedCloseCode(value) || out.size() < kCloseCodeBytes) {
    return 0;
  }
  out[0] = static_cast<uint8_t>(value >> 8);
  out[1] = static_cast<uint8_t>(value & 0xFF);
  const absl::Span<uint8_t> rest = out.subspan(kCloseCodeBytes);
  const absl::string_view fit =
      FitReason(reason, std::min(rest.size(), kMaxCloseReasonBytes));
  std::copy(fit.begin(), fit.end(), rest.begin());
  return kCloseCodeBytes + fit.size();
}

}  // namespace ovoc::frame
