// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_DNS_DECODE_VERDICT_H_
#define OVOC_CONFORMANCE_DNS_DECODE_VERDICT_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/types/span.h"

namespace ovoc::conformance {

// The longest DNS message: TCP has two bytes for its length (RFC 1035 4.2.2).
inline constexpr size_t kMaxDnsMessageBytes = 65535;

// DecodeVerdict is what our decoder says about a whole DNS message: "ok", or
// "malformed: " and the first rule that it breaks. A message longer than
// kMaxDnsMessageBytes is malformed; one byte more is enough to show that.
std::string DecodeVerdict(absl::Span<const uint8_t> message);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_DNS_DECODE_VERDICT_H_
