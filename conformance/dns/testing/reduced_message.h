// SPDX-License-Identifier: Apache-2.0
//
// A message without the parts that one of two decoders ignores.

#ifndef OVOC_CONFORMANCE_DNS_TESTING_REDUCED_MESSAGE_H_
#define OVOC_CONFORMANCE_DNS_TESTING_REDUCED_MESSAGE_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace ovoc::conformance {

// WithoutOtherTypes: gives records that our decoder does not look at a private
// type (RFC 6895 3.1). Everything else stays, including the length.
std::vector<uint8_t> WithoutOtherTypes(absl::Span<const uint8_t> message);

// WithoutOtherSections: the header, the questions and the answers; the counts
// of the two other sections are made zero.
std::vector<uint8_t> WithoutOtherSections(absl::Span<const uint8_t> message);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_DNS_TESTING_REDUCED_MESSAGE_H_
