// SPDX-License-Identifier: Apache-2.0
//
// Our DNS decoder against c-ares 1.18.

#ifndef OVOC_CONFORMANCE_DNS_TESTING_CARES_DIFFERENCE_H_
#define OVOC_CONFORMANCE_DNS_TESTING_CARES_DIFFERENCE_H_

#include <cstdint>

#include "absl/types/span.h"
#include "conformance/dns/testing/decoder_difference.h"

namespace ovoc::conformance {

// CompareWithCares compares our decoder with c-ares: the verdict on header,
// question and answer section, and the addresses with their lifetimes that
// answer a question for `type` (1 or 28).
Difference CompareWithCares(absl::Span<const uint8_t> message, uint16_t type);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_DNS_TESTING_CARES_DIFFERENCE_H_
