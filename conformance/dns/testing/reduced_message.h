// SPDX-License-Identifier: Apache-2.0
//
// A message without what one of two decoders does not look at.

#ifndef OVOC_CONFORMANCE_DNS_TESTING_REDUCED_MESSAGE_H_
#define OVOC_CONFORMANCE_DNS_TESTING_REDUCED_MESSAGE_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace ovoc::conformance {

// WithoutOtherTypes: what ours does not look at is made a private type's (RFC
// 6895 3.1); all else stays, and so does the length.
std::vector<uint8_t> WithoutOtherTypes(absl::Span<const uint8_t> message);

// WithoutOtherSections: the header, the questions and the answers; the counts
// of the two other sections are made zero.
std::vector<uint8_t> WithoutOtherSections(absl::Span<const uint8_t> message);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_DNS_TESTING_REDUCED_MESSAGE_H_
