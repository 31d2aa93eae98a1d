// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_FRAME_CLOSE_CODE_H_
#define OVOC_FRAME_CLOSE_CODE_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::frame {

// CloseCode is the status code of a Close frame, from RFC 6455 7.4.1 and the
// IANA registry that this section created. 3000..4999 are valid too, but have
// no names here.
enum class CloseCode : uint16_t {
  kNormal = 1000,
  kGoingAway = 1001,
  kProtocolError = 1002,
  kUnsupportedData = 1003,
  kNoStatus = 1005,  // Never sent: stands for a Close frame without a code.
  kAbnormal = 1006,  // Never sent: the connection ended without a Close frame.
  kInvalidPayload = 1007,
  kPolicyViolation = 1008,
  kMessageTooBig = 1009,
  kMandatoryExtension = 1010,
  kInternalError = 1011,
  kServiceRestart = 1012,  // Registered with IANA after the RFC.
  kTryAgainLater = 1013,   // Registered with IANA after the RFC.
  kBadGateway = 1014,      // Registered with IANA after the RFC.
  kTlsHandshake = 1015,    // Never sent: the TLS handshake failed.
};

// IsValidReceivedCloseCode is true for the codes that a Close frame may carry:
// 1000..1003, 1007..1014 and 3000..4999. RFC 6455 7.4.
bool IsValidReceivedCloseCode(uint16_t code);

// Whether the payload of a Close frame follows the rules, or the first rule
// that it breaks.
enum class ClosePayloadResult {
  kOk,
  kTruncatedCode,  // One octet: a body begins with a code of two octets.
  kInvalidCode,    // A code that may not be on the wire.
  kInvalidReason,  // The reason is not UTF-8.
};

struct ClosePayload {
  CloseCode code = CloseCode::kNoStatus;  // kNoStatus: the payload was empty.
  absl::string_view reason;  // A view of the payload; for logs, not trusted.
};

// ParseClosePayload reads the (unmasked) payload of a Close frame. `close` is
// written only with kOk. RFC 6455 5.5.1, 7.4, 8.1.
[[nodiscard]] ClosePayloadResult ParseClosePayload(
    absl::Span<const uint8_t> payload, ClosePayload* close);

inline constexpr size_t kCloseCodeBytes = 2;  // RFC 6455 5.5.1

// RFC 6455 5.5: the 125 octets of a control frame, less the code.
inline constexpr size_t kMaxCloseReasonBytes = 123;

// EncodeClosePayload writes code and reason to `out` and returns the number of
// octets, 0 or 2..125. 0 means that the payload is empty, because `code` may
// not be sent (kNoStatus is the usual way to ask for that), or because `out`
// has no room. A reason that does not fit is cut at the end of a character. A
// reason that is not UTF-8 is left out.
size_t EncodeClosePayload(CloseCode code, absl::string_view reason,
                          absl::Span<uint8_t> out);

}  // namespace ovoc::frame

#endif  // OVOC_FRAME_CLOSE_CODE_H_
