// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_DNS_TESTING_CARES_DECODER_H_
#define OVOC_CONFORMANCE_DNS_TESTING_CARES_DECODER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"

namespace ovoc::conformance {

struct CaresAddress {
  std::vector<uint8_t> bytes;  // 4 or 16, network order
  int ttl = 0;                 // seconds; negative for 2^31 and more

  friend bool operator==(const CaresAddress&, const CaresAddress&) = default;
};

struct CaresVerdict {
  std::string error;  // empty: the answer is well-formed, with records or none
  std::vector<CaresAddress> addresses;
};

// DecodeWithCares is what c-ares makes of the answer to a question for type 1
// (A) or 28 (AAAA): the addresses at the end of its CNAMEs.
CaresVerdict DecodeWithCares(absl::Span<const uint8_t> message, uint16_t type);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_DNS_TESTING_CARES_DECODER_H_
